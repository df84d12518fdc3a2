package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.StartingPoint;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which cluster this is, and which topics there are now. A topic that was deleted and created again has the same name and
 * another id; offsets of the one mean nothing in the other.
 */
public final class TopicLog {
    private static final int SECONDS = 15;

    /** A topic as the broker describes it. */
    public record Described(UUID id, int partitions) {}

    /** What the broker said at one moment: topics that exist, and the first offset of their partitions. */
    record Seen(Map<String, Described> topics, Map<TopicPartition, Long> begins) {}

    private final Admin admin;
    private volatile Seen lastSeen = new Seen(Map.of(), Map.of());

    public TopicLog(Admin admin) {
        this.admin = admin;
    }

    /** What the latest {@link #look} found; another object only where something changed. */
    Seen lastSeen() {
        return lastSeen;
    }

    /** @throws KafkaException where the broker cannot be asked */
    public String clusterId() {
        String id = get(admin.describeCluster().clusterId());
        if (id == null) {
            throw new KafkaException("The broker did not say which cluster it belongs to");
        }
        return id;
    }

    /**
     * Describes the topics that exist; the others are missing from the answer.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    public Map<String, Described> describe(Collection<String> topics) {
        Map<String, Described> described = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((name, future) -> ifThere(future)
                .ifPresent(topic -> described.put(name, described(topic))));
        return described;
    }

    /**
     * Describes the topics, and keeps the answer for {@link #lastSeen}.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    public Map<String, Described> look(Collection<String> topics) {
        Map<String, Described> described = describe(topics);
        var seen = new Seen(described, offsets(described, OffsetSpec.earliest()));
        if (!seen.equals(lastSeen)) {
            lastSeen = seen;
        }
        return described;
    }

    /** The partitions of topics of current state that exist, by topic and number. */
    public Map<String, Map<Integer, StartingPoint.Log>> logs(Collection<String> topics) {
        Map<String, Described> described = describe(topics);
        Map<TopicPartition, Long> begins = offsets(described, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(described, OffsetSpec.latest());
        Map<String, Map<Integer, StartingPoint.Log>> logs = new HashMap<>();
        ends.forEach((partition, end) -> logs.computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(
                        partition.partition(),
                        new StartingPoint.Log(
                                described.get(partition.topic()).id(),
                                described.get(partition.topic()).partitions(),
                                begins.get(partition),
                                end,
                                false,
                                true)));
        return logs;
    }

    /**
     * For how long the topics keep tombstones now ({@code delete.retention.ms}). Topics whose settings may not be read are
     * missing, like those that do not exist.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    Map<String, Duration> tombstonesStay(Collection<String> topics) {
        Map<String, Duration> stay = new HashMap<>();
        List<ConfigResource> asked = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        admin.describeConfigs(asked).values().forEach((topic, future) -> {
            try {
                ConfigEntry entry = get(future).get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
                if (entry != null && entry.value() != null) {
                    stay.put(topic.name(), Duration.ofMillis(Long.parseLong(entry.value())));
                }
            } catch (KafkaException e) {
                if (!(e.getCause() instanceof AuthorizationException
                        || e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        });
        return stay;
    }

    /** First or last offsets, as readers of committed records see them, of the partitions that there are. */
    Map<TopicPartition, Long> offsets(Map<String, Described> topics, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        topics.forEach((name, topic) -> {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                asked.put(new TopicPartition(name, partition), which);
            }
        });
        ListOffsetsResult answer = admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        asked.keySet().forEach(partition -> ifThere(answer.partitionResult(partition))
                .ifPresent(offset -> offsets.put(partition, offset.offset())));
        return offsets;
    }

    /** Empty where the topic is not there: it may be deleted between two questions. */
    private static <T> Optional<T> ifThere(KafkaFuture<T> future) {
        try {
            return Optional.of(get(future));
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("Topics cannot be described: " + e.getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Topics cannot be described within " + SECONDS + " s", e);
        }
    }

    private static Described described(TopicDescription topic) {
        Uuid id = topic.topicId();
        return new Described(
                new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                topic.partitions().size());
    }
}
