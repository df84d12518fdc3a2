package dev.kandjistream.standalone.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Stretches of partitions as bytes, with their headers. Belongs to no group and stores nothing. */
final class BytesLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int RECORDS_A_POLL = 4;

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** @param isolation {@code read_committed}, or {@code read_uncommitted} to see also what may yet be aborted */
    BytesLog(Map<String, Object> clientProperties, String isolation) {
        var properties = new HashMap<>(clientProperties);
        properties.put("isolation.level", isolation);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", "false");
        properties.put("fetch.max.wait.ms", 20);
        // So many values are in memory at once, and a fetch of a megabyte may hold many that compress well.
        properties.put("max.poll.records", RECORDS_A_POLL);
        properties.remove("group.id");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Empty where there is no such topic. */
    List<TopicPartition> partitions(String topic) {
        var infos = consumer.partitionsFor(topic);
        return infos == null
                ? List.of()
                : infos.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
    }

    long beginning(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** Reads a partition from an offset, or from its beginning where that is later, to before another. */
    void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, Math.max(from, beginning(partition)));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long position = consumer.position(partition);
        while (position < to) {
            consumer.poll(POLL).forEach(record -> {
                if (record.offset() < to) {
                    reader.accept(record);
                }
            });
            long now = consumer.position(partition);
            if (now > position) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the topic could not be read to its end. partition=" + partition);
            }
            position = now;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
