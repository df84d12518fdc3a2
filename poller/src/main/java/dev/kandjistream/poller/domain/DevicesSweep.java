package dev.kandjistream.poller.domain;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one walk over the device list said. */
public final class DevicesSweep {
    private final Walk walk = new Walk();
    private final Map<String, DeviceRow> rows = new HashMap<>();
    private long repeated;

    /**
     * One row; of two rows of one device the later counts.
     *
     * @return whether the device is new to this sweep
     */
    public boolean add(DeviceRow row) {
        return rows.put(row.deviceId(), row) == null;
    }

    /** A device came twice where the pages do not overlap. */
    public void repeated() {
        repeated++;
    }

    public Walk walk() {
        return walk;
    }

    Collection<DeviceRow> rows() {
        return rows.values();
    }

    boolean has(String deviceId) {
        return rows.containsKey(deviceId);
    }

    public int devices() {
        return rows.size();
    }

    /**
     * Why absence from this sweep proves nothing; empty for a complete one. Stricter than for apps: the walk takes
     * seconds and is soon repeated, and under offset paging whatever came or went meanwhile shifted other rows.
     */
    List<String> doubts() {
        List<String> doubts = walk.doubts(rows.size());
        if (repeated > 0) {
            doubts.add(repeated + " devices listed twice: the list shifted under the walk");
        }
        if (walk.totalMoved()) {
            doubts.add("the claimed total moved during the walk");
        }
        return doubts;
    }
}
