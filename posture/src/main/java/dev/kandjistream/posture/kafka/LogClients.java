package dev.kandjistream.posture.kafka;

import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the Kafka clients of the view: readers in no group. Values stay bytes, so that an unreadable one can be passed over. */
final class LogClients {
    private static final int FETCH_BYTES = 16 * 1024 * 1024;
    /** Not a limit of records: a larger one comes alone. */
    private static final int PARTITION_FETCH_BYTES = 2 * 1024 * 1024;

    private static final int RECORDS_A_POLL = 2_000;
    /** For one question to the broker, unless configured otherwise; it is asked again. */
    private static final int API_TIMEOUT_MS = 5_000;

    private final Map<String, Object> properties;
    private final String clientId;
    private final int fetchBytes;

    /** @param kafka as the service's configuration has it; what is meant for the registry is left out */
    LogClients(Topics topics, Map<String, ?> kafka) {
        properties = new HashMap<>(kafka);
        properties.keySet().removeIf(LogClients::isOfSerdes);
        clientId = topics.prefix() + "-posture-view";
        fetchBytes = Math.max(FETCH_BYTES, RecordLimits.requestBytes(topics.maxRecordBytes()));
    }

    Admin admin() {
        Map<String, Object> admin = new HashMap<>(properties);
        admin.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId + "-admin");
        admin.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        admin.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        return Admin.create(admin);
    }

    Consumer<byte[], byte[]> reader() {
        Map<String, Object> consumer = new HashMap<>(properties);
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
        consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
        consumer.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        consumer.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
