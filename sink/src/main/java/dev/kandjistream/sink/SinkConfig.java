package dev.kandjistream.sink;

import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.UnreadableRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * @param topics the catalogue, which holds the prefix
 * @param kafka client properties: {@code bootstrap.servers}, security, {@code schema.registry.url} and its companions
 * @param jdbcUrl {@code jdbc:postgresql://host/db}; parameters of the driver may follow
 * @param user of the database; must own the schema {@code kandji} or be allowed to create it
 * @param password asked for each new connection; never printed
 * @param consumers threads that read and write side by side, 1 to 12; more instances may share the work just as well
 * @param batchRecords most records of one transaction, 1 to 100,000
 * @param nullRecordsStay for how long topics keep null records ({@code delete.retention.ms}): a sink that was away for longer
 *     rebuilds its current tables
 * @param replicationFactor of topics that are missing; -1: the broker's default
 * @param serialPlaceholders texts that count as no serial number; see {@link SerialNumbers}
 * @param unreadableInARow how many unreadable records of a topic in a row go to the dead letters before the sink stops
 * @param oneDirectory whether broker and database are embedded in one data directory: another cluster id then means that the
 *     broker's part was deleted, not that the sink reads another pipeline's topics
 */
public record SinkConfig(
        Topics topics,
        Map<String, Object> kafka,
        String jdbcUrl,
        String user,
        Supplier<Password> password,
        int consumers,
        int batchRecords,
        Duration nullRecordsStay,
        short replicationFactor,
        List<String> serialPlaceholders,
        int unreadableInARow,
        boolean oneDirectory) {

    public static final int DEFAULT_CONSUMERS = 2;
    public static final int DEFAULT_BATCH_RECORDS = 20_000;
    /** What the contract gives every compacted topic. */
    public static final Duration DEFAULT_NULL_RECORDS_STAY = Duration.ofDays(30);

    public SinkConfig {
        List<String> faults = new ArrayList<>();
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            faults.add("jdbcUrl must begin with jdbc:postgresql:, was " + withoutParameters(jdbcUrl));
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            faults.add("kafka must hold bootstrap.servers, holds " + kafka.keySet());
        }
        if (consumers < 1 || consumers > 12) {
            faults.add("consumers must be between 1 and 12, was " + consumers);
        }
        if (batchRecords < 1 || batchRecords > 100_000) {
            faults.add("batchRecords must be between 1 and 100000, was " + batchRecords);
        }
        if (nullRecordsStay.isNegative() || nullRecordsStay.isZero()) {
            faults.add("nullRecordsStay must be positive, was " + nullRecordsStay);
        }
        if (replicationFactor < -1 || replicationFactor == 0) {
            faults.add("replicationFactor must be -1 or at least 1, was " + replicationFactor);
        }
        if (unreadableInARow < 1) {
            faults.add("unreadableInARow must be at least 1, was " + unreadableInARow);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        Objects.requireNonNull(topics);
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        kafka = Map.copyOf(kafka);
        serialPlaceholders = List.copyOf(serialPlaceholders);
    }

    /** With the defaults for what follows. */
    public SinkConfig(
            Topics topics,
            Map<String, Object> kafka,
            String jdbcUrl,
            String user,
            Supplier<Password> password,
            int consumers,
            int batchRecords,
            Duration nullRecordsStay,
            short replicationFactor) {
        this(
                topics,
                kafka,
                jdbcUrl,
                user,
                password,
                consumers,
                batchRecords,
                nullRecordsStay,
                replicationFactor,
                SerialNumbers.DEFAULT_PLACEHOLDERS,
                UnreadableRun.DEFAULT_LIMIT,
                false);
    }

    /** With the defaults for everything that has one. */
    public SinkConfig(
            Topics topics, Map<String, Object> kafka, String jdbcUrl, String user, Supplier<Password> password) {
        this(
                topics,
                kafka,
                jdbcUrl,
                user,
                password,
                DEFAULT_CONSUMERS,
                DEFAULT_BATCH_RECORDS,
                DEFAULT_NULL_RECORDS_STAY,
                (short) -1);
    }

    /** Where the database is; parameters may hold secrets and are left out, as are Kafka's properties. */
    @Override
    public String toString() {
        return "SinkConfig[prefix=" + topics.prefix() + ", jdbcUrl=" + withoutParameters(jdbcUrl) + ", user=" + user
                + ", consumers=" + consumers + ", batchRecords=" + batchRecords + "]";
    }

    private static String withoutParameters(String url) {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
