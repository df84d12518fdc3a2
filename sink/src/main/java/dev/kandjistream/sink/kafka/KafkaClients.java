package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the Kafka clients of the sink. Values stay bytes: what cannot be decoded must reach the dead letters as received. */
public final class KafkaClients {
    private static final int FETCH_BYTES = 32 * 1024 * 1024;
    /** Not a limit of records: a larger one comes alone. */
    private static final int PARTITION_FETCH_BYTES = 4 * 1024 * 1024;

    /** For one question to the broker, unless configured otherwise; it is asked again. */
    private static final int API_TIMEOUT_MS = 10_000;

    private static final int MAX_POLL_INTERVAL_MS = 600_000;
    /** How soon added partitions are noticed. */
    private static final int METADATA_AGE_MS = 30_000;

    private final Topics topics;
    private final Map<String, Object> properties;
    private final int batchRecords;

    /** @param kafka as the service's configuration has it; what is meant for the registry is left out */
    public KafkaClients(Topics topics, Map<String, Object> kafka, int batchRecords) {
        this.topics = topics;
        this.batchRecords = batchRecords;
        properties = new HashMap<>(kafka);
        properties.keySet().removeIf(KafkaClients::isOfSerdes);
    }

    public Admin admin() {
        Map<String, Object> admin = new HashMap<>(properties);
        admin.put(AdminClientConfig.CLIENT_ID_CONFIG, topics.sinkGroup() + "-admin");
        admin.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        admin.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        return Admin.create(admin);
    }

    /** A member of the sink's group. */
    Consumer<byte[], byte[]> member(int number) {
        Map<String, Object> consumer = reader(topics.sinkGroup() + "-" + number);
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, topics.sinkGroup());
        // Half of every topic to each of two, and no memory of who had what: positions come from the database anyway,
        // so
        // there is nothing to keep together. (The cooperative sticky one throws where a recreated topic has fewer
        // partitions.)
        consumer.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batchRecords);
        consumer.put(
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                Math.max(FETCH_BYTES, RecordLimits.requestBytes(topics.maxRecordBytes())));
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        consumer.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MS);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A reader of committed records, in no group. */
    public Consumer<byte[], byte[]> probe() {
        Map<String, Object> consumer = reader(topics.sinkGroup() + "-probe");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Reads partitions to their end, in no group. */
    Consumer<byte[], byte[]> scanner() {
        Map<String, Object> consumer = reader(topics.sinkGroup() + "-scanner");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batchRecords);
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    DeadLetters deadLetters() {
        return new DeadLetters(topics, properties);
    }

    private Map<String, Object> reader(String clientId) {
        Map<String, Object> consumer = new HashMap<>(properties);
        consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return consumer;
    }

    private static boolean isOfSerdes(String property) {
        return property.startsWith("schema.registry.")
                || property.startsWith("basic.auth.")
                || property.startsWith("auto.register.")
                || property.startsWith("use.latest.")
                || property.equals("value.serializer")
                || property.equals("value.deserializer");
    }
}
