package dev.kandjistream.sink.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** The keys that a topic holds a state of: those whose last committed record is no tombstone. Values are not decoded. */
public final class TopicKeys {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;

    /**
     * What a partition holds.
     *
     * @param keys as the database stores them
     * @param displaced records whose key belongs to another partition
     */
    public record Found(Set<String> keys, long displaced) {}

    public TopicKeys(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * Reads a partition from its beginning to where it ends now.
     *
     * @param partitions how many the topic has
     * @throws KafkaException where the broker does not answer
     */
    public Found of(String topic, int partition, int partitions) {
        var here = new TopicPartition(topic, partition);
        Set<String> keys = new HashSet<>();
        long displaced = 0;
        try (Consumer<byte[], byte[]> consumer = clients.scanner()) {
            consumer.assign(List.of(here));
            long end = consumer.endOffsets(List.of(here)).get(here);
            consumer.seek(here, consumer.beginningOffsets(List.of(here)).get(here));
            long heard = System.nanoTime();
            while (consumer.position(here) < end) {
                long before = consumer.position(here);
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    apply(record, keys);
                    displaced += isDisplaced(record, partitions) ? 1 : 0;
                }
                if (consumer.position(here) > before) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                    throw new KafkaException("No record of " + here + " came for " + PATIENCE.toSeconds() + " s");
                }
            }
        }
        return new Found(keys, displaced);
    }

    /** As producers choose partitions by default; another partitioner is not allowed in this pipeline. */
    private static boolean isDisplaced(ConsumerRecord<byte[], byte[]> record, int partitions) {
        return record.key() != null && Utils.toPositive(Utils.murmur2(record.key())) % partitions != record.partition();
    }

    private static void apply(ConsumerRecord<byte[], byte[]> record, Set<String> keys) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8).replace("\0", "");
        if (record.value() == null) {
            keys.remove(key);
        } else {
            keys.add(key);
        }
    }
}
