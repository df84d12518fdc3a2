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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * The ledgers of one partition of the ledger topic. An account's records all lie in the partition its id hashes to, and its
 * owner writes them in the transactions that publish the same: of each device one record, and one of its app rows, if these
 * change, and one of state.
 */
final class LedgerStore {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String STATE = "state";
    private static final long[] NO_ROWS = {};

    /** Header of a record: the sweep id of the transaction that wrote it, and so published what it remembers. */
    static final String SWEEP_ID = "sweep_id";

    /** What surrounds the value in a record. */
    private static final int ROOM = 2 << 10;

    private final String topic;
    private final int partition;
    private final Map<String, Object> kafka;
    private final RecordLimits limits;

    /** How many records the app rows of a device take, where these are more than one, by account and device. */
    private final Map<String, Map<String, Integer>> parts = new HashMap<>();

    /** Buckets that are records yet, by account. */
    private final Map<String, Set<Integer>> former = new HashMap<>();

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
     * What becomes of a device's records: those of them that change, and tombstones of those that it no longer has.
     *
     * @param before as the records have it; an empty entry where there are none
     * @param sweepId of the transaction that the records go with
     */
    List<ProducerRecord<String, byte[]>> device(
            String accountId, String deviceId, LedgerEntry before, LedgerEntry after, String sweepId) {
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        String bucket = bucket(deviceId);
        if (after.differsLastinglyFrom(before)) {
            byte[] value = after.isEmpty() ? null : LedgerCodec.entry(after);
            records.add(record(Keys.of(accountId, bucket, deviceId), value, sweepId));
        }
        long[] rows = rows(after);
        if (!Arrays.equals(rows, rows(before))) {
            int most = LedgerCodec.mostRows(limits.of(topic) - ROOM);
            int now = (rows.length + most - 1) / most;
            int then = parts(accountId, deviceId, rows(before).length == 0 ? 0 : 1);
            for (int part = 0; part < Math.max(now, then); part++) {
                int from = part * most;
                byte[] value = part < now ? LedgerCodec.rows(rows, from, Math.min(rows.length, from + most)) : null;
                records.add(record(Keys.of(accountId, bucket, deviceId, String.valueOf(part)), value, sweepId));
            }
            note(accountId, deviceId, now);
        }
        return records;
    }

    private static long[] rows(LedgerEntry entry) {
        return entry.apps() == null ? NO_ROWS : entry.apps().rows();
    }

    private int parts(String accountId, String deviceId, int usual) {
        return parts.getOrDefault(accountId, Map.of()).getOrDefault(deviceId, usual);
    }

    private void note(String accountId, String deviceId, int count) {
        if (count > 1) {
            parts.computeIfAbsent(accountId, id -> new HashMap<>()).put(deviceId, count);
        } else {
            parts.getOrDefault(accountId, new HashMap<>()).remove(deviceId);
        }
    }

    /** Whether this bucket of the account is a record yet, as 0.1.0 wrote it. Then its devices have none. */
    boolean isFormer(String accountId, int bucket) {
        return former.getOrDefault(accountId, Set.of()).contains(bucket);
    }

    /** The end of such a record. The records of all its devices must follow in the same transaction. */
    ProducerRecord<String, byte[]> leave(String accountId, int bucket, String sweepId) {
        former.get(accountId).remove(bucket);
        return record(Keys.of(accountId, hex(bucket)), null, sweepId);
    }

    private ProducerRecord<String, byte[]> record(String key, byte[] value, String sweepId) {
        var record = new ProducerRecord<>(topic, partition, key, value);
        record.headers().add(SWEEP_ID, sweepId.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** The bucket is in the key so that 0.1.0, which looks there for a number, tells that it cannot read the value. */
    private static String bucket(String deviceId) {
        return hex(Ledger.bucketOf(deviceId));
    }

    private static String hex(int bucket) {
        return String.format("%02x", bucket);
    }

    /**
     * @param tenant null where it is not known
     * @param destination null where it is not known
     * @param sweepId of the transaction that the record goes with
     */
    ProducerRecord<String, byte[]> state(
            String accountId,
            Map<String, CompleteSweeps> complete,
            Map<String, Filled> filled,
            Map<String, Retractions> retractions,
            Map<String, RecentlyAdded> recentlyAdded,
            Map<String, Long> recoveries,
            CommandsRead commands,
            String tenant,
            Destination destination,
            String sweepId) {
        byte[] state = LedgerState.state(
                complete, filled, retractions, recentlyAdded, recoveries, commands, tenant, destination);
        return record(Keys.of(accountId, STATE), state, sweepId);
    }

    /** As the ledger has it. */
    ProducerRecord<String, byte[]> state(String accountId, Ledger ledger, String sweepId) {
        return state(
                accountId,
                ledger.complete(),
                ledger.filled(),
                ledger.retractions(),
                ledger.recentlyAdded(),
                ledger.recoveries(),
                ledger.commands(),
                ledger.tenant(),
                ledger.destination(),
                sweepId);
    }

    /**
     * What is left of a removed account: how far its commands were carried out, or nothing where there were none.
     *
     * @param sweepId of the transaction that the record goes with
     */
    ProducerRecord<String, byte[]> removed(String accountId, CommandsRead commands, String sweepId) {
        return commands.any()
                ? state(accountId, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), commands, null, null, sweepId)
                : record(Keys.of(accountId, STATE), null, sweepId);
    }

    /**
     * Reads the partition to its end, {@code read_committed}. To be called after {@code initTransactions}, which ends
     * whatever a former owner left open, so that the end stands.
     *
     * @param ids go on after those of all transactions that the ledger remembers
     */
    LedgerReading read(SweepIds ids) {
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

    private LedgerReading read(Consumer<String, byte[]> consumer, SweepIds ids) {
        var here = new TopicPartition(topic, partition);
        consumer.assign(List.of(here));
        consumer.seekToBeginning(List.of(here));
        long end = consumer.endOffsets(List.of(here), PATIENCE).get(here);
        var reading = new LedgerReading(ids);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(here, PATIENCE) < end) {
            var records = consumer.poll(Duration.ofMillis(200));
            records.forEach(reading::add);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the ledger could not be read to its end. topic=" + topic + " partition="
                        + partition + " end=" + end);
            }
        }
        take(reading);
        return reading;
    }

    /** Goes on from there. */
    void take(LedgerReading reading) {
        parts.clear();
        parts.putAll(reading.parts());
        former.clear();
        former.putAll(reading.formerBuckets());
    }
}
