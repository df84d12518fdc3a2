package dev.kandjistream.standalone.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything that was ever committed to some topics, in order per partition; reads on where it stopped. */
public final class EventLog {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final List<String> topics;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final List<Logged> records = new ArrayList<>();

    EventLog(Collection<String> topics) {
        this.topics = List.copyOf(topics);
    }

    /**
     * Reads all logs to the end of what is committed now, with one consumer; broker and registry may have moved since the
     * last time.
     */
    static void readOn(List<EventLog> logs, Map<String, Object> clientProperties) {
        var avro = new PlainAvro((String) clientProperties.get("schema.registry.url"));
        var properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var logOf = new HashMap<TopicPartition, EventLog>();
            for (EventLog log : logs) {
                for (String topic : log.topics) {
                    consumer.partitionsFor(topic)
                            .forEach(info -> logOf.put(new TopicPartition(topic, info.partition()), log));
                }
            }
            consumer.assign(logOf.keySet());
            logOf.forEach((partition, log) -> consumer.seek(partition, log.next.getOrDefault(partition, 0L)));
            readToTheEnd(consumer, logOf, avro);
        }
    }

    private static void readToTheEnd(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, EventLog> logOf, PlainAvro avro) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(logOf.keySet());
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the topics' ends were not reached: " + ends);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                logOf.get(new TopicPartition(record.topic(), record.partition()))
                        .records
                        .add(logged(record, avro));
            }
        }
        logOf.forEach((partition, log) -> log.next.put(partition, consumer.position(partition)));
    }

    private static Logged logged(ConsumerRecord<byte[], byte[]> record, PlainAvro avro) {
        var headers = new TreeMap<String, String>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new Logged(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                new String(record.key(), StandardCharsets.UTF_8),
                headers,
                avro.read(record.value()));
    }

    public List<Logged> records() {
        return records;
    }

    /** How many records there are so far: to ask later what came after. */
    int mark() {
        return records.size();
    }

    /** Records since the mark, null records left out. */
    List<Logged> eventsSince(int mark) {
        return records.subList(mark, records.size()).stream()
                .filter(record -> !record.isNull())
                .toList();
    }

    public List<Logged> of(String topic) {
        return records.stream().filter(record -> record.topic().equals(topic)).toList();
    }

    /** The last value of each key; keys that end in a null record are left out. */
    static Map<String, Logged> last(List<Logged> records) {
        var last = new LinkedHashMap<String, Logged>();
        for (Logged record : records) {
            if (record.isNull()) {
                last.remove(record.key());
            } else {
                last.put(record.key(), record);
            }
        }
        return last;
    }
}
