package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.RecentlyAdded;
import dev.kandjistream.poller.domain.Retractions;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** Between the number of a bucket and the number of a part after the first. */
    private static final String PART = ".";

    /** Header of a bucket: the sweep id of the transaction that wrote it, and so published what it remembers. */
    private static final String SWEEP_ID = "sweep_id";

    /** What surrounds the value of a bucket in its record. */
    private static final int ROOM = 2 << 10;

    private final String topic;
    private final int partition;
    private final Map<String, Object> kafka;
    private final RecordLimits limits;

    /** How many parts the buckets have that have more than one, by record key. */
    private final Map<String, Integer> parts = new HashMap<>();

    LedgerStore(Topics topics, int partition, Map<String, Object> kafka, RecordLimits limits) {
        topic = topics.ledger().name();
        this.partition = partition;
        this.kafka = kafka;
        this.limits = limits;
    }

    /** The partition of an account: Kafka's own hash of the id alone. Never changes. */
    static int partitionOf(String accountId) {
        return Utils.toPositive(Utils.murmur2(accountId.getBytes(StandardCharsets.UTF_8))) % Topics.LEDGER_PARTITIONS;
    }

    /**
     * A bucket in as many records as it takes, and tombstones of records that it no longer takes.
     *
     * @param sweepId of the transaction that the records go with
     */
    List<ProducerRecord<String, byte[]>> bucket(
            String accountId, int bucket, Map<String, LedgerEntry> entries, String sweepId) {
        String first = Keys.of(accountId, String.format("%02x", bucket));
        List<Map<String, LedgerEntry>> now = LedgerParts.split(entries, limits.of(topic) - ROOM);
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int part = 0; part < Math.max(now.size(), parts.getOrDefault(first, 1)); part++) {
            byte[] value = part < now.size() ? LedgerCodec.bucket(now.get(part)) : null;
            var record = new ProducerRecord<>(topic, partition, part == 0 ? first : first + PART + part, value);
            record.headers().add(SWEEP_ID, sweepId.getBytes(StandardCharsets.UTF_8));
            records.add(record);
        }
        note(first, now.size());
        return records;
    }

    private void note(String first, int count) {
        if (count == 1) {
            parts.remove(first);
        } else {
            parts.put(first, count);
        }
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
            Map<String, RecentlyAdded> recentlyAdded,
            CommandsRead commands,
            String tenant,
            Destination destination) {
        byte[] state = LedgerState.state(complete, filled, retractions, recentlyAdded, commands, tenant, destination);
        return new ProducerRecord<>(topic, partition, Keys.of(accountId, STATE), state);
    }

    /** What is left of a removed account: how far its commands were carried out, or nothing where there were none. */
    ProducerRecord<String, byte[]> removed(String accountId, CommandsRead commands) {
        return commands.equals(CommandsRead.NONE)
                ? new ProducerRecord<>(topic, partition, Keys.of(accountId, STATE), null)
                : state(accountId, Map.of(), Map.of(), Map.of(), Map.of(), commands, null, null);
    }

    /**
     * Reads the partition to its end, {@code read_committed}. To be called after {@code initTransactions}, which ends
     * whatever a former owner left open, so that the end stands.
     *
     * @param ids go on after those of all transactions that the ledger remembers
     * @return by account id; accounts without records are missing
     */
    Map<String, Ledger> read(SweepIds ids) {
        parts.clear();
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
        var buckets = new HashMap<String, Map<Integer, SortedMap<Integer, Map<String, LedgerEntry>>>>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(here, PATIENCE) < end) {
            var records = consumer.poll(Duration.ofMillis(200));
            records.forEach(record -> load(record, ledgers, buckets, ids));
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the ledger could not be read to its end. topic=" + topic + " partition="
                        + partition + " end=" + end);
            }
        }
        buckets.forEach((accountId, ofAccount) -> ofAccount.forEach((bucket, ofBucket) -> {
            ledgers.get(accountId).replace(bucket, LedgerParts.join(ofBucket.values()));
            note(Keys.of(accountId, String.format("%02x", bucket)), ofBucket.isEmpty() ? 1 : ofBucket.lastKey() + 1);
        }));
        return ledgers;
    }

    private static void load(
            ConsumerRecord<String, byte[]> record,
            Map<String, Ledger> ledgers,
            Map<String, Map<Integer, SortedMap<Integer, Map<String, LedgerEntry>>>> buckets,
            SweepIds ids) {
        List<String> key = Keys.split(record.key());
        try {
            Ledger ledger = ledgers.computeIfAbsent(key.get(0), account -> new Ledger());
            if (key.get(1).equals(STATE)) {
                // Each says all of it: what a former one knew of is not so any more, as after a removal.
                byte[] state = record.value();
                ledger.replaceComplete(state == null ? Map.of() : LedgerState.state(state));
                ledger.replaceFilled(state == null ? Map.of() : LedgerState.filled(state));
                ledger.replaceRetractions(state == null ? Map.of() : LedgerState.retractions(state));
                ledger.replaceRecentlyAdded(state == null ? Map.of() : LedgerState.recentlyAdded(state));
                ledger.commands(state == null ? CommandsRead.NONE : LedgerState.commands(state));
                ledger.tenant(state == null ? null : LedgerState.tenant(state));
                ledger.destination(state == null ? null : LedgerState.destination(state));
            } else {
                Map<String, LedgerEntry> entries =
                        record.value() == null ? Map.of() : LedgerCodec.bucket(record.value());
                int dot = key.get(1).indexOf(PART);
                int bucket = Integer.parseInt(dot < 0 ? key.get(1) : key.get(1).substring(0, dot), 16);
                int part = dot < 0 ? 0 : Integer.parseInt(key.get(1).substring(dot + 1));
                var ofBucket = buckets.computeIfAbsent(key.get(0), account -> new HashMap<>())
                        .computeIfAbsent(bucket, number -> new TreeMap<>());
                if (part == 0 || record.value() != null) {
                    ofBucket.put(part, entries);
                } else {
                    ofBucket.remove(part);
                }
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
