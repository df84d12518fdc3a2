package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import java.util.HashMap;
import java.util.Map;

/**
 * When rows of devices were read that are published, where the list and single devices are read side by side: whichever is
 * published later may have been read earlier, and would take back what the other told. In memory, for a sweep of the list
 * takes seconds and begins anew with a new owner of the account.
 */
public final class Overtaken {
    private final Map<String, Long> singleReadAt = new HashMap<>();
    private long listReadFrom = Moment.UNKNOWN;

    /** Leaves out of a sweep of the list what was read by itself after its page. */
    public synchronized void skipOvertakenOfList(DevicesSweep list) {
        singleReadAt.forEach(list::overtakenBy);
    }

    /** Leaves out of single devices those that a published list read later. */
    public synchronized void skipOvertakenOfSingle(DevicesSweep single) {
        if (listReadFrom != Moment.UNKNOWN) {
            for (DeviceRow row : single.rows().toArray(DeviceRow[]::new)) {
                single.overtakenBy(row.deviceId(), listReadFrom);
            }
        }
    }

    /** A whole list is published. @param begunAt before its first page was asked for, by this machine's clock */
    public synchronized void listPublished(long begunAt) {
        listReadFrom = Math.max(listReadFrom, begunAt);
        // Lists read from now on have seen what was read by itself until then.
        singleReadAt.values().removeIf(readAt -> readAt < begunAt);
    }

    /** Devices read by themselves are published. */
    public synchronized void singlePublished(DevicesSweep single) {
        single.rows().forEach(row -> singleReadAt.merge(row.deviceId(), row.observedAt(), Math::max));
    }
}
