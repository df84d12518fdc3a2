package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
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
 * Stores the ids of the raw topics that the offsets of the enricher's group belong to, in a compacted topic. If a raw topic is
 * deleted and created again while no enricher runs, it has the same name and other records. With the offsets of the former
 * topic, the enricher would skip records. Key: name of the topic, value: its id. For one thread.
 */
final class SourceTopics {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String memory;
    private final List<String> raw;
    private final Map<String, Object> kafka;

    SourceTopics(Topics topics, Map<String, Object> kafka) {
        memory = topics.enricherSources().name();
        raw = List.of(topics.rawDevices().name(), topics.rawApps().name());
        this.kafka = kafka;
    }

    /**
     * Raw topics whose id differs from the stored one, and the id that they have now. The id of a topic that has none stored is
     * stored now.
     *
     * @throws KafkaException if the broker does not answer
     */
    Map<String, String> replaced(Admin admin) {
        Map<String, String> before = stored();
        var replaced = new TreeMap<String, String>();
        present(admin).forEach((topic, id) -> {
            if (!before.containsKey(topic)) {
                store(Map.of(topic, id));
            } else if (!before.get(topic).equals(id)) {
                replaced.put(topic, id);
            }
        });
        return replaced;
    }

    private Map<String, String> present(Admin admin) {
        var ids = new HashMap<String, String>();
        InternalTopics.join(admin.describeTopics(raw).allTopicNames())
                .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
        return ids;
    }

    private Map<String, String> stored() {
        var properties = new HashMap<>(kafka);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        var ids = new HashMap<String, String>();
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            var here = new TopicPartition(memory, 0);
            consumer.assign(List.of(here));
            consumer.seekToBeginning(List.of(here));
            long end = consumer.endOffsets(List.of(here), LIMIT).get(here);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (consumer.position(here, LIMIT) < end) {
                consumer.poll(POLL).forEach(record -> ids.put(record.key(), record.value()));
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("Topic " + memory + " could not be read to its end within " + LIMIT);
                }
            }
        }
        return ids;
    }

    /** Stores ids of raw topics. Call it after the offsets of the former ones are deleted, with the ids that were seen before that. */
    void store(Map<String, String> ids) {
        var properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIMIT.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (var id : ids.entrySet()) {
                InternalTopics.join(producer.send(new ProducerRecord<>(memory, 0, id.getKey(), id.getValue())));
            }
        }
    }
}
