package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Remembers which raw topics the group's offsets are positions in. A topic that is deleted and created again while no enricher
 * runs, or whose replacement one does not survive, has the same name and other records: with the former offsets, those before them
 * would never be read. Key: name of the topic, value: its id. For one thread.
 */
final class ReadTopics {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String memory;
    private final List<String> raw;
    private final Map<String, Object> kafka;

    ReadTopics(Topics topics, Map<String, Object> kafka) {
        memory = topics.enricherSources().name();
        raw = List.of(topics.rawDevices().name(), topics.rawApps().name());
        this.kafka = kafka;
    }

    /**
     * Raw topics that are others than those the offsets belong to. A topic of which nothing is remembered counts as the same, and is
     * remembered.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    Set<String> replaced(Admin admin) {
        Map<String, String> now = now(admin);
        Map<String, String> before = remembered();
        var replaced = new TreeSet<String>();
        now.forEach((topic, id) -> {
            if (!before.containsKey(topic)) {
                remember(Map.of(topic, id));
            } else if (!before.get(topic).equals(id)) {
                replaced.add(topic);
            }
        });
        return replaced;
    }

    /** From now on, offsets are positions in the topics that there are. To be called once there are no others. */
    void remember(Admin admin) {
        remember(now(admin));
    }

    private Map<String, String> now(Admin admin) {
        try {
            var ids = new HashMap<String, String>();
            admin.describeTopics(raw)
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
            return ids;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Map<String, String> remembered() {
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

    private void remember(Map<String, String> ids) {
        var properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIMIT.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (var id : ids.entrySet()) {
                producer.send(new ProducerRecord<>(memory, 0, id.getKey(), id.getValue()))
                        .get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
