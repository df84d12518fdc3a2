package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Orders;
import dev.kandjistream.poller.domain.Oversized;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.sweeps.RawEndOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one sweep on their way out. Devices go bucket by bucket, each bucket followed by its ledger record, so that
 * a transaction can end between any two buckets: what it published and what the ledger remembers of it are the same.
 */
final class SweepTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(SweepTransaction.class);

    /** A key with its headers, about. */
    private static final int TOMBSTONE_BYTES = 200;

    private final SweepPublisher.Lane lane;
    private final Producer<String, byte[]> producer;
    private final Ledger ledger;
    private final Orders orders;
    private final Destination destination;
    private final Ledger judged;
    private final SweepFacts facts;
    private final Verdict verdict;
    private final Map<TopicPartition, Long> rawEnds = new HashMap<>();
    private final Map<String, LedgerEntry> pending = new LinkedHashMap<>();
    private String sweepId;
    private RawRecords records;
    private long bytes;
    /** Whether the open transaction has a record of the ledger: each that publishes must leave its sweep id there. */
    private boolean ledgerSent;

    private long published;
    private final Map<String, String> skipped = new LinkedHashMap<>();

    SweepTransaction(
            SweepPublisher.Lane lane,
            Producer<String, byte[]> producer,
            Ledger ledger,
            Orders orders,
            Destination destination,
            SweepFacts facts,
            Verdict verdict) {
        this.lane = lane;
        this.producer = producer;
        this.ledger = ledger;
        this.orders = orders;
        this.destination = destination;
        judged = orders.ledger();
        this.facts = facts;
        this.verdict = verdict;
    }

    /**
     * Sends orders, then all decisions; leaves the last transaction open for state and receipt.
     *
     * @param commands what the state says of commands from the first transaction on
     */
    void send(CommandsRead commands) {
        begin();
        // With the first transaction: if the publish breaks off between two, what the first took and added must not be
        // forgotten. Nor may an account have devices and no state, which is how a loss of records looks.
        if (ledger.isBlank()
                || !commands.equals(ledger.commands())
                || !orders.ordered().isEmpty()
                || verdict.findings().retractions() != null
                || verdict.findings().recentlyAdded() != null) {
            sendOrdersAndState(commands);
        }
        var byBucket = new TreeMap<Integer, List<Decision>>();
        for (Decision decision : verdict.decisions()) {
            byBucket.computeIfAbsent(Ledger.bucketOf(decision.deviceId()), bucket -> new ArrayList<>())
                    .add(decision);
        }
        byBucket.forEach((bucket, decisions) -> {
            if (bytes >= lane.bytesPerTransaction()) {
                if (lacksLedger()) {
                    sendState(commands);
                }
                commit();
                begin();
            }
            sendBucket(bucket, decisions);
        });
        // The receipt names the offsets of everything before it.
        producer.flush();
    }

    /**
     * All in the first transaction: a command that is read again after a crash between two of them would mean what is
     * withheld by then.
     */
    private void sendOrdersAndState(CommandsRead commands) {
        orders.ordered().keySet().stream()
                .map(Ledger::bucketOf)
                .distinct()
                .forEach(bucket -> remember(bucket, ordered(bucket)));
        sendState(commands);
    }

    private Map<String, LedgerEntry> ordered(int bucket) {
        var ordered = new HashMap<>(orders.ordered());
        ordered.keySet().removeIf(deviceId -> Ledger.bucketOf(deviceId) != bucket);
        return ordered;
    }

    /** As before the sweep, but for what must not be forgotten if the publish breaks off between two transactions. */
    private void sendState(CommandsRead commands) {
        send(lane.ledgerStore()
                .state(
                        facts.accountId(),
                        ledger.complete(),
                        ledger.filled(),
                        SweepPublisher.with(
                                ledger.retractions(),
                                facts.kind(),
                                verdict.findings().retractions()),
                        SweepPublisher.with(
                                ledger.recentlyAdded(),
                                facts.kind(),
                                verdict.findings().recentlyAdded()),
                        ledger.recoveries(),
                        commands,
                        ledger.tenant(),
                        destination,
                        sweepId));
        ledgerSent = true;
    }

    private void begin() {
        sweepId = lane.nextSweepId();
        records = new RawRecords(facts.accountId(), sweepId, verdict.baseline());
        bytes = 0;
        ledgerSent = false;
        producer.beginTransaction();
    }

    /** Commits, in the name of the member that owns the accounts, and only then lets the ledger know. */
    void commit() {
        // The offset means nothing. That the coordinator takes it means that this process still owns the partition. Its
        // metadata
        // are what the next owner compares the partition with.
        producer.sendOffsetsToTransaction(
                Map.of(
                        lane.ledgerPartition(),
                        new OffsetAndMetadata(0, lane.place().text())),
                lane.membership().metadata());
        producer.commitTransaction();
        pending.forEach(ledger::put);
        pending.clear();
    }

    private void sendBucket(int bucket, List<Decision> decisions) {
        var after = new HashMap<String, LedgerEntry>();
        for (Decision decision : decisions) {
            Decision done = carryOut(decision);
            if (done != null) {
                after.put(done.deviceId(), done.after());
            }
        }
        remember(bucket, after);
    }

    /** @param after new entries of devices of the bucket */
    private void remember(int bucket, Map<String, LedgerEntry> after) {
        if (!after.isEmpty() && lane.ledgerStore().isFormer(facts.accountId(), bucket)) {
            sendLedger(lane.ledgerStore().leave(facts.accountId(), bucket, sweepId));
            var all = new HashMap<>(ledger.bucket(bucket));
            all.putAll(after);
            all.forEach((deviceId, entry) -> remember(deviceId, LedgerEntry.EMPTY, entry));
        } else {
            after.forEach((deviceId, entry) ->
                    remember(deviceId, pending.getOrDefault(deviceId, ledger.entry(deviceId)), entry));
        }
        pending.putAll(after);
    }

    private void remember(String deviceId, LedgerEntry before, LedgerEntry after) {
        lane.ledgerStore()
                .device(facts.accountId(), deviceId, before, after, sweepId)
                .forEach(this::sendLedger);
    }

    private void sendLedger(ProducerRecord<String, byte[]> record) {
        bytes += record.value() == null ? TOMBSTONE_BYTES : record.value().length;
        send(record);
        ledgerSent = true;
    }

    /** @return what was carried out, which is something else if the record is too large; null for nothing */
    private Decision carryOut(Decision decision) {
        String key = Keys.of(facts.accountId(), decision.deviceId());
        Decision done = publish(decision, key);
        if (done != null && done.unconfirmed() != null) {
            send(done, key);
        }
        return done;
    }

    private void send(Decision decision, String key) {
        var record = records.unconfirmed(decision.deviceId(), decision.unconfirmed(), facts.startedAt());
        byte[] value = record == null ? null : lane.unconfirmedSerializer().serialize(lane.unconfirmed(), record);
        bytes += value == null ? TOMBSTONE_BYTES : value.length;
        sendRaw(new ProducerRecord<>(lane.unconfirmed(), key, value));
    }

    private Decision publish(Decision decision, String key) {
        if (decision.publication() instanceof Decision.Device device) {
            return publish(decision, lane.rawDevices(), key, records.device(device), lane.deviceSerializer());
        }
        if (decision.publication() instanceof Decision.Apps apps) {
            return apps.apps().overflowed()
                    ? skip(decision, "more than 50,000 app rows", lane.rawApps())
                    : publish(decision, lane.rawApps(), key, records.apps(apps), lane.appsSerializer());
        }
        if (decision.publication() instanceof Decision.Gone gone) {
            retract(gone, key);
        }
        return decision;
    }

    private void retract(Decision.Gone gone, String key) {
        long now = lane.clock().getAsLong();
        String cause =
                switch (gone) {
                    case ACCOUNT -> TombstoneHeaders.ACCOUNT_REMOVED;
                    case REENROLLED -> TombstoneHeaders.DEVICE_REENROLLED;
                    case DEVICE, APPS -> null;
                };
        if (gone != Decision.Gone.APPS) {
            sendRaw(records.gone(lane.rawDevices(), key, now, cause));
        }
        sendRaw(records.gone(lane.rawApps(), key, now, cause));
        bytes += 2 * TOMBSTONE_BYTES;
    }

    private <V> Decision publish(Decision decision, String topic, String key, V record, Serializer<V> serializer) {
        byte[] value = serializer.serialize(topic, record);
        Optional<RecordLimits.Excess> excess = lane.limits().excess(topic, ToBroker.besides(key), value);
        if (excess.isPresent()) {
            return skip(decision, excess.get().toString(), topic);
        }
        published++;
        bytes += value.length;
        sendRaw(new ProducerRecord<>(topic, key, value));
        return decision;
    }

    private Decision skip(Decision decision, String why, String topic) {
        skipped.put(decision.deviceId(), why);
        LOG.atWarn()
                .addKeyValue("account", facts.accountId())
                .addKeyValue("device", decision.deviceId())
                .addKeyValue("reason", why)
                .log("Device skipped: its record is too large");
        return Oversized.instead(
                decision, judged.entry(decision.deviceId()), verdict.baseline(), "record too large for topic " + topic);
    }

    private void sendRaw(ProducerRecord<String, byte[]> record) {
        lane.broker().send(producer, record, metadata -> {
            synchronized (rawEnds) {
                rawEnds.merge(
                        new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset() + 1, Math::max);
            }
        });
    }

    private void send(ProducerRecord<String, byte[]> record) {
        lane.broker().send(producer, record, metadata -> lane.place().written(metadata.offset()));
    }

    /** Whether the open transaction needs the state for its sweep id: check-ins alone are published and not remembered. */
    boolean lacksLedger() {
        return !ledgerSent && published > 0;
    }

    /** Id of the transaction that is open. */
    String sweepId() {
        return sweepId;
    }

    /** Devices whose record of this kind is still to be published again when all that was sent is committed. */
    private long unpublished() {
        String kind = Ledger.fullKind(facts.kind());
        long devices = 0;
        for (int bucket = 0; bucket < Ledger.BUCKETS; bucket++) {
            for (var entry : judged.bucket(bucket).entrySet()) {
                LedgerEntry after = pending.getOrDefault(entry.getKey(), ledger.entry(entry.getKey()));
                devices += after.isUnpublished(kind) ? 1 : 0;
            }
        }
        return devices;
    }

    /** Everything sent so far. */
    Sent sent() {
        return new Sent(sweepId, published, new LinkedHashMap<>(skipped), unpublished(), reason(), rawEnds());
    }

    private String reason() {
        if (skipped.isEmpty()) {
            return verdict.reason();
        }
        var first = skipped.entrySet().iterator().next();
        String notice = skipped.size() + " devices skipped, their records are too large, the first: "
                + Keys.of(facts.accountId(), first.getKey()) + ", " + first.getValue();
        return verdict.reason() == null ? notice : verdict.reason() + "; " + notice;
    }

    private List<RawEndOffset> rawEnds() {
        synchronized (rawEnds) {
            return rawEnds.entrySet().stream()
                    .map(end ->
                            new RawEndOffset(end.getKey().topic(), end.getKey().partition(), end.getValue()))
                    .sorted(Comparator.comparing(RawEndOffset::getTopic).thenComparing(RawEndOffset::getPartition))
                    .toList();
        }
    }
}
