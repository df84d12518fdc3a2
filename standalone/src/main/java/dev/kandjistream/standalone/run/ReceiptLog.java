package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The receipts of a running pipeline, as any reader of committed records sees them. Reads the whole topic, thirty days of
 * receipts, and keeps the bytes of the last of each key.
 */
public final class ReceiptLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Topic<SweepReceipt> topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Deserializer<SweepReceipt> values;
    private final Map<String, byte[]> last = new TreeMap<>();

    /** Connects at the first question. */
    public ReceiptLog(Topics topics, Map<String, Object> clientProperties) {
        topic = topics.sweeps();
        values = AvroSerdes.deserializer(topic, clientProperties);
        var properties = new HashMap<>(clientProperties);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", "false");
        properties.remove("group.id");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The last receipt of each account and kind, in this order; empty where nothing was swept yet.
     *
     * @throws org.apache.kafka.common.KafkaException when broker or registry cannot be asked
     */
    public List<SweepReceipt> latest() {
        var infos = consumer.partitionsFor(topic.name());
        List<TopicPartition> partitions = infos == null
                ? List.of()
                : infos.stream()
                        .map(info -> new TopicPartition(topic.name(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        readTo(consumer.endOffsets(partitions));
        return last.values().stream().map(this::receipt).toList();
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            var records = consumer.poll(Duration.ofMillis(100));
            records.forEach(record -> {
                if (record.value() == null) {
                    last.remove(record.key());
                } else {
                    last.put(record.key(), record.value());
                }
            });
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the receipts could not be read to their end. topic=" + topic.name());
            }
        }
    }

    private SweepReceipt receipt(byte[] value) {
        return values.deserialize(topic.name(), value);
    }

    /**
     * The receipts that were written since the last question, {@link #latest} or this one.
     *
     * @param wait at most so long where there are none
     */
    public List<SweepReceipt> next(Duration wait) {
        var receipts = new ArrayList<SweepReceipt>();
        consumer.poll(wait).forEach(record -> {
            if (record.value() != null) {
                receipts.add(receipt(record.value()));
            }
        });
        return receipts;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
