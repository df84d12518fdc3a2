package dev.kandjistream.poller.domain;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one walk over app rows said, and what individual re-reads of devices said after it. The walk is over all rows, or
 * over some: then absence from it means nothing, and a device's rows in it need not be all of them.
 */
public final class AppsSweep {
    private static final long DEVICE_WEIGHT = 800;
    private static final long ROW_WEIGHT = 30;

    private final boolean partial;
    private final Walk walk = new Walk();
    private final Map<String, DeviceApps> devices = new HashMap<>();
    private final Set<String> reread = new HashSet<>();
    private final Set<String> confirmedEmpty = new HashSet<>();
    private final Map<String, String> unread = new TreeMap<>();
    private final AppFieldStatistics fields = new AppFieldStatistics();
    private DeviceApps latest;
    /** None where the different rows are as many as the API claims. */
    private long repeatedMayHide;

    private long ofAnAppTwice;
    /** The lists with rows that could not be read, as the walk found them. */
    private List<DeviceApps> unreadLists = List.of();

    private List<String> doubts = List.of("the walk is under way");

    public AppsSweep() {
        this(false);
    }

    private AppsSweep(boolean partial) {
        this.partial = partial;
    }

    /** Of the rows that a filter lets through. */
    public static AppsSweep ofSome() {
        return new AppsSweep(true);
    }

    /** One row; see {@link DeviceApps#add}. Rows of one device mostly come in a row. */
    public void add(String deviceId, SharedApp app, long created, long updated, long collected, long observed) {
        if (latest == null || !latest.deviceId().equals(deviceId)) {
            latest = devices.computeIfAbsent(deviceId, id -> new DeviceApps(id, observed));
        }
        latest.add(app, created, updated, collected, observed);
        fields.add(app.app(), collected);
    }

    /**
     * One row that cannot be read. The device's other rows are.
     *
     * @param print see {@link DeviceApps#unreadRow}
     */
    public void unread(String deviceId, String why, long print, long observed) {
        devices.computeIfAbsent(deviceId, id -> new DeviceApps(id, observed)).unreadRow(print);
        walk.unread(deviceId, why);
        if (unread.size() < Findings.LISTED) {
            unread.putIfAbsent(deviceId, why);
        }
    }

    /** Devices with a row that could not be read, and why; not more than a receipt lists. */
    Map<String, String> unread() {
        return Collections.unmodifiableMap(unread);
    }

    /** Devices with a row that could not be read. */
    long unreadDevices() {
        return devices.values().stream().filter(apps -> apps.unreadRows() > 0).count();
    }

    AppFieldStatistics fields() {
        return fields;
    }

    /** Whether the list of every device is proven whole by a total that the API claimed and that did not move. */
    boolean provesLists() {
        return doubts.isEmpty() && !partial && walk.claimedTotal().isPresent() && !walk.totalMoved();
    }

    /** Bytes of heap that this sweep takes without the texts of its apps, roughly. */
    public long weight() {
        return devices.size() * DEVICE_WEIGHT + walk.rows() * ROW_WEIGHT;
    }

    /** Ends the walk; re-reads come after it and do not count towards its totals. */
    public AppsSweep seal() {
        devices.values().forEach(DeviceApps::seal);
        doubts = judgeWalk();
        return this;
    }

    /** These rows of one device, read for it alone and whole, replace what the walk found. */
    public void reread(DeviceApps whole) {
        devices.put(whole.deviceId(), whole);
        reread.add(whole.deviceId());
    }

    /** Another endpoint, asked for this device alone, said that it has no apps. */
    public void confirmEmpty(String deviceId) {
        confirmedEmpty.add(deviceId);
    }

    public Walk walk() {
        return walk;
    }

    /** Devices with rows. */
    public Collection<DeviceApps> devices() {
        return devices.values();
    }

    /** Whether this sweep, made for these devices only, read their rows whole and no others'. */
    public boolean proves(Set<String> deviceIds) {
        return doubts.isEmpty() && !walk.totalMoved() && deviceIds.containsAll(devices.keySet());
    }

    /** Whether rows of one device may stand in the place of rows of another. */
    public boolean mayMixDevices() {
        return mayHide() > 0 || ofAnAppTwice > 0 || !unreadLists.isEmpty();
    }

    /** Whether the walk was what it should be: no page failed, counts agree. */
    public boolean isSound() {
        return doubts.isEmpty();
    }

    boolean isPartial() {
        return partial;
    }

    boolean has(String deviceId) {
        return devices.containsKey(deviceId);
    }

    boolean wasReread(String deviceId) {
        return reread.contains(deviceId);
    }

    boolean isConfirmedEmpty(String deviceId) {
        return confirmedEmpty.contains(deviceId);
    }

    /** Why absence from this sweep proves nothing; empty for a complete one. */
    List<String> doubts() {
        return doubts;
    }

    /** How many app rows may be there although no list shows them. */
    long mayHide() {
        return walk.mayHide(repeatedMayHide);
    }

    /** Why app rows may be there although no list shows them; null if none may. */
    String hiddenInWords() {
        return walk.hiddenInWords(repeatedMayHide);
    }

    /** Rows of an app that its device has already; see {@link DeviceApps#rowsOfAnAppTwice}. */
    long ofAnAppTwice() {
        return ofAnAppTwice;
    }

    /**
     * Whether more rows cannot be read than published ones are missing. The others may be new ones, or stand in the place of
     * rows of other devices.
     */
    boolean hasUnreadBeyondKnown(Ledger ledger) {
        return unreadLists.stream().anyMatch(apps -> {
            LedgerEntry known = ledger.entry(apps.deviceId());
            int missing =
                    known.apps() == null ? 0 : known.apps().missingFrom(apps).rows();
            return apps.unreadRows() > missing + known.owed().appRows();
        });
    }

    private List<String> judgeWalk() {
        long distinct = 0;
        long repeated = 0;
        ofAnAppTwice = 0;
        for (DeviceApps device : devices.values()) {
            distinct += device.distinctRows();
            repeated += device.repeatedRows();
            ofAnAppTwice += device.rowsOfAnAppTwice();
        }
        unreadLists =
                devices.values().stream().filter(apps -> apps.unreadRows() > 0).toList();
        List<String> doubts = walk.doubts(distinct, repeated);
        repeatedMayHide = walk.countsExactly(distinct) ? 0 : repeated;
        // With a claimed total there is a limit to what the repeated ones may hide. A count of another endpoint lends
        // no belief.
        if (repeated > 0 && !walk.claimed()) {
            doubts.add(repeated + " rows came twice and no page claimed a total: the list shifted under the walk");
        }
        if (partial && walk.mayHide(0) > 0) {
            doubts.add(walk.hiddenInWords(0));
        }
        return doubts;
    }
}
