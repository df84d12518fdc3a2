package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.jdbc.PendingSweep;
import dev.kandjistream.sink.jdbc.PostgresStore;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when everything a sweep published stands in the tables, and writes it down as {@code sweeps.applied_at}.
 *
 * <pre>raw topics: enricher committed what the receipt names   (1)
 *   -> repartition topic: drained to where it ended after (1)   (2)
 *   -> event topics: sink stands where they ended after (2)     (3)</pre>
 *
 * <p>Each end is taken after the condition before it held, so it lies behind everything that condition caused; and once
 * taken it stays, so that a topic that never rests cannot put it off for ever. Ends are those of all records, committed or
 * not: the offsets of a transaction may show a moment before its records do, and an end of committed records alone could
 * miss them.
 */
public final class SweepFollower {
    private static final Logger LOG = LoggerFactory.getLogger(SweepFollower.class);

    private final Topics topics;
    private final PostgresStore store;
    private final PipelineEnds ends;
    private final Map<String, Following> following = new HashMap<>();

    /** How far one sweep was followed; ends are null until taken. */
    private static final class Following {
        Map<TopicPartition, Long> repartitionEnds;
        Map<TopicPartition, Long> eventEnds;
    }

    public SweepFollower(Topics topics, PostgresStore store, PipelineEnds ends) {
        this.topics = topics;
        this.store = store;
        this.ends = ends;
    }

    /** Looks once; cheap where nothing is pending. */
    public void look() throws SQLException {
        List<PendingSweep> pending = store.pendingSweeps();
        following.keySet().retainAll(ids(pending));
        if (pending.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> committed = ends.committedByEnricher();
        for (PendingSweep sweep : pending) {
            if (hasComeThrough(sweep, committed) && store.markApplied(sweep.sweepId())) {
                LOG.atDebug().addKeyValue("sweep", sweep.sweepId()).log("Sweep stands in the tables");
            }
        }
    }

    private boolean hasComeThrough(PendingSweep sweep, Map<TopicPartition, Long> committed) throws SQLException {
        Following step = following.computeIfAbsent(sweep.sweepId(), id -> new Following());
        if (step.repartitionEnds == null) {
            if (!reached(rawEnds(sweep), committed)) {
                return false;
            }
            step.repartitionEnds = ends.ends(List.of(topics.userContributions()));
        }
        if (step.eventEnds == null) {
            if (!ends.drained(step.repartitionEnds, committed)) {
                return false;
            }
            step.eventEnds = ends.ends(eventTopics());
        }
        return reached(step.eventEnds, storedOffsets());
    }

    private static boolean reached(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> offsets) {
        return ends.entrySet().stream()
                .allMatch(end -> end.getValue() == 0 || offsets.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private Map<TopicPartition, Long> storedOffsets() throws SQLException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        store.nextOffsets().forEach((partition, next) -> offsets.put(of(partition), next));
        return offsets;
    }

    /** What the sink reads, without receipts and decisions: those are no outcome of a sweep's records. */
    private List<String> eventTopics() {
        Set<String> others = Set.of(topics.sweeps().name(), topics.decisions().name());
        return topics.sunk().stream()
                .map(Topic::name)
                .filter(name -> !others.contains(name))
                .toList();
    }

    /** Ends in the topics that the enricher reads: other topics do not affect the tables, and it commits no offsets there. */
    private Map<TopicPartition, Long> rawEnds(PendingSweep sweep) {
        Set<String> read = Set.of(topics.rawDevices().name(), topics.rawApps().name());
        Map<TopicPartition, Long> raw = new HashMap<>();
        sweep.rawEndOffsets().forEach((partition, end) -> {
            int slash = partition.lastIndexOf('/');
            String topic = partition.substring(0, slash);
            if (read.contains(topic)) {
                raw.put(new TopicPartition(topic, Integer.parseInt(partition.substring(slash + 1))), end);
            }
        });
        return raw;
    }

    private static Set<String> ids(List<PendingSweep> pending) {
        Set<String> ids = new HashSet<>();
        pending.forEach(sweep -> ids.add(sweep.sweepId()));
        return ids;
    }

    private static TopicPartition of(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }
}
