package dev.kandjistream.standalone.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic as any reader of committed records sees it, at any place. Belongs to no group and stores nothing. */
final class CommittedLog implements LastOfEach.Log, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private Set<TopicPartition> partitions;

    /** Connects at the first question. */
    CommittedLog(String topic, Map<String, Object> clientProperties) {
        this.topic = topic;
        var properties = new HashMap<>(clientProperties);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", "false");
        // A fetch that waits at the end of the log holds up the one of the next stretch.
        properties.put("fetch.max.wait.ms", 20);
        // Half a million small records are read in one go.
        properties.put("max.poll.records", 20_000);
        properties.put("max.partition.fetch.bytes", 8 << 20);
        properties.remove("group.id");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private Set<TopicPartition> partitions() {
        if (partitions == null) {
            var infos = consumer.partitionsFor(topic);
            partitions = infos == null
                    ? Set.of()
                    : infos.stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .collect(Collectors.toSet());
            consumer.assign(partitions);
        }
        return partitions;
    }

    @Override
    public Map<Integer, Long> beginning() {
        return byPartition(consumer.beginningOffsets(partitions()));
    }

    @Override
    public Map<Integer, Long> end() {
        return byPartition(consumer.endOffsets(partitions()));
    }

    @Override
    public Map<Integer, Long> younger(Duration age) {
        long since = Instant.now().minus(age).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(
                partitions().stream().collect(Collectors.toMap(partition -> partition, partition -> since)));
        var offsets = new HashMap<Integer, Long>();
        first.forEach((partition, place) -> {
            if (place != null) {
                offsets.put(partition.partition(), place.offset());
            }
        });
        return offsets;
    }

    private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
        var byNumber = new HashMap<Integer, Long>();
        offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
        return byNumber;
    }

    @Override
    public void read(Map<Integer, Long> from, Map<Integer, Long> to, LastOfEach.Reader reader) {
        var unread = new HashSet<TopicPartition>();
        for (TopicPartition partition : partitions()) {
            if (from.get(partition.partition()) < to.get(partition.partition())) {
                unread.add(partition);
                consumer.seek(partition, from.get(partition.partition()));
            }
        }
        consumer.pause(partitions());
        consumer.resume(unread);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!unread.isEmpty()) {
            var records = consumer.poll(POLL);
            for (ConsumerRecord<String, byte[]> record : records) {
                if (record.key() != null && record.offset() < to.get(record.partition())) {
                    reader.record(record.key(), record.value());
                }
            }
            var read = unread.stream()
                    .filter(partition -> consumer.position(partition) >= to.get(partition.partition()))
                    .toList();
            consumer.pause(read);
            read.forEach(unread::remove);
            if (!records.isEmpty() || !read.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the topic could not be read to its end. topic=" + topic);
            }
        }
    }

    /** From now on {@link #next} tells what is written from there on. */
    void goTo(Map<Integer, Long> offsets) {
        offsets.forEach((partition, offset) -> consumer.seek(new TopicPartition(topic, partition), offset));
        consumer.resume(partitions());
    }

    /** @param wait at most so long where nothing was written */
    void next(Duration wait, Consumer<byte[]> values) {
        next(wait, (key, value) -> {
            if (value != null) {
                values.accept(value);
            }
        });
    }

    /** @param wait at most so long where nothing was written */
    void next(Duration wait, LastOfEach.Reader reader) {
        consumer.poll(wait).forEach(record -> reader.record(record.key(), record.value()));
    }

    /** How many partitions the topic has; 0 where it does not exist. */
    int size() {
        return partitions().size();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
