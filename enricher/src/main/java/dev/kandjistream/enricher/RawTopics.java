package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.RawKeys;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into the raw topics from outside of Kafka Streams. For one thread. */
final class RawTopics {
    private static final Logger LOG = LoggerFactory.getLogger(RawTopics.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofMinutes(1);

    private final String devices;
    private final String apps;
    private final Map<String, Object> kafka;

    RawTopics(Topics topics, Map<String, Object> kafka) {
        devices = topics.rawDevices().name();
        apps = topics.rawApps().name();
        this.kafka = kafka;
    }

    List<String> names() {
        return List.of(devices, apps);
    }

    /** Where each partition ends now; what is not committed yet is behind that. */
    Map<TopicPartition, Long> ends(Admin admin) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        InternalTopics.join(admin.describeTopics(names()).allTopicNames()).forEach((name, topic) -> topic.partitions()
                .forEach(partition -> asked.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
        // Not by a consumer: it warns of each partition that it is not assigned.
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return InternalTopics.join(admin.listOffsets(asked, options).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** What the group has read and committed, of these topics. */
    Map<TopicPartition, Long> committed(Admin admin, String group) {
        Map<TopicPartition, OffsetAndMetadata> all =
                InternalTopics.join(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return all.entrySet().stream()
                .filter(entry -> names().contains(entry.getKey().topic()) && Objects.nonNull(entry.getValue()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /**
     * Whether no record lies between the positions and the ends. Offsets alone do not say it: the marker of a transaction takes
     * one, too, and the group commits in front of it.
     */
    boolean isReadUpTo(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> behind = ends.entrySet().stream()
                .filter(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue())
                .collect(Collectors.toMap(Map.Entry::getKey, end -> positions.getOrDefault(end.getKey(), 0L)));
        if (behind.isEmpty()) {
            return true;
        }
        try (var consumer = consumer()) {
            consumer.assign(behind.keySet());
            behind.forEach(consumer::seek);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
                        return false;
                    }
                }
                if (behind.keySet().stream()
                        .allMatch(partition -> consumer.position(partition, LIMIT) >= ends.get(partition))) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * The keys that the topics hold, if they are complete: nothing was deleted from their beginning, and the group has not read
     * behind their end. Takes as long as reading the topics takes.
     *
     * @param positions of the group, which the keys are read for
     * @param devicesSpan readings of devices that have ended if {@code raw.devices} does not hold them
     * @param appsSpan the same of apps
     * @param stop ends this early, with nothing
     * @return empty where keys may be missing, or where this is to end
     * @throws KafkaException if the broker does not answer
     */
    Optional<RawKeys> keys(
            Admin admin,
            Map<TopicPartition, Long> positions,
            RawKeys.Span devicesSpan,
            RawKeys.Span appsSpan,
            CountDownLatch stop) {
        Set<Uuid> before = ids(admin);
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
            boolean complete = consumer.beginningOffsets(partitions, LIMIT).values().stream()
                            .allMatch(begin -> begin == 0)
                    && positions.entrySet().stream()
                            .allMatch(position -> position.getValue() <= ends.getOrDefault(position.getKey(), 0L));
            if (!complete) {
                LOG.atWarn()
                        .addKeyValue("topics", names())
                        .log("Raw topics lack records that they had. What ended while no enricher read them cannot be"
                                + " found: begin anew as docs/runbook.md says (The enricher was away for long)");
                return Optional.empty();
            }
            var keys = new RawKeys(devicesSpan, appsSpan);
            consumer.seekToBeginning(partitions);
            boolean read = readUpTo(ends, consumer, record -> add(keys, record), stop);
            if (!ids(admin).equals(before)) {
                throw new KafkaException("A raw topic was created again while its keys were read");
            }
            return Optional.of(keys).filter(all -> read);
        }
    }

    /** @return whether it has read all; not if it was stopped */
    private static boolean readUpTo(
            Map<TopicPartition, Long> ends,
            KafkaConsumer<byte[], byte[]> consumer,
            Consumer<ConsumerRecord<byte[], byte[]>> take,
            CountDownLatch stop) {
        long deadline = System.nanoTime() + STALLED.toNanos();
        while (ends.keySet().stream()
                .anyMatch(partition -> consumer.position(partition, LIMIT) < ends.get(partition))) {
            if (stop.getCount() == 0) {
                return false;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            records.forEach(take);
            deadline = records.isEmpty() ? deadline : System.nanoTime() + STALLED.toNanos();
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Raw topics gave no record for " + STALLED + " before their end");
            }
        }
        return true;
    }

    private Set<Uuid> ids(Admin admin) {
        return InternalTopics.join(admin.describeTopics(names()).allTopicNames()).values().stream()
                .map(TopicDescription::topicId)
                .collect(Collectors.toSet());
    }

    private void add(RawKeys keys, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null) {
            keys.add(record.topic().equals(apps), record.key(), record.value() != null);
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
        return Stream.of(devices, apps)
                .flatMap(topic -> consumer.partitionsFor(topic, LIMIT).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        var properties = new HashMap<>(kafka);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
