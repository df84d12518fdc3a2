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

/** The keys that a topic holds a state of: those whose last committed record is no tombstone. Values are not decoded. */
public final class TopicKeys {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;

    public TopicKeys(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * Reads a partition from its beginning to where it ends now.
     *
     * @return keys as the database stores them
     * @throws KafkaException where the broker does not answer
     */
    public Set<String> of(String topic, int partition) {
        var here = new TopicPartition(topic, partition);
        Set<String> keys = new HashSet<>();
        try (Consumer<byte[], byte[]> consumer = clients.scanner()) {
            consumer.assign(List.of(here));
            long end = consumer.endOffsets(List.of(here)).get(here);
            consumer.seek(here, consumer.beginningOffsets(List.of(here)).get(here));
            long heard = System.nanoTime();
            while (consumer.position(here) < end) {
                long before = consumer.position(here);
                consumer.poll(POLL).forEach(record -> apply(record, keys));
                if (consumer.position(here) > before) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                    throw new KafkaException("No record of " + here + " came for " + PATIENCE.toSeconds() + " s");
                }
            }
        }
        return keys;
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
