package dev.kandjistream.standalone.run;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sweeps under way, by what pollers told within the last minute. */
public final class RunningSweeps {
    /** Who has been silent for longer is not known to run. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private RunningSweeps() {}

    /**
     * By account and kind, in this order; empty where nobody tells, as pollers of older versions do not.
     *
     * @param accounts empty: all
     * @throws org.apache.kafka.common.KafkaException when broker or registry cannot be asked
     */
    public static List<SweepProgress> read(
            Topics topics, Map<String, Object> clientProperties, Set<String> accounts, Instant now) {
        String topic = topics.progress().name();
        var last = new TreeMap<String, byte[]>();
        try (var log = new CommittedLog(topic, clientProperties);
                var values = AvroSerdes.deserializer(topics.progress(), clientProperties)) {
            Map<Integer, Long> end = log.end();
            var from = new HashMap<>(end);
            // Twice the time, since clocks differ.
            log.younger(FRESH.multipliedBy(2)).forEach((partition, offset) -> from.merge(partition, offset, Math::min));
            log.read(from, end, last::put);
            return last.values().stream()
                    .filter(value -> value != null)
                    .map(value -> values.deserialize(topic, value))
                    .filter(progress -> progress.getEndedAt() == null)
                    .filter(progress -> progress.getToldAt().isAfter(now.minus(FRESH)))
                    .filter(progress -> accounts.isEmpty() || accounts.contains(progress.getAccountId()))
                    .toList();
        }
    }
}
