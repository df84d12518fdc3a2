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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes what the ledger knows of one device, in a binary form because hashes do not compress: one record with everything
 * but the identities of its app rows, and one, or several, with these, which are most of it and change seldom. The first byte is the
 * number of the form, which is {@value #FORM}; {@link FormerBuckets} reads those before it. Only pollers read them. An account's
 * state is another record: {@link LedgerState}.
 */
final class LedgerCodec {
    private static final byte FORM = 3;
    private static final int DEVICE = 1;
    private static final int HOLDER = 2;
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

    /** Identities kept of one device; far beyond any real one. */
    private static final int MOST_ROWS = 1 << 18;

    private LedgerCodec() {}

    /** An entry without the identities of its app rows; their number is in it. */
    static byte[] entry(LedgerEntry entry) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            entry(entry, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Identities of app rows. */
    static byte[] rows(long[] rows, int from, int to) {
        var bytes = ByteBuffer.allocate(1 + (to - from) * Long.BYTES).put(FORM);
        for (int i = from; i < to; i++) {
            bytes.putLong(rows[i]);
        }
        return bytes.array();
    }

    /** How many identities a record has room for. */
    static int mostRows(int bytes) {
        return Math.max(1, (bytes - 1) / Long.BYTES);
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
            if (apps.absence() != null) {
                absence(apps.absence(), out);
            }
        }
    }

    private static void device(DeviceMemory device, DataOutputStream out) throws IOException {
        out.writeLong(device.details());
        out.writeLong(device.lasting());
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

    /**
     * An entry whose app rows, if any, are all 0 until {@link AppsMemory#with(long[]) they are put in}.
     *
     * @throws LedgerUnreadableException for bytes that {@link #entry(LedgerEntry)} did not make
     */
    static LedgerEntry entry(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            requireForm(in.readByte(), FORM, FORM);
            int flags = in.readByte();
            LedgerEntry.Owed owed = owed(flags, in);
            DeviceMemory device = (flags & DEVICE) == 0 ? null : device(flags, in);
            AppsMemory apps = (flags & APPS) == 0 ? null : apps(flags, in);
            return new LedgerEntry(device, apps, owed);
        } catch (IOException cut) {
            throw new LedgerUnreadableException("the record is cut", cut);
        }
    }

    /** @throws LedgerUnreadableException for bytes that {@link #rows(long[], int, int)} did not make */
    static long[] rows(byte[] bytes) {
        requireForm(bytes.length == 0 ? 0 : bytes[0], FORM, FORM);
        if (bytes.length % Long.BYTES != 1) {
            throw new LedgerUnreadableException("the record is cut", null);
        }
        long[] rows = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes, 1, bytes.length - 1).asLongBuffer().get(rows);
        return rows;
    }

    static void requireForm(int form, int first, int latest) {
        if (form < first || form > latest) {
            String expected = first == latest ? "form " + first : "form " + first + " to " + latest;
            throw new LedgerUnreadableException(
                    "expected a record of " + expected + ", found " + form
                            + (form > latest
                                    ? ": a newer version of kandji-stream wrote it. Start that version again;"
                                            + " docs/runbook.md says how to go back"
                                    : ""),
                    null);
        }
    }

    private static AppsMemory apps(int flags, DataInputStream in) throws IOException {
        long fingerprint = in.readLong();
        long collectedAt = in.readLong();
        long[] rows = new long[rowCount(in)];
        Absence absence = (flags & APPS_ABSENCE) == 0 ? null : absence(in);
        return new AppsMemory(fingerprint, rows, collectedAt, (flags & FORMER_ROWS) != 0, absence);
    }

    static int rowCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_ROWS) {
            throw new LedgerUnreadableException("expected at most " + MOST_ROWS + " rows, found " + count, null);
        }
        return count;
    }

    private static LedgerEntry.Owed owed(int flags, DataInputStream in) throws IOException {
        int ofDevice = (flags & DEVICE_OWED) == 0 ? 0 : in.readByte();
        int appRows = (flags & APPS_OWED) == 0 ? 0 : in.readInt();
        return new LedgerEntry.Owed(
                (ofDevice & USER) != 0, (ofDevice & PLATFORM) != 0, (ofDevice & SERIAL) != 0, appRows);
    }

    private static DeviceMemory device(int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long lasting = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
        String platform = text(in);
        String serial = text(in);
        Boolean removed = trit(in.readByte());
        long unconfirmed = in.readLong();
        long since = in.readLong();
        long heldSince = in.readLong();
        return new DeviceMemory(
                details,
                lasting,
                attribution,
                holder,
                platform == null ? null : platform.intern(),
                serial,
                removed,
                absences(in),
                unconfirmed,
                (flags & NAMES_UNCONFIRMED) != 0,
                since,
                heldSince);
    }

    private static List<Absence> absences(DataInputStream in) throws IOException {
        int count = in.readByte();
        var absences = new ArrayList<Absence>(count);
        for (int i = 0; i < count; i++) {
            absences.add(absence(in));
        }
        return absences;
    }

    static AssignedUser user(DataInputStream in) throws IOException {
        String id = text(in);
        String email = text(in);
        String name = text(in);
        return new AssignedUser(id, email, name, trit(in.readByte()));
    }

    private static Absence absence(DataInputStream in) throws IOException {
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

    static Order order(int number) {
        if (number == 0) {
            return null;
        }
        if (number < 1 || number > Order.values().length) {
            throw new LedgerUnreadableException(
                    "expected an order from 1 to " + Order.values().length + ", found " + number, null);
        }
        return Order.values()[number - 1];
    }

    static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new LedgerUnreadableException("the record is cut", null);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
