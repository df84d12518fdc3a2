package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.UnreadableRun;
import dev.kandjistream.schemas.serde.SerdeFault;
import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.jdbc.SqlFault;
import dev.kandjistream.sink.jdbc.StagedRows;
import dev.kandjistream.sink.jdbc.StalePosition;
import dev.kandjistream.sink.jdbc.Written;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll loop: read a batch, write it in one transaction, read the next.
 *
 * <pre>poll -> {@link RecordReader} -> staged rows -> {@link PostgresStore}: rows and offsets</pre>
 *
 * <p>Whatever goes wrong, nothing is repaired in place: all partitions are paused, the positions are read from the database
 * again, and reading goes on there. While database or registry are away the loop goes on polling, so that the group keeps us.
 */
final class ChangeConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeConsumer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** Where the database refuses more than this, with nothing accepted in between, it is not the records that are wrong. */
    private static final int MOST_REFUSED_IN_A_ROW = 100;

    private static final Duration CAUGHT_UP_NOTED_EVERY = Duration.ofHours(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Collection<String> topics;
    private final Assignment assignment;
    private final RecordReader reader;
    private final PostgresStore store;
    private final DeadLetters deadLetters;
    private final SinkMetrics metrics;
    private final StagedRows rows = new StagedRows();
    private final UnreadableRun unreadable;
    private final Trouble trouble = new Trouble();
    /** Where each partition stood when a batch could not be written; the trouble is over when all of them have moved. */
    private final Map<TopicPartition, Position> stuck = new HashMap<>();

    private int refusedInARow;
    private long caughtUpNoted = System.nanoTime();
    private volatile boolean stopping;

    ChangeConsumer(
            Consumer<byte[], byte[]> consumer,
            Collection<String> topics,
            Assignment assignment,
            RecordReader reader,
            PostgresStore store,
            DeadLetters deadLetters,
            UnreadableRun unreadable,
            SinkMetrics metrics) {
        this.consumer = consumer;
        this.topics = topics;
        this.assignment = assignment;
        this.reader = reader;
        this.store = store;
        this.deadLetters = deadLetters;
        this.unreadable = unreadable;
        this.metrics = metrics;
    }

    /** Why nothing is being written; empty where all is well. */
    Optional<String> notReady() {
        return trouble.reason().or(() -> assignment.joined() ? Optional.empty() : Optional.of("joining the group"));
    }

    /** Whether something keeps records from being written. */
    boolean isHeldUp() {
        return trouble.reason().isPresent();
    }

    /** Ends {@link #run} soon, from any thread. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /**
     * Runs until {@link #stop}.
     *
     * @throws KafkaException where this consumer cannot go on, a new one perhaps can
     */
    void run() {
        consumer.subscribe(topics, assignment);
        while (!stopping) {
            try {
                step();
            } catch (WakeupException e) {
                // stop() was called, or it was meant for a call that had returned already
            }
        }
    }

    private void step() {
        try {
            assignment.checkTopics();
            if (assignment.isWaiting()) {
                assignment.place();
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            long polledAt = System.nanoTime();
            Batch batch = new Batch(list(polled), assignment.advances());
            if (!batch.advances().isEmpty()) {
                hold(batch);
                write(batch, polledAt);
                tellGroup(batch.advances());
            } else if (System.nanoTime() - caughtUpNoted > CAUGHT_UP_NOTED_EVERY.toNanos()) {
                noteCaughtUp();
            }
            if (!assignment.isWaiting() && !isStuck()) {
                trouble.over();
            }
        } catch (InvalidOffsetException e) {
            assignment.refused(e.partitions());
        } catch (StalePosition e) {
            LOG.atInfo()
                    .addKeyValue("found", e.getMessage())
                    .log("Another sink writes here, or a commit went unheard; positions are read again");
            assignment.forget();
        } catch (SQLException e) {
            waitFor("database", e);
        } catch (RegistryAway e) {
            waitFor("schema registry", e.getCause());
        } catch (TooManyUnreadable e) {
            waitFor("dead letters", e);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            waitFor("broker", e);
        }
    }

    private void hold(Batch batch) {
        for (Advance advance : batch.advances()) {
            Partition partition = advance.partition();
            stuck.put(new TopicPartition(partition.topic(), partition.number()), advance.from());
        }
    }

    /** An empty poll between two tries says nothing of the batch that could not be written. */
    private boolean isStuck() {
        stuck.entrySet().removeIf(one -> assignment.hasLeft(one.getKey(), one.getValue()));
        return !stuck.isEmpty();
    }

    /** Keeps the group's membership by polling, with every partition paused; then the positions are read again. */
    private void waitFor(String what, Throwable fault) {
        assignment.forget();
        Duration pause = trouble.with(what, fault);
        long until = System.nanoTime() + pause.toNanos();
        do {
            consumer.poll(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        } while (!stopping && System.nanoTime() < until);
    }

    /** Writes what of the batch can be read; the rest is buried. The record before an unreadable one is its key's state. */
    private void write(Batch batch, long since) throws SQLException {
        Map<ConsumerRecord<byte[], byte[]>, String> dead = stage(batch);
        requireFewInARow(batch, dead);
        if (dead.isEmpty()) {
            writeStaged(batch, since);
            return;
        }
        bury(dead);
        Batch readable = batch.without(dead.keySet());
        stage(readable);
        writeStaged(readable, since);
    }

    /** Writes the staged batch; where the database refuses rows of it, in ever smaller parts, until the bad record stands alone. */
    private void writeStaged(Batch batch, long since) throws SQLException {
        try {
            Written written = store.write(batch.advances(), rows);
            assignment.reached(batch.advances());
            account(batch, written, since);
            if (!batch.records().isEmpty()) {
                refusedInARow = 0;
            }
        } catch (SQLException e) {
            if (!SqlFault.isAboutData(e) || batch.records().isEmpty()) {
                throw e;
            }
            if (batch.records().size() == 1) {
                if (++refusedInARow > MOST_REFUSED_IN_A_ROW) {
                    throw e;
                }
                bury(Map.of(batch.records().get(0), "database: " + e.getMessage()));
                rows.clear();
                writeStaged(new Batch(List.of(), batch.advances()), since);
                return;
            }
            for (Batch half : batch.halves()) {
                stage(half);
                writeStaged(half, since);
            }
        }
    }

    /** @throws TooManyUnreadable where the batch makes a run of unreadable records too long; nothing of it is buried then */
    private void requireFewInARow(Batch batch, Map<ConsumerRecord<byte[], byte[]>, String> dead) {
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            String cause = dead.get(record);
            if (cause == null) {
                unreadable.readable(record.topic());
            } else if (!unreadable.unreadable(record.topic(), record.partition(), record.offset())) {
                throw new TooManyUnreadable(
                        unreadable.reason(record.topic(), record.partition(), record.offset(), cause));
            }
        }
    }

    /**
     * Encodes the batch's rows.
     *
     * @return what cannot be read, and why; where there is any, the rows are not to be used
     */
    private Map<ConsumerRecord<byte[], byte[]>, String> stage(Batch batch) {
        Map<ConsumerRecord<byte[], byte[]>, String> dead = new LinkedHashMap<>();
        rows.clear();
        BitSet last = batch.lastOfKeys();
        for (int i = 0; i < batch.records().size(); i++) {
            ConsumerRecord<byte[], byte[]> record = batch.records().get(i);
            try {
                var partition = new TopicPartition(record.topic(), record.partition());
                reader.stage(record, last.get(i), assignment.position(partition).generation(), rows);
            } catch (BadRecord e) {
                dead.put(record, e.getMessage());
            } catch (RuntimeException e) {
                if (SerdeFault.isOfRegistry(e)) {
                    throw new RegistryAway(e);
                }
                dead.put(record, e.toString());
            }
        }
        return dead;
    }

    private void bury(Map<ConsumerRecord<byte[], byte[]>, String> dead) {
        deadLetters.send(dead);
        dead.forEach((record, cause) -> {
            metrics.deadLetter(record.topic());
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("Record cannot become a row and went to the dead letters, which name the cause");
        });
    }

    private void account(Batch batch, Written written, long since) {
        var took = Duration.ofNanos(System.nanoTime() - since);
        metrics.batch(batch.records().size(), written, rows.strippedCharacters(), took);
        boolean rebuilding = assignment.rereads(batch.advances());
        written.knownEvents().forEach((table, events) -> {
            metrics.knownEvents(table, events, rebuilding);
            if (!rebuilding) {
                LOG.atError()
                        .addKeyValue("table", table)
                        .addKeyValue("events", events)
                        .log("Events came whose ids history knew already; they were left out");
            }
        });
        LOG.atDebug()
                .addKeyValue("records", batch.records().size())
                .addKeyValue("milliseconds", took.toMillis())
                .log("Batch committed");
    }

    /** So that the tools that show a group's lag show ours. Nothing depends on it: the database rules. */
    private void tellGroup(List<Advance> advances) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Advance advance : advances) {
            Partition partition = advance.partition();
            offsets.put(new TopicPartition(partition.topic(), partition.number()), new OffsetAndMetadata(advance.to()));
        }
        consumer.commitAsync(offsets, (committed, failure) -> {
            if (failure != null) {
                LOG.atDebug().setCause(failure).log("Group was not told the offsets");
            }
        });
    }

    /** Quiet partitions write nothing; their having been read to the end is noted now and then, see StartingPoint. */
    private void noteCaughtUp() throws SQLException {
        List<Advance> caughtUp = assignment.caughtUp();
        if (!caughtUp.isEmpty()) {
            rows.clear();
            store.write(caughtUp, rows);
        }
        caughtUpNoted = System.nanoTime();
    }

    private static List<ConsumerRecord<byte[], byte[]>> list(ConsumerRecords<byte[], byte[]> polled) {
        List<ConsumerRecord<byte[], byte[]>> list = new ArrayList<>(polled.count());
        polled.forEach(list::add);
        return list;
    }

    /** The registry could not be asked for a schema. */
    private static final class RegistryAway extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RegistryAway(Throwable cause) {
            super(cause);
        }
    }

    /** More unreadable records in a row than may go to the dead letters. */
    private static final class TooManyUnreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyUnreadable(String message) {
            super(message);
        }
    }
}
