package dev.kandjistream.poller.kafka;

import dev.kandjistream.commands.Command;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.OperatorCommand;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators ask for, read once for all accounts of a poller. The commands topic is read on to its end whenever somebody is
 * about to judge; where nothing is new, that is two requests. What was read is kept until the ledger says it was carried out,
 * so a publish that fails finds it again, and so does one of an account that comes back from another poller: commands of
 * accounts that are not this poller's now are kept too. A topic that cannot be read stops no sweep. Safe for the threads of all
 * sweeps, which wait for each other here.
 */
public final class CommandLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Commands carried out with one sweep; their answers must fit into its receipt. */
    static final int AT_ONCE = 1000;

    private static final int LONGEST_WORD = 200;

    private final TopicPartition here;
    private final Map<String, Object> kafka;
    private final Deserializer<Command> values;
    private final Map<String, List<Placed>> waiting = new HashMap<>();
    private Consumer<String, byte[]> consumer;
    private TopicIdentity identity;
    /** Of the topic that {@link #waiting} and {@link #next} are of; null before it was read. */
    private String topicId;

    private long next;
    private long pausedAt;
    private boolean paused;

    private record Placed(long offset, OperatorCommand command) {}

    /**
     * What is to be carried out now.
     *
     * @param commands in their order
     * @param read how far everything is done once these are; owes no answers
     */
    record Due(List<OperatorCommand> commands, CommandsRead read) {}

    /** Connects at the first question. */
    public CommandLog(Topics topics, Map<String, Object> kafka) {
        here = new TopicPartition(topics.commands().name(), 0);
        this.kafka = kafka;
        values = AvroSerdes.deserializer(topics.commands(), kafka);
    }

    /**
     * The commands about an account that are not carried out yet, those included that were written a moment ago.
     *
     * @param done what the ledger says
     */
    synchronized Due due(String accountId, CommandsRead done) {
        boolean isOfNow = readToEnd();
        if (!isOfNow && (topicId == null || !topicId.equals(done.topicId()))) {
            // What was read some time ago proves nothing about the topic that the ledger means.
            return new Due(List.of(), done.owing(List.of()));
        }
        long from = isOfNow && isAnew(done) ? 0 : done.upTo();
        List<Placed> placed = waiting.getOrDefault(accountId, new ArrayList<>());
        placed.removeIf(command -> command.offset() < from);
        if (placed.isEmpty()) {
            waiting.remove(accountId);
            return new Due(List.of(), new CommandsRead(topicId, from, List.of()));
        }
        List<Placed> taken = placed.subList(0, Math.min(placed.size(), AT_ONCE));
        long upTo = taken.get(taken.size() - 1).offset() + 1;
        return new Due(taken.stream().map(Placed::command).toList(), new CommandsRead(topicId, upTo, List.of()));
    }

    /** Whether the topic is another than the one that the ledger means, so that nothing of it is done. */
    private boolean isAnew(CommandsRead done) {
        boolean hasOtherId = done.topicId() != null && !done.topicId().equals(topicId);
        // All there is to go by in ledgers of versions that remember no id.
        boolean endsBefore = next < done.upTo();
        return hasOtherId || endsBefore;
    }

    /**
     * The end of the topic, for an account of which it is not known what was carried out: nothing of what is there is.
     *
     * @throws TimeoutException where it cannot be read now
     */
    synchronized CommandsRead end() {
        if (!readToEnd()) {
            throw new TimeoutException("operators' commands cannot be read. topic=" + here.topic());
        }
        return new CommandsRead(topicId, next, List.of());
    }

    /** @return false where it could not be read; commands then wait */
    private boolean readToEnd() {
        if (paused && System.nanoTime() - pausedAt < PAUSE.toNanos()) {
            return false;
        }
        try {
            open();
            long end = consumer.endOffsets(List.of(here), PATIENCE).get(here);
            if (end < next) {
                LOG.atWarn()
                        .addKeyValue("topic", here.topic())
                        .addKeyValue("expected", next)
                        .addKeyValue("found", end)
                        .log("The commands topic ends before what was read of it; it is read from its beginning");
                forget();
                consumer.seek(here, next);
            }
            if (next < end) {
                readTo(end);
                requireSameTopic();
            }
            paused = false;
            return true;
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .addKeyValue("topic", here.topic())
                    .setCause(failure)
                    .log("Operators' commands cannot be read; sweeps go on without them, trying again in a minute");
            close();
            paused = true;
            pausedAt = System.nanoTime();
            return false;
        }
    }

    private void open() {
        if (identity == null) {
            identity = new TopicIdentity(here.topic(), kafka, PATIENCE);
        }
        String now = identity.now();
        if (topicId != null && !now.equals(topicId)) {
            LOG.atWarn()
                    .addKeyValue("topic", here.topic())
                    .addKeyValue("expected", topicId)
                    .addKeyValue("found", now)
                    .log("The commands topic was created again; it is read from its beginning");
            forget();
            // One that still reads the former topic may be anywhere in the new one.
            closeConsumer();
        }
        topicId = now;
        if (consumer == null) {
            consumer = CommittedReader.open(kafka);
            consumer.assign(List.of(here));
            consumer.seek(here, next);
        }
    }

    /** What was read may be of a topic that was created meanwhile. */
    private void requireSameTopic() {
        if (!identity.now().equals(topicId)) {
            forget();
            throw new UnknownTopicOrPartitionException(
                    "the topic was created again a moment ago. topic=" + here.topic());
        }
    }

    private void forget() {
        waiting.clear();
        next = 0;
    }

    private void readTo(long end) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (next < end) {
            var records = consumer.poll(Duration.ofMillis(100));
            for (ConsumerRecord<String, byte[]> record : records) {
                take(record);
                next = record.offset() + 1;
            }
            // Beyond the records, where compaction or a transaction's end has left nothing to return.
            next = Math.max(next, consumer.position(here, PATIENCE));
            if (next < end && System.nanoTime() > deadline) {
                throw new TimeoutException("expected to read up to offset " + end + ", came to " + next);
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        List<String> key = key(record);
        if (key.size() != 2) {
            warn(record, "expected a key account/command_id, found " + key.size() + " segments");
        } else if (record.value() != null) {
            waiting.computeIfAbsent(key.get(0), account -> new ArrayList<>())
                    .add(new Placed(record.offset(), command(record, key)));
        }
    }

    private static List<String> key(ConsumerRecord<String, byte[]> record) {
        try {
            return record.key() == null ? List.of() : Keys.split(record.key());
        } catch (IllegalArgumentException garbled) {
            return List.of();
        }
    }

    private OperatorCommand command(ConsumerRecord<String, byte[]> record, List<String> key) {
        try {
            Command command = values.deserialize(record.topic(), record.value());
            if (command.getAccountId().equals(key.get(0))) {
                return new OperatorCommand(
                        cut(command.getCommandId()),
                        cut(command.getAction()),
                        Set.copyOf(command.getDeviceIds()),
                        command.getIssuedAt().toEpochMilli());
            }
            warn(record, "the key is of another account than the value");
        } catch (RuntimeException failure) {
            if (!Unreadable.isOfRecordWithKnownId(failure)) {
                throw failure;
            }
            warn(record, failure.toString());
        }
        return OperatorCommand.unreadable(cut(key.get(1)));
    }

    /** Answers repeat it, and a receipt must fit into its topic. */
    private static String cut(String text) {
        return text.length() <= LONGEST_WORD ? text : text.substring(0, LONGEST_WORD);
    }

    private static void warn(ConsumerRecord<?, ?> record, String reason) {
        LOG.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("Command cannot be read");
    }

    /** Ends the connection; the next question opens another. */
    @Override
    public synchronized void close() {
        closeConsumer();
        if (identity != null) {
            identity.close();
            identity = null;
        }
    }

    private void closeConsumer() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            consumer = null;
        }
    }
}
