package dev.kandjistream.posture.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where the topics end, asked now and then without waiting for the answer. A consumer that polls a broker that is gone says
 * nothing of it, so whether the view is up to date is told by this; and so is whether a topic was created anew: its name is the
 * same then, its id is not, and offsets mean something else.
 */
final class LogEnds {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Admin admin;
    private final List<String> topics;
    private final String optional;

    private volatile Seen latest;
    private volatile Throwable fault;
    private volatile boolean asking;
    private volatile boolean optionalSeen;
    private long askedAt;

    /**
     * One answer.
     *
     * @param askedAt {@link System#nanoTime} before asking: what was there then lies before the ends
     * @param topicIds by name
     * @param ends offset after the last record that committed readers may see
     */
    record Seen(long askedAt, Map<String, Uuid> topicIds, Map<TopicPartition, Long> ends) {

        /** Whether offsets then and offsets now mean the same, and there are none besides. */
        boolean isOfSameLogs(Seen other) {
            return topicIds.equals(other.topicIds) && ends.keySet().equals(other.ends.keySet());
        }
    }

    /**
     * @param topics that must exist
     * @param optional a topic that may be missing until it was seen once
     */
    LogEnds(Admin admin, List<String> topics, String optional) {
        this.admin = admin;
        this.topics = Stream.concat(topics.stream(), Stream.of(optional)).toList();
        this.optional = optional;
        this.askedAt = System.nanoTime() - EVERY.toNanos();
    }

    /** Asks, unless it was asked a moment ago or the answer is awaited still. For one thread. */
    void look() {
        long now = System.nanoTime();
        if (!asking && now - askedAt >= EVERY.toNanos()) {
            asking = true;
            askedAt = now;
            describe(now);
        }
    }

    /** Empty before the first answer. */
    Optional<Seen> latest() {
        return Optional.ofNullable(latest);
    }

    /** Why the latest question had no answer; empty where it had. */
    Optional<Throwable> fault() {
        return Optional.ofNullable(fault);
    }

    private void describe(long askedAt) {
        Map<String, TopicDescription> described = new ConcurrentHashMap<>();
        CompletableFuture<?>[] answers = admin.describeTopics(topics).topicNameValues().entrySet().stream()
                .map(asked -> asked.getValue()
                        .toCompletionStage()
                        .thenAccept(topic -> described.put(asked.getKey(), topic))
                        .exceptionally(failure -> missing(asked.getKey(), cause(failure)))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        answered(CompletableFuture.allOf(answers), nothing -> {
            optionalSeen |= described.containsKey(optional);
            askEnds(askedAt, described);
        });
    }

    /** @return null if the topic may be missing */
    private Void missing(String topic, Throwable failure) {
        if (failure instanceof UnknownTopicOrPartitionException) {
            if (topic.equals(optional) && !optionalSeen) {
                return null;
            }
            throw new KafkaException("topic " + topic + " does not exist; the poller creates it at its start", failure);
        }
        if (failure instanceof AuthorizationException) {
            throw new KafkaException("not authorized to read topic " + topic + "; grant READ on it", failure);
        }
        throw failure instanceof RuntimeException known ? known : new KafkaException(failure);
    }

    private void askEnds(long askedAt, Map<String, TopicDescription> described) {
        Map<String, Uuid> ids = new HashMap<>();
        described.forEach((name, topic) -> ids.put(name, topic.topicId()));
        Map<TopicPartition, OffsetSpec> wanted = described.values().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions().size())
                        .mapToObj(number -> new TopicPartition(topic.name(), number)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        answered(
                admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all()
                        .toCompletionStage(),
                ends -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    ends.forEach((partition, end) -> offsets.put(partition, end.offset()));
                    latest = new Seen(askedAt, ids, offsets);
                    fault = null;
                    asking = false;
                });
    }

    private interface Use<T> {
        void of(T answer);
    }

    /** Runs on the admin client's thread, which swallows what is thrown. */
    private <T> void answered(CompletionStage<T> question, Use<T> use) {
        question.whenComplete((answer, failure) -> {
            try {
                if (failure == null) {
                    use.of(answer);
                    return;
                }
                fault = cause(failure);
            } catch (RuntimeException e) {
                fault = e;
            }
            asking = false;
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** How many records lie between positions and ends, null records and marks of transactions counted. */
    static long between(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
