package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.LedgerEntry.Owed;

/**
 * Rows of devices that the ledger does not know, and that show nothing which every device has. Such a row is more likely the
 * damaged row of a known device than a new device.
 */
final class Strangers {
    private Strangers() {}

    /** How many there are. What the baseline could not read is known. */
    static long in(DevicesSweep sweep, Ledger ledger) {
        long unread = sweep.unread().keySet().stream()
                .filter(deviceId -> !sweep.hasRow(deviceId) && isUnknown(ledger.entry(deviceId)))
                .count();
        long bare = sweep.rows().stream()
                .filter(row -> isBare(row) && isUnknown(ledger.entry(row.deviceId())))
                .count();
        return unread + bare;
    }

    private static boolean isBare(DeviceRow row) {
        return row.platform() == null && row.serialNumber() == null;
    }

    /** Published without either, since a later sweep than the baseline. */
    private static boolean isBare(DeviceMemory memory) {
        return memory.platform() == null && memory.serial() == null;
    }

    private static boolean isUnknown(LedgerEntry known) {
        return known.owed().withApps(0).equals(Owed.NOTHING) && (known.device() == null || isBare(known.device()));
    }
}
