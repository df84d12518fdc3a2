package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was last published of one account: enough to tell what changed and what is missing, without the records. Devices
 * lie in {@value #BUCKETS} buckets by a stable hash of their id; a bucket is stored as one record. Changed only after
 * the transaction that published the same is committed.
 */
public final class Ledger {
    public static final int BUCKETS = 256;

    /** Kinds of sweeps, as receipts call them. */
    public static final String DEVICES = "devices";

    public static final String APPS = "apps";
    public static final String DELTA = "delta";
    public static final String TARGETED = "targeted";

    /** The kind of full sweep that reads what a sweep of this kind reads a part of; the kind itself where it is a full one. */
    public static String fullKind(String kind) {
        return switch (kind) {
            case DELTA -> APPS;
            case TARGETED -> DEVICES;
            default -> kind;
        };
    }

    private final List<Map<String, LedgerEntry>> buckets = new ArrayList<>();
    private final Map<String, CompleteSweeps> complete = new HashMap<>();
    private final Map<String, Filled> filled = new HashMap<>();
    private final Map<String, Retractions> retractions = new HashMap<>();
    private final Map<String, RecentlyAdded> recentlyAdded = new HashMap<>();
    private final Map<String, Long> recovered = new HashMap<>();
    private CommandsRead commands = CommandsRead.NONE;
    private String tenant;
    private Destination destination;

    public Ledger() {
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new HashMap<>());
        }
    }

    /** The bucket of a device. Buckets are stored by this number, so it never changes. */
    public static int bucketOf(String deviceId) {
        return (int) (Fingerprint.of(deviceId) & BUCKETS - 1);
    }

    /** Never null: an empty entry where nothing is known. */
    public LedgerEntry entry(String deviceId) {
        return buckets.get(bucketOf(deviceId)).getOrDefault(deviceId, LedgerEntry.EMPTY);
    }

    /** Sets what is known of a device; an empty entry forgets it. */
    public void put(String deviceId, LedgerEntry entry) {
        if (entry.isEmpty()) {
            buckets.get(bucketOf(deviceId)).remove(deviceId);
        } else {
            buckets.get(bucketOf(deviceId)).put(deviceId, entry);
        }
    }

    /** Devices in the hands of these users, by what was published last. @param userIds lower case */
    public Set<String> devicesOf(Set<String> userIds) {
        var devices = new TreeSet<String>();
        if (userIds.isEmpty()) {
            return devices;
        }
        for (var bucket : buckets) {
            bucket.forEach((deviceId, entry) -> {
                AssignedUser holder =
                        entry.device() == null ? null : entry.device().holder();
                if (holder != null
                        && holder.id() != null
                        && userIds.contains(holder.id().toLowerCase(Locale.ROOT))) {
                    devices.add(deviceId);
                }
            });
        }
        return devices;
    }

    /** The entries of one bucket by device id. */
    public Map<String, LedgerEntry> bucket(int bucket) {
        return Collections.unmodifiableMap(buckets.get(bucket));
    }

    /** Sets a whole bucket, as read back from where it is stored. */
    public void replace(int bucket, Map<String, LedgerEntry> entries) {
        buckets.set(bucket, new HashMap<>(entries));
    }

    /** Every bucket; together all devices with anything published. */
    List<Map<String, LedgerEntry>> buckets() {
        return Collections.unmodifiableList(buckets);
    }

    /** App rows, of all devices. */
    public long appRows() {
        long rows = 0;
        for (var bucket : buckets) {
            for (LedgerEntry entry : bucket.values()) {
                rows += entry.apps() == null ? 0 : entry.apps().rows().length;
            }
        }
        return rows;
    }

    /** Devices that have app rows. */
    public long devicesWithApps() {
        return buckets.stream()
                .mapToLong(bucket ->
                        bucket.values().stream().filter(SingleReads::hasRows).count())
                .sum();
    }

    /** The complete sweeps of a kind. */
    public CompleteSweeps complete(String kind) {
        return complete.getOrDefault(kind, CompleteSweeps.NONE);
    }

    public void complete(String kind, CompleteSweeps sweeps) {
        complete.put(kind, sweeps);
    }

    /** Sets the complete sweeps of all kinds, as read back from where they are stored. */
    public void replaceComplete(Map<String, CompleteSweeps> all) {
        complete.clear();
        complete.putAll(all);
    }

    /** All of them by kind. */
    public Map<String, CompleteSweeps> complete() {
        return Collections.unmodifiableMap(complete);
    }

    /** How many rows of the latest complete sweep of a kind had which fields. */
    public Filled filled(String kind) {
        return filled.getOrDefault(kind, Filled.NONE);
    }

    /** The same of all kinds. */
    public Map<String, Filled> filled() {
        return Collections.unmodifiableMap(filled);
    }

    /** Sets it for one kind. */
    public void filled(String kind, Filled fields) {
        filled.put(kind, fields);
    }

    /** Sets it for all kinds, as read back from where they are stored. */
    public void replaceFilled(Map<String, Filled> all) {
        filled.clear();
        filled.putAll(all);
    }

    /** What sweeps of a kind retracted by themselves of late. */
    public Retractions retractions(String kind) {
        return retractions.getOrDefault(fullKind(kind), Retractions.NONE);
    }

    /** The same of all kinds. */
    public Map<String, Retractions> retractions() {
        return Collections.unmodifiableMap(retractions);
    }

    /** Sets it for one kind. */
    public void retractions(String kind, Retractions recent) {
        retractions.put(fullKind(kind), recent);
    }

    /** Sets it for all kinds, as read back from where they are stored. */
    public void replaceRetractions(Map<String, Retractions> all) {
        retractions.clear();
        retractions.putAll(all);
    }

    /** How large the account was before sweeps of a kind made it larger of late. */
    public RecentlyAdded recentlyAdded(String kind) {
        return recentlyAdded.getOrDefault(fullKind(kind), RecentlyAdded.NONE);
    }

    /** The same of all kinds. */
    public Map<String, RecentlyAdded> recentlyAdded() {
        return Collections.unmodifiableMap(recentlyAdded);
    }

    /** Sets it for one kind. */
    public void recentlyAdded(String kind, RecentlyAdded added) {
        recentlyAdded.put(fullKind(kind), added);
    }

    /** Sets it for all kinds, as read back from where they are stored. */
    public void replaceRecentlyAdded(Map<String, RecentlyAdded> all) {
        recentlyAdded.clear();
        recentlyAdded.putAll(all);
    }

    /** How far operators' commands were carried out. */
    public CommandsRead commands() {
        return commands;
    }

    public void commands(CommandsRead read) {
        commands = read;
    }

    /** Whose data this is, see {@link #of}; null where that was never written down. */
    public String tenant() {
        return tenant;
    }

    public void tenant(String name) {
        tenant = name;
    }

    /** Whether records that full sweeps of this kind publish are to be published again. */
    public boolean lacksPublished(String fullKind) {
        return buckets.stream()
                .anyMatch(bucket -> bucket.values().stream().anyMatch(entry -> entry.isUnpublished(fullKind)));
    }

    /** The topics that the records stand in; null where that was never written down. */
    public Destination destination() {
        return destination;
    }

    public void destination(Destination topics) {
        destination = topics;
    }

    /**
     * How long full sweeps have watched the account, milliseconds: by this time, not by the clock, what happened is of late. 0
     * until the end of the baseline.
     *
     * @param kind of sweep; one that reads a part counts none of its own
     */
    long watched(String kind) {
        return complete(fullKind(kind)).watched().total();
    }

    /** {@link WatchedTime} after this full sweep, which was read whole; null before the end of the baseline. */
    WatchedTime watched(String kind, SweepTime sweep, boolean endsBaseline) {
        WatchedTime before = complete(kind).watched();
        return before.total() == 0 && !endsBaseline ? null : before.and(sweep);
    }

    /** Records of it were lost and made anew from the raw topics, just now. */
    public void recovered() {
        for (String kind : List.of(DEVICES, APPS)) {
            recovered.put(kind, watched(kind));
        }
    }

    /** When records were made anew, by {@link #watched} and kind of full sweep; empty where that never happened. */
    public Map<String, Long> recoveries() {
        return Collections.unmodifiableMap(recovered);
    }

    /** Sets it, as read back from where it is stored. */
    public void replaceRecoveries(Map<String, Long> all) {
        recovered.clear();
        recovered.putAll(all);
    }

    /** Whether sweeps have watched the account for less than that since its records were made anew. */
    boolean recovering(String kind, Duration time) {
        Long since = recovered.get(fullKind(kind));
        return since != null && watched(kind) - since < time.toMillis();
    }

    /** Whether nothing stands of the account, and no sweep of it was ever complete. */
    public boolean isBlank() {
        return complete.isEmpty() && buckets.stream().allMatch(Map::isEmpty);
    }

    /**
     * The ledger to judge a tenant's sweep by: this one, or, where it was written for another tenant, one with the same
     * entries and another baseline ahead of it. So what the other tenant had is not retracted before a complete sweep of
     * this one, and what this one brings is state, not news.
     *
     * @param name null where nothing is known about whose the sweep is
     * @return shares its entries with this one, which is not to be used any more once the other's are published
     */
    public Ledger of(String name) {
        if (name == null || name.equals(tenant)) {
            return this;
        }
        Ledger other = with(Map.of());
        other.tenant = name;
        if (tenant != null) {
            other.complete.replaceAll((kind, sweeps) -> sweeps.forgotten());
            other.filled.clear();
        }
        return other;
    }

    /** This ledger with other entries for some devices. It shares the rest with this one: for reading only. */
    Ledger with(Map<String, LedgerEntry> entries) {
        var other = new Ledger();
        for (int i = 0; i < BUCKETS; i++) {
            other.buckets.set(i, buckets.get(i));
        }
        other.complete.putAll(complete);
        other.filled.putAll(filled);
        other.retractions.putAll(retractions);
        other.recentlyAdded.putAll(recentlyAdded);
        other.recovered.putAll(recovered);
        other.commands = commands;
        other.tenant = tenant;
        other.destination = destination;
        entries.forEach((deviceId, entry) -> {
            int bucket = bucketOf(deviceId);
            if (other.buckets.get(bucket) == buckets.get(bucket)) {
                other.replace(bucket, buckets.get(bucket));
            }
            other.put(deviceId, entry);
        });
        return other;
    }

    /** Whether sweeps of the device list bring news by now, and may retract. */
    boolean knowsDevices() {
        return complete(DEVICES).baseline();
    }

    /** Whether sweeps of the apps bring news by now, and may retract. */
    boolean knowsApps() {
        return complete(APPS).baseline();
    }
}
