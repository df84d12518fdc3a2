package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The compacted topic in which the enricher stores what it must know about its raw topics at its next start: {@link SourceTopics}
 * and {@link LastRead} say what that is. For one thread.
 */
final class SourceRecords {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final Map<String, Object> kafka;

    SourceRecords(Topics topics, Map<String, Object> kafka) {
        topic = topics.enricherSources().name();
        this.kafka = kafka;
    }

    /**
     * All that is stored, the latest of each key.
     *
     * @throws KafkaException if the broker does not answer
     */
    Map<String, String> read() {
        var properties = new HashMap<>(kafka);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        var stored = new HashMap<String, String>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            var here = new TopicPartition(topic, 0);
            consumer.assign(List.of(here));
            consumer.seekToBeginning(List.of(here));
            long end = consumer.endOffsets(List.of(here), LIMIT).get(here);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (consumer.position(here, LIMIT) < end) {
                consumer.poll(POLL).forEach(record -> stored.put(record.key(), record.value()));
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("Topic " + topic + " could not be read to its end within " + LIMIT);
                }
            }
        }
        return stored;
    }

    /** @throws KafkaException if the broker does not answer */
    void write(Map<String, String> records) {
        var properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIMIT.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (var record : records.entrySet()) {
                InternalTopics.join(producer.send(new ProducerRecord<>(topic, 0, record.getKey(), record.getValue())));
            }
        }
    }
}
