package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Order;
import dev.kandjistream.poller.domain.Withheld.What;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ledger records of 0.1.0: forms 1 and 2, in which a record holds a whole bucket of devices. They know one absence a device,
 * no platform and no serial number, which are taken from the next row, and app rows by other identities.
 */
final class FormerBuckets {
    private static final byte FIRST = 1;
    private static final byte WITH_ORDERS = 2;
    private static final int DEVICE = 1;
    private static final int HOLDER = 2;
    private static final int DEVICE_ABSENCE = 4;
    private static final int APPS = 8;
    private static final int APPS_ABSENCE = 16;

    private FormerBuckets() {}

    /**
     * The entries of a bucket by device id.
     *
     * @throws LedgerUnreadableException for bytes that are no such record
     */
    static Map<String, LedgerEntry> bucket(byte[] bytes) {
        var entries = new HashMap<String, LedgerEntry>();
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte form = in.readByte();
            LedgerCodec.requireForm(form, FIRST, WITH_ORDERS);
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String deviceId = LedgerCodec.text(in);
                entries.put(deviceId, entry(form, in));
            }
        } catch (IOException cut) {
            throw new LedgerUnreadableException("the record is cut", cut);
        }
        return entries;
    }

    private static LedgerEntry entry(byte form, DataInputStream in) throws IOException {
        int flags = in.readByte();
        DeviceMemory device = (flags & DEVICE) == 0 ? null : device(form, flags, in);
        AppsMemory apps = (flags & APPS) == 0 ? null : apps(form, flags, in);
        // The serial number that the next row has is no news, and is not withheld.
        return new LedgerEntry(device, apps, new LedgerEntry.Owed(false, false, device != null, 0));
    }

    private static DeviceMemory device(byte form, int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : LedgerCodec.user(in);
        List<Absence> absences = (flags & DEVICE_ABSENCE) == 0 ? List.of() : List.of(absence(form, What.DEVICE, in));
        return DeviceMemory.former(details, attribution, holder, absences);
    }

    private static AppsMemory apps(byte form, int flags, DataInputStream in) throws IOException {
        long fingerprint = in.readLong();
        long collectedAt = in.readLong();
        long[] rows = new long[LedgerCodec.rowCount(in)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = in.readLong();
        }
        Absence absence = (flags & APPS_ABSENCE) == 0 ? null : absence(form, What.APPS, in);
        return new AppsMemory(fingerprint, rows, collectedAt, true, absence);
    }

    /** @param kind that these forms do not say, but for the picture of a device's */
    private static Absence absence(byte form, What kind, DataInputStream in) throws IOException {
        long picture = in.readLong();
        long since = in.readLong();
        int sweeps = in.readInt();
        Order order = form == WITH_ORDERS ? LedgerCodec.order(in.readByte()) : null;
        What what = kind == What.APPS || What.of((int) picture) == null ? kind : What.of((int) picture);
        // How evenly it stood was not written down, so its standing time begins anew.
        return new Absence(what, picture, since, 0, 0, since, sweeps, order);
    }
}
