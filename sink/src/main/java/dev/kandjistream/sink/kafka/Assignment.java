package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.StartingPoint;
import dev.kandjistream.sink.domain.StoredPosition;
import dev.kandjistream.sink.jdbc.PostgresStore;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions a consumer owns, and where it stands in each. A partition is either placed (position known from the database,
 * being read) or waiting (paused until the database has told). Partitions wait when they are assigned, and again after
 * anything went wrong: then only the database knows how far we got.
 *
 * <p>Used by the consumer's thread alone; the callbacks come on it too, from within {@code poll}, so never while a batch is
 * being written.
 */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    /** A partition that is read notices by itself that its position was set back; this is for quiet ones. */
    private static final Duration GENERATIONS_EVERY = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final PostgresStore store;
    private final TopicLog topics;
    private final SinkMetrics metrics;
    private final Duration nullRecordsStay;
    private final Clock clock;

    private final Map<TopicPartition, Place> placed = new HashMap<>();
    private final Set<TopicPartition> waiting = new HashSet<>();
    private final Set<TopicPartition> outOfRange = new HashSet<>();
    private TopicLog.Seen topicsSeen = new TopicLog.Seen(Map.of(), Map.of());
    private long generationsAsked = System.nanoTime();
    private volatile boolean joined;

    /**
     * Where we stand in a partition.
     *
     * @param logBegin first offset that the log had when reading began
     * @param partitions how many partitions the topic had then; 0: unknown
     * @param afterLoss whether the topic lost records, so that those that come may be known to history
     */
    private record Place(Position position, long logBegin, int partitions, boolean afterLoss) {
        Place advancedTo(Position reached) {
            return new Place(reached, logBegin, partitions, afterLoss);
        }
    }

    Assignment(
            Consumer<byte[], byte[]> consumer,
            PostgresStore store,
            TopicLog topics,
            SinkMetrics metrics,
            Duration nullRecordsStay,
            Clock clock) {
        this.consumer = consumer;
        this.store = store;
        this.topics = topics;
        this.metrics = metrics;
        this.nullRecordsStay = nullRecordsStay;
        this.clock = clock;
    }

    /** Whether the group has given us our share at least once; it may be empty. */
    boolean joined() {
        return joined;
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Where we stand; null where the partition waits. */
    Position position(TopicPartition partition) {
        Place place = placed.get(partition);
        return place == null ? null : place.position();
    }

    /** Whether history may know events of this batch already. */
    boolean rereads(List<Advance> advances) {
        return advances.stream()
                .anyMatch(advance -> advance.from().rebuilding()
                        || placed.get(of(advance.partition())).afterLoss());
    }

    /** Whether we stand elsewhere now, or the partition is no longer ours. */
    boolean hasLeft(TopicPartition partition, Position position) {
        Position now = position(partition);
        return now == null
                ? !waiting.contains(partition)
                : now.nextOffset() > position.nextOffset() || !now.topicId().equals(position.topicId());
    }

    /** Nothing is asked of the database here: it may be down, and a rebalance must not wait for it. */
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        waiting.addAll(partitions);
        // Any position will do while paused; without one the consumer would look for committed offsets, which rule
        // nothing.
        partitions.forEach(partition -> consumer.seek(partition, 0));
        consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        placed.keySet().removeAll(partitions);
        waiting.removeAll(partitions);
        outOfRange.removeAll(partitions);
        partitions.forEach(metrics::forgetLag);
    }

    /** Makes every partition wait: what we believed is worth nothing any more. */
    void forget() {
        waiting.addAll(placed.keySet());
        consumer.pause(placed.keySet());
        placed.clear();
    }

    /** Makes partitions wait that the broker refused to read where we stand. */
    void refused(Set<TopicPartition> partitions) {
        outOfRange.addAll(partitions);
        waiting.addAll(partitions);
        consumer.pause(partitions);
        placed.keySet().removeAll(partitions);
    }

    /** Makes partitions wait whose topic was created again or lost records, or whose rebuild an operator asked for. */
    void checkTopics() throws SQLException {
        long time = System.nanoTime();
        if (!placed.isEmpty() && time - generationsAsked > GENERATIONS_EVERY.toNanos()) {
            Map<Partition, Integer> stored = store.generations();
            makeWait((partition, place) ->
                    stored.getOrDefault(of(partition), 0) > place.position().generation());
            generationsAsked = time;
        }
        TopicLog.Seen now = topics.lastSeen();
        if (now != topicsSeen) {
            topicsSeen = now;
            makeWait((partition, place) -> isAnother(now, partition, place));
        }
    }

    private boolean isAnother(TopicLog.Seen now, TopicPartition partition, Place place) {
        TopicLog.Described topic = now.topics().get(partition.topic());
        if (topic == null) {
            return false;
        }
        if (!topic.id().equals(place.position().topicId())) {
            return true;
        }
        boolean altered = place.partitions() != 0 && place.partitions() != topic.partitions();
        boolean cut = now.begins().getOrDefault(partition, 0L) > place.logBegin();
        return store.hasCurrentRows(partition.topic()) && (altered || cut);
    }

    private void makeWait(BiPredicate<TopicPartition, Place> which) {
        Set<TopicPartition> strange = placed.entrySet().stream()
                .filter(entry -> which.test(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        consumer.pause(strange);
        waiting.addAll(strange);
        placed.keySet().removeAll(strange);
    }

    /** Which partitions the consumer has moved in since, and how far. */
    List<Advance> advances() {
        List<Advance> advances = new ArrayList<>();
        placed.forEach((partition, place) -> {
            Position position = place.position();
            long next = consumer.position(partition);
            OptionalLong lag = consumer.currentLag(partition);
            lag.ifPresent(records -> metrics.lag(partition, records));
            if (next != position.nextOffset()) {
                advances.add(new Advance(of(partition), position, next, lag.orElse(1) == 0));
            }
        });
        return advances;
    }

    /** Partitions in which there is nothing to read, as advances by nothing. */
    List<Advance> caughtUp() {
        return placed.entrySet().stream()
                .filter(entry -> consumer.currentLag(entry.getKey()).orElse(1) == 0)
                .map(entry -> {
                    Position position = entry.getValue().position();
                    return new Advance(of(entry.getKey()), position, position.nextOffset(), true);
                })
                .toList();
    }

    /** A batch was committed. */
    void reached(List<Advance> advances) {
        advances.forEach(advance -> placed.computeIfPresent(
                of(advance.partition()), (partition, place) -> place.advancedTo(advance.reached())));
    }

    /**
     * Asks the database for the positions of all waiting partitions, decides on rebuilds, and starts reading there.
     *
     * @throws SQLException and any exception of the consumer; then they still wait
     */
    void place() throws SQLException {
        Map<String, TopicLog.Described> described =
                topics.describe(waiting.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        // Partitions that are no more are taken from us by the next rebalance; until then they just wait, and the
        // others flow.
        Set<TopicPartition> present = waiting.stream()
                .filter(partition -> described.containsKey(partition.topic())
                        && partition.partition()
                                < described.get(partition.topic()).partitions())
                .collect(Collectors.toSet());
        Map<Partition, StoredPosition> stored =
                store.positions(present.stream().map(Assignment::of).toList());
        Map<TopicPartition, StartingPoint> chosen = choose(present, stored, described);
        begin(chosen, stored, described);
        chosen.forEach((partition, start) -> {
            // A rebuild of an empty topic has ended where it began.
            Position position = start.position().advancedTo(start.position().nextOffset());
            consumer.seek(partition, position.nextOffset());
            placed.put(
                    partition,
                    new Place(
                            position,
                            start.logBegin(),
                            start.partitions(),
                            start.unbacked().isPresent()));
        });
        consumer.resume(present);
        waiting.removeAll(present);
        outOfRange.removeAll(present);
    }

    private Map<TopicPartition, StartingPoint> choose(
            Set<TopicPartition> partitions,
            Map<Partition, StoredPosition> stored,
            Map<String, TopicLog.Described> described) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, Duration> stay = topics.tombstonesStay(described.keySet());
        Map<TopicPartition, StartingPoint> chosen = new HashMap<>();
        for (TopicPartition partition : partitions) {
            var log = new StartingPoint.Log(
                    described.get(partition.topic()).id(),
                    described.get(partition.topic()).partitions(),
                    begins.get(partition),
                    ends.get(partition),
                    outOfRange.contains(partition),
                    store.hasCurrentRows(partition.topic()));
            chosen.put(
                    partition,
                    StartingPoint.choose(
                            Optional.ofNullable(stored.get(of(partition))),
                            log,
                            shorter(nullRecordsStay, stay.get(partition.topic())),
                            clock.instant()));
        }
        return chosen;
    }

    /** @param other null where it is not known */
    private static Duration shorter(Duration one, Duration other) {
        return other == null || one.compareTo(other) < 0 ? one : other;
    }

    private void begin(
            Map<TopicPartition, StartingPoint> chosen,
            Map<Partition, StoredPosition> stored,
            Map<String, TopicLog.Described> described)
            throws SQLException {
        Map<Partition, StartingPoint> changed = new HashMap<>();
        Map<String, Integer> partitionCounts = new HashMap<>();
        chosen.forEach((partition, start) -> {
            if (!start.anew()) {
                return;
            }
            changed.put(of(partition), start);
            // One partition speaks for those that are no more; partition 0 always exists.
            if (start.unbacked().isPresent() && partition.partition() == 0) {
                partitionCounts.put(
                        partition.topic(), described.get(partition.topic()).partitions());
            }
        });
        if (!changed.isEmpty()) {
            store.begin(changed, stored, partitionCounts);
            tellRebuilds(chosen);
        }
    }

    private void tellRebuilds(Map<TopicPartition, StartingPoint> chosen) {
        Map<String, Map<String, Set<Integer>>> byTopicAndReason = new TreeMap<>();
        chosen.forEach((partition, start) -> start.rebuildReason().ifPresent(reason -> {
            metrics.rebuild(partition.topic(), reason);
            byTopicAndReason
                    .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                    .computeIfAbsent(reason, any -> new TreeSet<>())
                    .add(partition.partition());
        }));
        byTopicAndReason.forEach((topic, reasons) -> reasons.forEach((reason, partitions) -> LOG.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("partitions", partitions)
                .addKeyValue("reason", reason)
                .log("Current rows are rebuilt from the topic; history is kept")));
    }

    private static TopicPartition of(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }

    private static Partition of(TopicPartition partition) {
        return new Partition(partition.topic(), partition.partition());
    }
}
