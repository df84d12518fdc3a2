package dev.kandjistream.benchmarks;

import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The latest receipt of each kind. */
final class Receipts implements AutoCloseable {
    private final KafkaConsumer<String, SweepReceipt> consumer;
    private final String topic;
    private final Map<String, SweepReceipt> latest = new HashMap<>();

    Receipts(Surroundings surroundings, Topics topics) {
        Map<String, Object> properties = new HashMap<>(surroundings.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        topic = topics.sweeps().name();
        consumer = new KafkaConsumer<>(
                properties, new StringDeserializer(), AvroSerdes.deserializer(topics.sweeps(), properties));
    }

    /** Whether a devices and an apps sweep were read whole. */
    boolean bothComplete() {
        read();
        return List.of("devices", "apps").stream()
                .allMatch(kind -> latest.containsKey(kind)
                        && latest.get(kind).getVerdict().equals("COMPLETE"));
    }

    long appRows() {
        read();
        return latest.get("apps").getRows();
    }

    private void read() {
        if (consumer.assignment().isEmpty()) {
            if (consumer.partitionsFor(topic).isEmpty()) {
                return;
            }
            consumer.assign(List.of(new TopicPartition(topic, 0)));
        }
        consumer.poll(Duration.ofMillis(20))
                .forEach(record -> latest.put(record.value().getKind(), record.value()));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
