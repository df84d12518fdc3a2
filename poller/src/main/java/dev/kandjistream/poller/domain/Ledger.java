package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was last published of one account: enough to tell what changed and what is missing, without the records. Devices
 * lie in {@value #BUCKETS} buckets by a stable hash of their id; a bucket is stored as one record. Changed only after
 * the transaction that published the same is committed.
 */
public final class Ledger {
    public static final int BUCKETS = 256;

    private final List<Map<String, LedgerEntry>> buckets = new ArrayList<>();
    private CompleteSweeps devices = CompleteSweeps.NONE;
    private CompleteSweeps apps = CompleteSweeps.NONE;

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

    /** The entries of one bucket by device id. */
    public Map<String, LedgerEntry> bucket(int bucket) {
        return Collections.unmodifiableMap(buckets.get(bucket));
    }

    /** Every bucket; together all devices with anything published. */
    List<Map<String, LedgerEntry>> buckets() {
        return Collections.unmodifiableList(buckets);
    }

    /** The complete sweeps of the device list. */
    public CompleteSweeps devices() {
        return devices;
    }

    public void devices(CompleteSweeps newDevices) {
        devices = newDevices;
    }

    /** The complete sweeps of the apps. */
    public CompleteSweeps apps() {
        return apps;
    }

    public void apps(CompleteSweeps newApps) {
        apps = newApps;
    }
}
