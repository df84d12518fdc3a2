package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Order;
import dev.kandjistream.poller.domain.Withheld.What;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes the ledger's buckets, in a binary form because hashes do not compress. The first byte is the version of the
 * form. Only pollers read them. An account's state is another record: {@link LedgerState}.
 *
 * <p>Form 3 of a bucket is written. Forms 1 and 2, which 0.1.0 wrote, are read: they know one absence a device, no platform and no
 * serial number, which are taken from the next row, and app rows by other identities.
 */
final class LedgerCodec {
    private static final byte VERSION = 1;
    private static final byte WITH_ORDERS = 2;
    private static final byte WITH_FIELDS = 3;
    private static final int DEVICE = 1;
    private static final int HOLDER = 2;
    /** Of forms 1 and 2. */
    private static final int DEVICE_ABSENCE = 4;

    /** Of form 3. */
    private static final int FORMER_ROWS = 4;

    private static final int APPS = 8;
    private static final int APPS_ABSENCE = 16;
    private static final int DEVICE_OWED = 32;
    private static final int APPS_OWED = 64;
    private static final int NAMES_UNCONFIRMED = 128;
    /** What of a device is owed, a bit each. */
    private static final int USER = 1;

    private static final int PLATFORM = 2;
    private static final int SERIAL = 4;

    /** Identities kept of one device; far beyond any real one, and it bounds the record. */
    private static final int MOST_ROWS = 1 << 18;

    private LedgerCodec() {}

    /** @return null for an empty bucket */
    static byte[] bucket(Map<String, LedgerEntry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(WITH_FIELDS);
            out.writeInt(entries.size());
            // In order, so that equal buckets are equal bytes.
            for (var entry : new TreeMap<>(entries).entrySet()) {
                text(entry.getKey(), out);
                entry(entry.getValue(), out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void entry(LedgerEntry entry, DataOutputStream out) throws IOException {
        DeviceMemory device = entry.device();
        AppsMemory apps = entry.apps();
        LedgerEntry.Owed owed = entry.owed();
        int ofDevice = (owed.user() ? USER : 0) | (owed.platform() ? PLATFORM : 0) | (owed.serial() ? SERIAL : 0);
        int flags = ofDevice != 0 ? DEVICE_OWED : 0;
        flags |= owed.appRows() != 0 ? APPS_OWED : 0;
        if (device != null) {
            flags |= DEVICE;
            flags |= device.holder() == null ? 0 : HOLDER;
            flags |= device.namesUnconfirmed() ? NAMES_UNCONFIRMED : 0;
        }
        if (apps != null) {
            flags |= APPS;
            flags |= apps.absence() == null ? 0 : APPS_ABSENCE;
            flags |= apps.former() ? FORMER_ROWS : 0;
        }
        out.writeByte(flags);
        if (ofDevice != 0) {
            out.writeByte(ofDevice);
        }
        if (owed.appRows() != 0) {
            out.writeInt(owed.appRows());
        }
        if (device != null) {
            device(device, out);
        }
        if (apps != null) {
            out.writeLong(apps.fingerprint());
            out.writeLong(apps.collectedAt());
            out.writeInt(apps.rows().length);
            for (long row : apps.rows()) {
                out.writeLong(row);
            }
            if (apps.absence() != null) {
                absence(apps.absence(), out);
            }
        }
    }

    private static void device(DeviceMemory device, DataOutputStream out) throws IOException {
        out.writeLong(device.details());
        out.writeLong(device.attribution());
        if (device.holder() != null) {
            user(device.holder(), out);
        }
        text(device.platform(), out);
        text(device.serial(), out);
        out.writeByte(trit(device.removed()));
        out.writeLong(device.unconfirmed());
        out.writeLong(device.since());
        out.writeLong(device.heldSince());
        out.writeByte(device.absences().size());
        for (Absence absence : device.absences()) {
            absence(absence, out);
        }
    }

    private static int trit(Boolean value) {
        return value == null ? 2 : value ? 1 : 0;
    }

    private static Boolean trit(int trit) {
        return trit == 2 ? null : Boolean.valueOf(trit == 1);
    }

    private static void user(AssignedUser user, DataOutputStream out) throws IOException {
        text(user.id(), out);
        text(user.email(), out);
        text(user.name(), out);
        out.writeByte(trit(user.archived()));
    }

    private static void absence(Absence absence, DataOutputStream out) throws IOException {
        out.writeByte(absence.what().number());
        out.writeLong(absence.picture());
        out.writeLong(absence.since());
        out.writeLong(absence.stood());
        out.writeInt(absence.gaps());
        out.writeLong(absence.shownAt());
        out.writeInt(absence.sweeps());
        out.writeByte(absence.order() == null ? 0 : 1 + absence.order().ordinal());
        out.writeLong(absence.outOf());
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** @throws LedgerUnreadableException for bytes that {@link #bucket} did not make */
    static Map<String, LedgerEntry> bucket(byte[] bytes) {
        var entries = new HashMap<String, LedgerEntry>();
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            requireVersion(version, WITH_FIELDS);
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String deviceId = text(in);
                entries.put(deviceId, entry(version, in));
            }
        } catch (IOException cut) {
            throw new LedgerUnreadableException("the record is cut", cut);
        }
        return entries;
    }

    static void requireVersion(int version, int latest) {
        if (version < VERSION || version > latest) {
            throw new LedgerUnreadableException(
                    "expected a record of form " + VERSION + " to " + latest + ", found " + version
                            + ": a newer version of kandji-stream wrote it. Start that version again;"
                            + " docs/runbook.md says how to go back",
                    null);
        }
    }

    private static LedgerEntry entry(byte version, DataInputStream in) throws IOException {
        int flags = in.readByte();
        LedgerEntry.Owed owed = version == WITH_FIELDS ? owed(flags, in) : formerOwed(flags);
        DeviceMemory device = null;
        AppsMemory apps = null;
        if ((flags & DEVICE) != 0) {
            device = version == WITH_FIELDS ? device(flags, in) : formerDevice(version, flags, in);
        }
        if ((flags & APPS) != 0) {
            boolean former = version != WITH_FIELDS || (flags & FORMER_ROWS) != 0;
            long fingerprint = in.readLong();
            long collectedAt = in.readLong();
            int count = in.readInt();
            if (count < 0 || count > MOST_ROWS) {
                throw new LedgerUnreadableException("expected at most " + MOST_ROWS + " rows, found " + count, null);
            }
            long[] rows = new long[count];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = in.readLong();
            }
            Absence absence = (flags & APPS_ABSENCE) == 0 ? null : absence(version, What.APPS, in);
            apps = new AppsMemory(fingerprint, rows, collectedAt, former, absence);
        }
        return new LedgerEntry(device, apps, owed);
    }

    private static LedgerEntry.Owed owed(int flags, DataInputStream in) throws IOException {
        int ofDevice = (flags & DEVICE_OWED) == 0 ? 0 : in.readByte();
        int appRows = (flags & APPS_OWED) == 0 ? 0 : in.readInt();
        return new LedgerEntry.Owed(
                (ofDevice & USER) != 0, (ofDevice & PLATFORM) != 0, (ofDevice & SERIAL) != 0, appRows);
    }

    /** The former forms have no serial number: the one that the next row has is no news, and is not withheld. */
    private static LedgerEntry.Owed formerOwed(int flags) {
        return new LedgerEntry.Owed(false, false, (flags & DEVICE) != 0, 0);
    }

    private static DeviceMemory device(int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
        String platform = text(in);
        String serial = text(in);
        Boolean removed = trit(in.readByte());
        long unconfirmed = in.readLong();
        long since = in.readLong();
        long heldSince = in.readLong();
        int count = in.readByte();
        var absences = new ArrayList<Absence>();
        for (int i = 0; i < count; i++) {
            absences.add(absence(WITH_FIELDS, null, in));
        }
        return new DeviceMemory(
                details,
                attribution,
                holder,
                platform == null ? null : platform.intern(),
                serial,
                removed,
                absences,
                unconfirmed,
                (flags & NAMES_UNCONFIRMED) != 0,
                since,
                heldSince);
    }

    private static DeviceMemory formerDevice(byte version, int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
        List<Absence> absences = (flags & DEVICE_ABSENCE) == 0 ? List.of() : List.of(absence(version, What.DEVICE, in));
        return DeviceMemory.former(details, attribution, holder, absences);
    }

    private static AssignedUser user(DataInputStream in) throws IOException {
        String id = text(in);
        String email = text(in);
        String name = text(in);
        return new AssignedUser(id, email, name, trit(in.readByte()));
    }

    /** @param kind of the former forms, which do not say it, but for the picture of a device's */
    private static Absence absence(byte version, What kind, DataInputStream in) throws IOException {
        if (version == WITH_FIELDS) {
            int number = in.readByte();
            What what = What.of(number);
            if (what == null) {
                throw new LedgerUnreadableException("expected a kind of absence from 0 to 8, found " + number, null);
            }
            return new Absence(
                    what,
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readInt(),
                    in.readLong(),
                    in.readInt(),
                    order(in.readByte()),
                    in.readLong());
        }
        long picture = in.readLong();
        long since = in.readLong();
        int sweeps = in.readInt();
        Order order = version == WITH_ORDERS ? order(in.readByte()) : null;
        What former = kind == What.APPS || What.of((int) picture) == null ? kind : What.of((int) picture);
        // How evenly it stood was not written down, so its standing time begins anew.
        return new Absence(former, picture, since, 0, 0, since, sweeps, order);
    }

    private static Order order(int number) {
        if (number == 0) {
            return null;
        }
        if (number < 1 || number > Order.values().length) {
            throw new LedgerUnreadableException(
                    "expected an order from 1 to " + Order.values().length + ", found " + number, null);
        }
        return Order.values()[number - 1];
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
