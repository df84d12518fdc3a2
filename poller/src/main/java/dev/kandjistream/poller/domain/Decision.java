package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.SortedSet;

/**
 * What is done about one device: the records to publish, and what the ledger knows once they stand.
 *
 * @param publication what goes out
 * @param unconfirmed what readers are told besides: {@link Unconfirmed#NOTHING} where everything is confirmed again; null
 *     where they know already
 * @param after the ledger's entry from then on
 */
public record Decision(String deviceId, Publication publication, Unconfirmed unconfirmed, LedgerEntry after) {

    /** What goes out about one device. */
    public sealed interface Publication {}

    /**
     * The device's row.
     *
     * @param kept fields of the record whose value is kept from an earlier row; in order
     * @param owed whether it is state that the baseline could not read, not news
     * @param replaces id under which the same hardware was enrolled before, for the same user; null where none is known
     */
    public record Device(DeviceRow row, SortedSet<String> kept, boolean owed, String replaces) implements Publication {}

    /**
     * The device's apps, possibly none.
     *
     * @param owed as of a device
     * @param keepsRows whether rows that are published and that this list lacks still stand, because the unreadable ones may
     *     be these
     */
    public record Apps(DeviceApps apps, boolean owed, boolean keepsRows) implements Publication {}

    /** Null records. */
    public enum Gone implements Publication {
        /** The device is gone: both its records. */
        DEVICE,
        /** The same, where its hardware is enrolled under another id, for the same user. */
        REENROLLED,
        /** The apps record of a device that is not in the device list. */
        APPS,
        /** The whole account is removed on request: both records, which say so. */
        ACCOUNT
    }

    /** No record; only the ledger learns something, and perhaps readers of what is unconfirmed. */
    public enum Nothing implements Publication {
        NOTHING
    }

    static Decision publish(DeviceApps apps, boolean owed, LedgerEntry after) {
        return new Decision(apps.deviceId(), new Apps(apps, owed, false), null, after);
    }

    /** What the list adds and says anew; what it lacks still stands. */
    static Decision add(DeviceApps apps, LedgerEntry after) {
        return new Decision(apps.deviceId(), new Apps(apps, false, true), null, after);
    }

    static Decision remember(String deviceId, LedgerEntry after) {
        return new Decision(deviceId, Nothing.NOTHING, null, after);
    }
}
