package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.LedgerRecovery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a ledger partition for its new owner. Where records may be missing ({@link LedgerMark}), it compares with the raw topics
 * and writes what is missing, before anything is published.
 */
final class LedgerOpening {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerOpening.class);

    private final SweepPublisher.Lane lane;
    private final Producer<String, byte[]> producer;
    private final Destinations destinations;
    private final CommandLog commands;
    private final int partition;
    private final Map<String, Ledger> ledgers = new HashMap<>();
    private final Set<String> recovered = new HashSet<>();
    private long bytes;

    /** @param producer that has ended the transactions of a former owner */
    LedgerOpening(
            SweepPublisher.Lane lane,
            Producer<String, byte[]> producer,
            Destinations destinations,
            CommandLog commands) {
        this.lane = lane;
        this.producer = producer;
        this.destinations = destinations;
        this.commands = commands;
        partition = lane.ledgerPartition().partition();
    }

    /** By account id; accounts without records are missing. */
    Map<String, Ledger> ledgers() {
        return ledgers;
    }

    /** Accounts of which records were missing. */
    Set<String> recovered() {
        return recovered;
    }

    /** Returns when the partition has all that it must have. */
    void open() {
        LedgerMark before = destinations.ledger(partition);
        Map<Integer, LedgerMark> marks = destinations.ledgerMarks();
        LedgerReading reading = lane.ledgerStore().read(lane.ids());
        ledgers.putAll(reading.ledgers());
        LedgerMark now = destinations.ledger(partition);
        if (!now.id().equals(before.id())) {
            throw new UnknownTopicOrPartitionException("the topic was created again a moment ago. topic="
                    + lane.ledgerPartition().topic());
        }
        LedgerMark.Finding finding = LedgerMark.finding(
                partition, now, marks, ledgers.values().stream().allMatch(Ledger::isBlank));
        if (finding == LedgerMark.Finding.WHOLE && !reading.isDamaged()) {
            lane.place().at(now.with(LedgerMark.accounts(now, marks)));
            return;
        }
        repair(reading, finding == LedgerMark.Finding.OUTDATED, now, reason(now, marks.get(partition)));
    }

    /** In words. A topic that was deleted takes what is remembered of it along, sooner or later. */
    private String reason(LedgerMark now, LedgerMark before) {
        String topic = "topic " + lane.ledgerPartition().topic();
        if (before == null && now.end() == 0) {
            return topic + " was deleted and created again";
        }
        if (before != null && !before.id().equals(now.id())) {
            return topic + " was deleted and created again";
        }
        String where = topic + ", partition " + partition + ", ";
        if (now.start() > (before == null ? 0 : before.start())) {
            return where + "begins at offset " + now.start() + ", but began at " + (before == null ? 0 : before.start())
                    + "; check its cleanup.policy";
        }
        return before != null && now.end() < before.end()
                ? where + "ends at offset " + now.end() + ", but ended at " + before.end()
                : where + "lacks some of them";
    }

    private void repair(LedgerReading reading, boolean outdated, LedgerMark now, String reason) {
        RawReadings.Result raw = destinations.rawReadings().read(partition);
        Map<String, RawReading.Account> accounts = raw.of(partition);
        ledgers.keySet().forEach(accountId -> accounts.computeIfAbsent(accountId, id -> new RawReading.Account()));
        accounts.values().forEach(account -> account.lastSweepId().ifPresent(lane.ids()::follow));
        lane.place().at(now.with(raw.accounts()));
        Map<String, Map<String, LedgerEntry>> damaged = reading.damaged();
        begin();
        new TreeMap<>(accounts).forEach((accountId, account) -> {
            Ledger left = ledgers.getOrDefault(accountId, new Ledger());
            boolean hasState = reading.hasState(accountId);
            long time = lane.clock().getAsLong();
            var repaired = account.recovery.repair(left, hasState, outdated, commands::end, time);
            Map<String, LedgerEntry> stored = damaged.getOrDefault(accountId, Map.of());
            if (repaired.any() || !stored.isEmpty()) {
                write(accountId, left, repaired, stored);
                report(accountId, account.recovery, reason);
            }
        });
        commit(lane.place().text());
    }

    /** @param damaged entries of which rows are missing, as they are stored */
    private void write(
            String accountId, Ledger left, LedgerRecovery.Repaired repaired, Map<String, LedgerEntry> damaged) {
        Ledger ledger = repaired.ledger();
        String sweepId = lane.nextSweepId();
        var changed = new HashMap<>(repaired.changed());
        damaged.keySet().forEach(id -> changed.putIfAbsent(id, ledger.entry(id)));
        var former = new HashSet<Integer>();
        changed.forEach((deviceId, entry) -> {
            int bucket = Ledger.bucketOf(deviceId);
            if (lane.ledgerStore().isFormer(accountId, bucket)) {
                former.add(bucket);
            } else {
                write(accountId, deviceId, damaged.getOrDefault(deviceId, left.entry(deviceId)), entry, sweepId);
            }
        });
        former.forEach(bucket -> leave(accountId, bucket, ledger, sweepId));
        // Last: an account without state is compared again.
        send(lane.ledgerStore().state(accountId, ledger, sweepId));
        ledgers.put(accountId, ledger);
        recovered.add(accountId);
    }

    private static void report(String accountId, LedgerRecovery recovery, String reason) {
        LOG.atWarn()
                .addKeyValue("account", accountId)
                .addKeyValue("reason", reason)
                .addKeyValue("devices", recovery.devices())
                .log("The ledger lost records of the account; they are made anew from the raw topics");
    }

    /** A bucket that 0.1.0 wrote goes as a whole. */
    private void leave(String accountId, int bucket, Ledger ledger, String sweepId) {
        send(lane.ledgerStore().leave(accountId, bucket, sweepId));
        ledger.bucket(bucket).forEach((id, entry) -> write(accountId, id, LedgerEntry.EMPTY, entry, sweepId));
    }

    private void write(String accountId, String deviceId, LedgerEntry before, LedgerEntry after, String sweepId) {
        lane.ledgerStore().device(accountId, deviceId, before, after, sweepId).forEach(this::send);
        if (bytes >= lane.bytesPerTransaction()) {
            // Until the last one is committed, the next owner compares again.
            commit(LedgerMark.UNFINISHED);
            begin();
        }
    }

    private void begin() {
        producer.beginTransaction();
        bytes = 0;
    }

    private void send(ProducerRecord<String, byte[]> record) {
        bytes += record.value() == null ? 0 : record.value().length;
        lane.broker().send(producer, record, metadata -> lane.place().written(metadata.offset()));
    }

    /** As a sweep's transaction. */
    private void commit(String mark) {
        producer.sendOffsetsToTransaction(
                Map.of(lane.ledgerPartition(), new OffsetAndMetadata(0, mark)),
                lane.membership().metadata());
        producer.commitTransaction();
    }
}
