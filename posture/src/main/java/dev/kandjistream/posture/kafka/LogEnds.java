package dev.kandjistream.posture.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Where the topics end, asked now and then without waiting for the answer. A consumer that polls a broker that is gone says
 * nothing of it, so whether the view is up to date is told by this; and so is whether a topic was created anew: its name is the
 * same then, its id is not, and offsets mean something else.
 */
final class LogEnds {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Admin admin;
    private final List<String> topics;

    private volatile Seen latest;
    private volatile Throwable fault;
    private volatile boolean asking;
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

    LogEnds(Admin admin, List<String> topics) {
        this.admin = admin;
        this.topics = topics;
        this.askedAt = System.nanoTime() - EVERY.toNanos();
    }

    /** Asks, unless it was asked a moment ago or the answer is awaited still. For one thread. */
    void look() {
        long now = System.nanoTime();
        if (!asking && now - askedAt >= EVERY.toNanos()) {
            asking = true;
            askedAt = now;
            answered(admin.describeTopics(topics).allTopicNames(), described -> askEnds(now, described));
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

    private void askEnds(long askedAt, Map<String, TopicDescription> described) {
        Map<String, Uuid> ids = new HashMap<>();
        described.forEach((name, topic) -> ids.put(name, topic.topicId()));
        Map<TopicPartition, OffsetSpec> wanted = described.values().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions().size())
                        .mapToObj(number -> new TopicPartition(topic.name(), number)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        answered(
                admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all(),
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
    private <T> void answered(KafkaFuture<T> question, Use<T> use) {
        question.whenComplete((answer, failure) -> {
            try {
                if (failure == null) {
                    use.of(answer);
                    return;
                }
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                fault = wrapped ? failure.getCause() : failure;
            } catch (RuntimeException e) {
                fault = e;
            }
            asking = false;
        });
    }

    /** How many records lie between positions and ends, null records and marks of transactions counted. */
    static long between(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
