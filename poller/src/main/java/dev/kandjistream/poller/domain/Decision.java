package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;

/**
 * What is done about one device: the records to publish, and what the ledger knows once they stand.
 *
 * @param publication what goes out
 * @param after the ledger's entry from then on
 */
public record Decision(String deviceId, Publication publication, LedgerEntry after) {

    /** What goes out about one device. */
    public sealed interface Publication {}

    /** The device's row. */
    public record Device(DeviceRow row) implements Publication {}

    /** The device's apps, possibly none. */
    public record Apps(DeviceApps apps) implements Publication {}

    /** Null records. */
    public enum Gone implements Publication {
        /** The device is gone: both its records. */
        DEVICE,
        /** The apps record of a device that is not in the device list. */
        APPS,
        /** The whole account is removed on request: both records, which say so. */
        ACCOUNT
    }

    /** No record; only the ledger learns something. */
    public enum Nothing implements Publication {
        NOTHING
    }

    static Decision publish(DeviceRow row, LedgerEntry after) {
        return new Decision(row.deviceId(), new Device(row), after);
    }

    static Decision publish(DeviceApps apps, LedgerEntry after) {
        return new Decision(apps.deviceId(), new Apps(apps), after);
    }

    static Decision remember(String deviceId, LedgerEntry after) {
        return new Decision(deviceId, Nothing.NOTHING, after);
    }
}
