package dev.kandjistream.poller.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Order;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ledger's records as bytes. Nobody else reads them; the first byte is the version of the form. A bucket is binary, for
 * hashes do not compress; an account's state is JSON, for people do look at it.
 *
 * <p>Form 2 of a bucket has a byte for the order behind each absence. It is written only where there is an order, so that
 * an older poller can read whatever it would not misread.
 */
final class LedgerCodec {
    private static final byte VERSION = 1;
    private static final byte WITH_ORDERS = 2;
    private static final int DEVICE = 1;
    private static final int HOLDER = 2;
    private static final int DEVICE_ABSENCE = 4;
    private static final int APPS = 8;
    private static final int APPS_ABSENCE = 16;

    /** Identities kept of one device; far beyond any real one, and it bounds the record. */
    private static final int MOST_ROWS = 1 << 18;

    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerCodec() {}

    /** @return null for an empty bucket */
    static byte[] bucket(Map<String, LedgerEntry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            byte version = entries.values().stream().anyMatch(LedgerCodec::ordered) ? WITH_ORDERS : VERSION;
            out.writeByte(version);
            out.writeInt(entries.size());
            // In order, so that equal buckets are equal bytes.
            for (var entry : new TreeMap<>(entries).entrySet()) {
                text(entry.getKey(), out);
                entry(entry.getValue(), version, out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static boolean ordered(LedgerEntry entry) {
        return entry.device() != null && ordered(entry.device().absence())
                || entry.apps() != null && ordered(entry.apps().absence());
    }

    private static boolean ordered(Absence absence) {
        return absence != null && absence.order() != null;
    }

    private static void entry(LedgerEntry entry, byte version, DataOutputStream out) throws IOException {
        DeviceMemory device = entry.device();
        AppsMemory apps = entry.apps();
        int flags = 0;
        if (device != null) {
            flags |= DEVICE;
            flags |= device.holder() == null ? 0 : HOLDER;
            flags |= device.absence() == null ? 0 : DEVICE_ABSENCE;
        }
        if (apps != null) {
            flags |= APPS;
            flags |= apps.absence() == null ? 0 : APPS_ABSENCE;
        }
        out.writeByte(flags);
        if (device != null) {
            out.writeLong(device.details());
            out.writeLong(device.attribution());
            if (device.holder() != null) {
                user(device.holder(), out);
            }
            absence(device.absence(), version, out);
        }
        if (apps != null) {
            out.writeLong(apps.fingerprint());
            out.writeLong(apps.collectedAt());
            out.writeInt(apps.rows().length);
            for (long row : apps.rows()) {
                out.writeLong(row);
            }
            absence(apps.absence(), version, out);
        }
    }

    private static void user(AssignedUser user, DataOutputStream out) throws IOException {
        text(user.id(), out);
        text(user.email(), out);
        text(user.name(), out);
        out.writeByte(user.archived() == null ? 2 : user.archived() ? 1 : 0);
    }

    private static void absence(Absence absence, byte version, DataOutputStream out) throws IOException {
        if (absence != null) {
            out.writeLong(absence.picture());
            out.writeLong(absence.since());
            out.writeInt(absence.sweeps());
            if (version == WITH_ORDERS) {
                out.writeByte(absence.order() == null ? 0 : 1 + absence.order().ordinal());
            }
        }
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
            requireVersion(version, WITH_ORDERS);
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

    private static void requireVersion(int version, int latest) {
        if (version < VERSION || version > latest) {
            throw new LedgerUnreadableException(
                    "expected a record of form " + VERSION + " to " + latest + ", found " + version
                            + "; was it written by a newer poller?",
                    null);
        }
    }

    private static LedgerEntry entry(byte version, DataInputStream in) throws IOException {
        int flags = in.readByte();
        DeviceMemory device = null;
        AppsMemory apps = null;
        if ((flags & DEVICE) != 0) {
            long details = in.readLong();
            long attribution = in.readLong();
            AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
            Absence absence = (flags & DEVICE_ABSENCE) == 0 ? null : absence(version, in);
            device = new DeviceMemory(details, attribution, holder, absence);
        }
        if ((flags & APPS) != 0) {
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
            Absence absence = (flags & APPS_ABSENCE) == 0 ? null : absence(version, in);
            apps = new AppsMemory(fingerprint, rows, collectedAt, absence);
        }
        return new LedgerEntry(device, apps);
    }

    private static AssignedUser user(DataInputStream in) throws IOException {
        String id = text(in);
        String email = text(in);
        String name = text(in);
        int archived = in.readByte();
        return new AssignedUser(id, email, name, archived == 2 ? null : Boolean.valueOf(archived == 1));
    }

    private static Absence absence(byte version, DataInputStream in) throws IOException {
        var absence = new Absence(in.readLong(), in.readLong(), in.readInt());
        int order = version == WITH_ORDERS ? in.readByte() : 0;
        return order == 0 ? absence : new Absence(absence.picture(), absence.since(), absence.sweeps(), order(order));
    }

    private static Order order(int number) {
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

    /**
     * The complete sweeps of an account by kind, how far its commands were carried out, and whose data it is.
     *
     * @param tenant null where that is not known
     */
    static byte[] state(Map<String, CompleteSweeps> complete, CommandsRead commands, String tenant) {
        var state = JSON.createObjectNode().put("version", VERSION);
        if (tenant != null) {
            state.put("tenant", tenant);
        }
        var kinds = state.putObject("complete");
        new TreeMap<>(complete).forEach((kind, sweeps) -> {
            var node = kinds.putObject(kind).put("baseline", sweeps.baseline());
            if (sweeps.lastAt() != Moment.UNKNOWN) {
                node.put("last_at", sweeps.lastAt()).put("last_sweep_id", sweeps.lastSweepId());
            }
            if (sweeps.asOf() != Moment.UNKNOWN) {
                node.put("as_of", sweeps.asOf());
            }
        });
        if (!commands.equals(CommandsRead.NONE)) {
            var node = state.putObject("commands").put("up_to", commands.upTo());
            var owed = node.putArray("owed");
            commands.owed().forEach(answer -> owed.addObject()
                    .put("command_id", answer.commandId())
                    .put("action", answer.action())
                    .put("outcome", answer.outcome().name())
                    .put("devices", answer.devices()));
        }
        return state.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The commands' part of a state; {@link CommandsRead#NONE} where there is none. */
    static CommandsRead commands(byte[] bytes) {
        try {
            JsonNode commands = JSON.readTree(bytes).path("commands");
            var owed = new ArrayList<CommandAnswer>();
            commands.path("owed")
                    .forEach(answer -> owed.add(new CommandAnswer(
                            answer.path("command_id").asText(),
                            answer.path("action").asText(),
                            CommandAnswer.Outcome.valueOf(answer.path("outcome").asText()),
                            answer.path("devices").asLong())));
            return new CommandsRead(commands.path("up_to").asLong(), owed);
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }

    /** The tenant in a state; null where there is none. */
    static String tenant(byte[] bytes) {
        try {
            return JSON.readTree(bytes).path("tenant").textValue();
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }

    static Map<String, CompleteSweeps> state(byte[] bytes) {
        try {
            JsonNode state = JSON.readTree(bytes);
            requireVersion(state.path("version").asInt(), VERSION);
            var complete = new HashMap<String, CompleteSweeps>();
            state.path("complete")
                    .properties()
                    .forEach(kind -> complete.put(
                            kind.getKey(),
                            new CompleteSweeps(
                                    kind.getValue().path("baseline").asBoolean(),
                                    kind.getValue().path("last_at").asLong(Moment.UNKNOWN),
                                    kind.getValue().path("last_sweep_id").textValue(),
                                    kind.getValue().path("as_of").asLong(Moment.UNKNOWN))));
            return complete;
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }
}
