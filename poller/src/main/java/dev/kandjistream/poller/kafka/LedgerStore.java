package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Retractions;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * The ledgers of one partition of the ledger topic. An account's records all lie in the partition its id hashes to, and its
 * owner writes them in the transactions that publish the same: one record per bucket of devices, and one of state.
 */
final class LedgerStore {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STATE = "state";

    /** Header of a bucket: the sweep id of the transaction that wrote it, and so published what it remembers. */
    private static final String SWEEP_ID = "sweep_id";

    private final String topic;
    private final int partition;
    private final Map<String, Object> kafka;

    LedgerStore(Topics topics, int partition, Map<String, Object> kafka) {
        topic = topics.ledger().name();
        this.partition = partition;
        this.kafka = kafka;
    }

    /** The partition of an account: Kafka's own hash of the id alone. Never changes. */
    static int partitionOf(String accountId) {
        return Utils.toPositive(Utils.murmur2(accountId.getBytes(StandardCharsets.UTF_8))) % Topics.LEDGER_PARTITIONS;
    }

    /** @param sweepId of the transaction that the record goes with */
    ProducerRecord<String, byte[]> bucket(
            String accountId, int bucket, Map<String, LedgerEntry> entries, String sweepId) {
        String key = Keys.of(accountId, String.format("%02x", bucket));
        var record = new ProducerRecord<>(topic, partition, key, LedgerCodec.bucket(entries));
        record.headers().add(SWEEP_ID, sweepId.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /**
     * @param tenant null where it is not known
     * @param destination null where it is not known
     */
    ProducerRecord<String, byte[]> state(
            String accountId,
            Map<String, CompleteSweeps> complete,
            Map<String, Filled> filled,
            Map<String, Retractions> retractions,
            CommandsRead commands,
            String tenant,
            Destination destination) {
        byte[] state = LedgerCodec.state(complete, filled, retractions, commands, tenant, destination);
        return new ProducerRecord<>(topic, partition, Keys.of(accountId, STATE), state);
    }

    /** What is left of a removed account: how far its commands were carried out, or nothing where there were none. */
    ProducerRecord<String, byte[]> removed(String accountId, CommandsRead commands) {
        return commands.equals(CommandsRead.NONE)
                ? new ProducerRecord<>(topic, partition, Keys.of(accountId, STATE), null)
                : state(accountId, Map.of(), Map.of(), Map.of(), commands, null, null);
    }

    /**
     * Reads the partition to its end, {@code read_committed}. To be called after {@code initTransactions}, which ends
     * whatever a former owner left open, so that the end stands.
     *
     * @param ids go on after those of all transactions that the ledger remembers
     * @return by account id; accounts without records are missing
     */
    Map<String, Ledger> read(SweepIds ids) {
        try (var consumer = CommittedReader.open(kafka)) {
            requirePartitions(consumer);
            return read(consumer, ids);
        }
    }

    private void requirePartitions(Consumer<?, ?> consumer) {
        int found = consumer.partitionsFor(topic, PATIENCE).size();
        if (found != Topics.LEDGER_PARTITIONS) {
            throw new LedgerUnreadableException(
                    "expected " + Topics.LEDGER_PARTITIONS + " partitions, found " + found
                            + ": accounts would be looked for in the wrong one. topic=" + topic,
                    null);
        }
    }

    private Map<String, Ledger> read(Consumer<String, byte[]> consumer, SweepIds ids) {
        var here = new TopicPartition(topic, partition);
        consumer.assign(List.of(here));
        consumer.seekToBeginning(List.of(here));
        long end = consumer.endOffsets(List.of(here), PATIENCE).get(here);
        var ledgers = new HashMap<String, Ledger>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(here, PATIENCE) < end) {
            var records = consumer.poll(Duration.ofMillis(200));
            records.forEach(record -> load(record, ledgers, ids));
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the ledger could not be read to its end. topic=" + topic + " partition="
                        + partition + " end=" + end);
            }
        }
        return ledgers;
    }

    private static void load(ConsumerRecord<String, byte[]> record, Map<String, Ledger> ledgers, SweepIds ids) {
        List<String> key = Keys.split(record.key());
        try {
            Ledger ledger = ledgers.computeIfAbsent(key.get(0), account -> new Ledger());
            if (key.get(1).equals(STATE)) {
                // Each says all of it: what a former one knew of is not so any more, as after a removal.
                byte[] state = record.value();
                ledger.replaceComplete(state == null ? Map.of() : LedgerCodec.state(state));
                ledger.replaceFilled(state == null ? Map.of() : LedgerCodec.filled(state));
                ledger.replaceRetractions(state == null ? Map.of() : LedgerCodec.retractions(state));
                ledger.commands(state == null ? CommandsRead.NONE : LedgerCodec.commands(state));
                ledger.tenant(state == null ? null : LedgerCodec.tenant(state));
                ledger.destination(state == null ? null : LedgerCodec.destination(state));
            } else {
                Map<String, LedgerEntry> entries =
                        record.value() == null ? Map.of() : LedgerCodec.bucket(record.value());
                ledger.replace(Integer.parseInt(key.get(1), 16), entries);
                // Missing in records of earlier versions.
                record.headers()
                        .headers(SWEEP_ID)
                        .forEach(id -> ids.follow(new String(id.value(), StandardCharsets.UTF_8)));
            }
        } catch (RuntimeException unreadable) {
            throw new LedgerUnreadableException(
                    "Ledger record cannot be read: " + unreadable.getMessage() + ". topic=" + record.topic()
                            + " partition=" + record.partition() + " offset=" + record.offset(),
                    unreadable);
        }
    }
}
