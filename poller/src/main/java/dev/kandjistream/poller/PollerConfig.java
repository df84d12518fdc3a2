package dev.kandjistream.poller;

import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a poller needs to know.
 *
 * @param kafka client properties: {@code bootstrap.servers}, security settings, {@code schema.registry.url} and its
 *     companions
 * @param accounts those that this poller polls when they are its own, one tenant at most once; and those removed
 * @param group how this poller shares the accounts with others of the same prefix
 * @param replicationFactor of topics that are missing; -1 for the broker's default
 * @param serialNumbers which texts are none
 */
public record PollerConfig(
        Topics topics,
        Map<String, Object> kafka,
        AccountList accounts,
        GroupSettings group,
        short replicationFactor,
        SerialNumbers serialNumbers) {

    /** Nothing was removed. */
    public PollerConfig(
            Topics topics,
            Map<String, Object> kafka,
            List<AccountConfig> accounts,
            GroupSettings group,
            short replicationFactor) {
        this(topics, kafka, new AccountList(accounts, List.of()), group, replicationFactor, SerialNumbers.defaults());
    }

    /** @throws IllegalArgumentException naming every fault */
    public PollerConfig {
        kafka = Map.copyOf(kafka);
        var faults = faults(kafka, accounts);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static List<String> faults(Map<String, Object> kafka, AccountList accounts) {
        var faults = new ArrayList<String>();
        for (String key : List.of("bootstrap.servers", "schema.registry.url")) {
            if (!kafka.containsKey(key)) {
                faults.add("expected " + key + " among the Kafka properties, found none");
            }
        }
        // Clients check this only when they are made, together with whether the name resolves, which may come later.
        for (String server :
                String.valueOf(kafka.getOrDefault("bootstrap.servers", "")).split(",")) {
            if (kafka.containsKey("bootstrap.servers")
                    && !server.strip().matches("(?:.*://)?(?:\\[[^]]+]|[^:]+):\\d{1,5}")) {
                faults.add("expected host:port in bootstrap.servers, found \"" + server.strip() + "\"");
            }
        }
        faults.addAll(accounts.faults());
        return faults;
    }
}
