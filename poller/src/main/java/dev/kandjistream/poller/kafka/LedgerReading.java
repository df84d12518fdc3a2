package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Puts ledgers together from the records of a partition, in their order. One thread. */
final class LedgerReading {
    private final SweepIds ids;
    private final Map<String, Account> accounts = new HashMap<>();

    /** @param ids go on after those of all transactions that the records remember */
    LedgerReading(SweepIds ids) {
        this.ids = ids;
    }

    /** What is known of an account so far. */
    private static final class Account {
        boolean hasState;
        final Ledger ledger = new Ledger();
        /** By device, with 0 for each app row where these are records of their own. */
        final Map<String, LedgerEntry> entries = new HashMap<>();
        /** Identities of app rows by device and part. */
        final Map<String, SortedMap<Integer, long[]>> rows = new HashMap<>();
        /** Devices of each bucket that is still a record. */
        final Map<Integer, Set<String>> former = new HashMap<>();
    }

    /** @throws LedgerUnreadableException where it is none of the ledger, or of a newer version */
    void add(ConsumerRecord<String, byte[]> record) {
        List<String> key = Keys.split(record.key());
        try {
            Account account = accounts.computeIfAbsent(key.get(0), id -> new Account());
            if (key.size() > 3) {
                rows(account, key.get(2), Integer.parseInt(key.get(3)), record.value());
            } else if (key.size() == 3) {
                entry(account, key.get(2), record.value());
            } else if (key.get(1).equals(LedgerStore.STATE)) {
                account.hasState = record.value() != null;
                state(account.ledger, record.value());
            } else {
                former(account, Integer.parseInt(key.get(1), 16), record.value());
            }
            // Missing in records of 0.1.0.
            record.headers()
                    .headers(LedgerStore.SWEEP_ID)
                    .forEach(id -> ids.follow(new String(id.value(), StandardCharsets.UTF_8)));
        } catch (RuntimeException unreadable) {
            throw new LedgerUnreadableException(
                    "Ledger record cannot be read: " + unreadable.getMessage() + ". topic=" + record.topic()
                            + " partition=" + record.partition() + " offset=" + record.offset(),
                    unreadable);
        }
    }

    private static void rows(Account account, String deviceId, int part, byte[] value) {
        if (value != null) {
            account.rows.computeIfAbsent(deviceId, id -> new TreeMap<>()).put(part, LedgerCodec.rows(value));
        } else {
            account.rows.computeIfPresent(deviceId, (id, parts) -> {
                parts.remove(part);
                return parts.isEmpty() ? null : parts;
            });
        }
    }

    private static void entry(Account account, String deviceId, byte[] value) {
        if (value == null) {
            account.entries.remove(deviceId);
        } else {
            account.entries.put(deviceId, LedgerCodec.entry(value));
        }
    }

    /** A bucket that is left is a tombstone, ahead of the records of its devices. */
    private static void former(Account account, int bucket, byte[] value) {
        Set<String> before = account.former.remove(bucket);
        account.entries.keySet().removeAll(before == null ? Set.of() : before);
        if (value != null) {
            Map<String, LedgerEntry> entries = FormerBuckets.bucket(value);
            account.entries.putAll(entries);
            account.former.put(bucket, new HashSet<>(entries.keySet()));
        }
    }

    /** Each says all of it: what a former one knew of is not so any more, as after a removal. */
    private static void state(Ledger ledger, byte[] state) {
        ledger.replaceComplete(state == null ? Map.of() : LedgerState.state(state));
        ledger.replaceFilled(state == null ? Map.of() : LedgerState.filled(state));
        ledger.replaceRetractions(state == null ? Map.of() : LedgerState.retractions(state));
        ledger.replaceRecentlyAdded(state == null ? Map.of() : LedgerState.recentlyAdded(state));
        ledger.replaceRecoveries(state == null ? Map.of() : LedgerState.recoveries(state));
        ledger.commands(state == null ? CommandsRead.NONE : LedgerState.commands(state));
        ledger.tenant(state == null ? null : LedgerState.tenant(state));
        ledger.destination(state == null ? null : LedgerState.destination(state));
    }

    /** By account id; accounts without records are missing, and so are lists of apps of which rows are missing. */
    Map<String, Ledger> ledgers() {
        var ledgers = new HashMap<String, Ledger>();
        accounts.forEach((accountId, account) -> {
            account.entries.forEach((deviceId, entry) -> account.ledger.put(
                    deviceId,
                    lacksRows(account, deviceId, entry) ? entry.withoutApps() : whole(account, deviceId, entry)));
            ledgers.put(accountId, account.ledger);
        });
        return ledgers;
    }

    /** Whether the record of the account's state is there. */
    boolean hasState(String accountId) {
        return accounts.containsKey(accountId) && accounts.get(accountId).hasState;
    }

    /** Entries, as they are stored, of which app rows are missing, by account and device: the topic lost records. */
    Map<String, Map<String, LedgerEntry>> damaged() {
        var damaged = new HashMap<String, Map<String, LedgerEntry>>();
        accounts.forEach((accountId, account) -> account.entries.forEach((deviceId, entry) -> {
            if (lacksRows(account, deviceId, entry)) {
                damaged.computeIfAbsent(accountId, id -> new HashMap<>()).put(deviceId, entry);
            }
        }));
        return damaged;
    }

    /** Whether records are missing for certain: rows of a device, or the state of an account with devices. */
    boolean isDamaged() {
        return accounts.values().stream().anyMatch(account -> !account.hasState && !account.entries.isEmpty())
                || !damaged().isEmpty();
    }

    private static boolean isFormer(Account account, String deviceId) {
        return account.former.getOrDefault(Ledger.bucketOf(deviceId), Set.of()).contains(deviceId);
    }

    private static boolean lacksRows(Account account, String deviceId, LedgerEntry entry) {
        return entry.apps() != null
                && !isFormer(account, deviceId)
                && joined(account.rows.getOrDefault(deviceId, Collections.emptySortedMap())).length
                        != entry.apps().rows().length;
    }

    private static LedgerEntry whole(Account account, String deviceId, LedgerEntry entry) {
        return entry.apps() == null || isFormer(account, deviceId)
                ? entry
                : entry.with(joined(account.rows.getOrDefault(deviceId, Collections.emptySortedMap())));
    }

    private static long[] joined(SortedMap<Integer, long[]> parts) {
        if (parts.size() == 1) {
            return parts.get(parts.firstKey());
        }
        long[] all =
                new long[parts.values().stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (long[] part : parts.values()) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Buckets of each account that still are one record, as 0.1.0 wrote them. */
    Map<String, Set<Integer>> formerBuckets() {
        var former = new HashMap<String, Set<Integer>>();
        accounts.forEach((accountId, account) -> {
            if (!account.former.isEmpty()) {
                former.put(accountId, new HashSet<>(account.former.keySet()));
            }
        });
        return former;
    }

    /** Parts of devices whose app rows lie in more than one, by account and device. */
    Map<String, Map<String, Integer>> parts() {
        var parts = new HashMap<String, Map<String, Integer>>();
        accounts.forEach((accountId, account) -> account.rows.forEach((deviceId, ofDevice) -> {
            if (ofDevice.lastKey() > 0) {
                parts.computeIfAbsent(accountId, id -> new HashMap<>()).put(deviceId, ofDevice.lastKey() + 1);
            }
        }));
        return parts;
    }
}
