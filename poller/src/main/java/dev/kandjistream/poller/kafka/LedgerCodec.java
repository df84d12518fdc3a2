package dev.kandjistream.poller.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Order;
import dev.kandjistream.poller.domain.Retractions;
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
 * The ledger's records as bytes. Nobody else reads them; the first byte is the version of the form. A bucket is binary, for
 * hashes do not compress; an account's state is JSON, for people do look at it.
 *
 * <p>Form 3 of a bucket is written. Forms 1 and 2 are read: they know one absence a device, no platform and no serial number,
 * which are taken from the next row.
 */
final class LedgerCodec {
    private static final byte VERSION = 1;
    private static final byte WITH_ORDERS = 2;
    private static final byte WITH_FIELDS = 3;
    private static final int DEVICE = 1;
    private static final int HOLDER = 2;
    private static final int DEVICE_ABSENCE = 4;
    private static final int APPS = 8;
    private static final int APPS_ABSENCE = 16;
    private static final int DEVICE_OWED = 32;
    private static final int APPS_OWED = 64;
    private static final int NAMES_UNCONFIRMED = 128;

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
        int flags = entry.owed().device() ? DEVICE_OWED : 0;
        flags |= entry.owed().apps() ? APPS_OWED : 0;
        if (device != null) {
            flags |= DEVICE;
            flags |= device.holder() == null ? 0 : HOLDER;
            flags |= device.namesUnconfirmed() ? NAMES_UNCONFIRMED : 0;
        }
        if (apps != null) {
            flags |= APPS;
            flags |= apps.absence() == null ? 0 : APPS_ABSENCE;
        }
        out.writeByte(flags);
        if (device != null) {
            device(device, out);
        }
        if (apps != null) {
            out.writeLong(apps.fingerprint());
            out.writeLong(apps.collectedAt());
            out.writeInt(apps.withoutBundleId());
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
            device = version == WITH_FIELDS ? device(flags, in) : formerDevice(version, flags, in);
        }
        if ((flags & APPS) != 0) {
            long fingerprint = in.readLong();
            long collectedAt = in.readLong();
            int withoutBundleId = version == WITH_FIELDS ? in.readInt() : 0;
            int count = in.readInt();
            if (count < 0 || count > MOST_ROWS) {
                throw new LedgerUnreadableException("expected at most " + MOST_ROWS + " rows, found " + count, null);
            }
            long[] rows = new long[count];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = in.readLong();
            }
            Absence absence = (flags & APPS_ABSENCE) == 0 ? null : absence(version, What.APPS, in);
            apps = new AppsMemory(fingerprint, rows, collectedAt, withoutBundleId, absence);
        }
        if (version != WITH_FIELDS) {
            // Identities of rows are made of more fields now: none of the former would be found, and all would seem
            // gone.
            apps = null;
        }
        var owed = new LedgerEntry.Owed((flags & DEVICE_OWED) != 0, (flags & APPS_OWED) != 0);
        return new LedgerEntry(device, apps, owed);
    }

    private static DeviceMemory device(int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
        String platform = text(in);
        String serial = text(in);
        Boolean removed = trit(in.readByte());
        long unconfirmed = in.readLong();
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
                (flags & NAMES_UNCONFIRMED) != 0);
    }

    private static DeviceMemory formerDevice(byte version, int flags, DataInputStream in) throws IOException {
        long details = in.readLong();
        long attribution = in.readLong();
        AssignedUser holder = (flags & HOLDER) == 0 ? null : user(in);
        List<Absence> absences = (flags & DEVICE_ABSENCE) == 0 ? List.of() : List.of(absence(version, What.DEVICE, in));
        return new DeviceMemory(details, attribution, holder, null, null, null, absences, 0, false);
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

    /**
     * The complete sweeps of an account by kind, how far its commands were carried out, whose data it is, and where it was
     * published.
     *
     * @param tenant null where that is not known
     * @param destination null where that is not known
     */
    static byte[] state(
            Map<String, CompleteSweeps> complete,
            Map<String, Filled> filled,
            Map<String, Retractions> retractions,
            CommandsRead commands,
            String tenant,
            Destination destination) {
        var state = JSON.createObjectNode().put("version", VERSION);
        if (tenant != null) {
            state.put("tenant", tenant);
        }
        if (destination != null) {
            var node = state.putObject("published_to").put("cluster", destination.cluster());
            log(destination.devices(), node.putObject("devices"));
            log(destination.apps(), node.putObject("apps"));
            log(destination.unconfirmed(), node.putObject("unconfirmed"));
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
            if (sweeps.confirmedAt() != Moment.UNKNOWN) {
                node.put("confirmed_at", sweeps.confirmedAt());
            }
        });
        if (!filled.isEmpty()) {
            var byKind = state.putObject("filled");
            new TreeMap<>(filled).forEach((kind, fields) -> {
                var node = byKind.putObject(kind).put("rows", fields.rows()).putObject("fields");
                new TreeMap<>(fields.byField()).forEach(node::put);
            });
        }
        if (!retractions.isEmpty()) {
            var byKind = state.putObject("retractions");
            new TreeMap<>(retractions).forEach((kind, recent) -> {
                var taken = byKind.putArray(kind);
                recent.taken().forEach(one -> {
                    var node = taken.addObject()
                            .put("at", one.at())
                            .put("devices", one.devices())
                            .put("items", one.items())
                            .put("users", one.users())
                            .putObject("seats_of");
                    new TreeMap<>(one.seatsOf()).forEach(node::put);
                });
            });
        }
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

    /** The field counts in a state; empty where there are none. */
    static Map<String, Filled> filled(byte[] bytes) {
        try {
            var filled = new HashMap<String, Filled>();
            JSON.readTree(bytes).path("filled").properties().forEach(kind -> {
                JsonNode counted = kind.getValue();
                filled.put(kind.getKey(), new Filled(counted.path("rows").asLong(), counts(counted.path("fields"))));
            });
            return filled;
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }

    private static Map<String, Long> counts(JsonNode node) {
        var counts = new HashMap<String, Long>();
        node.properties().forEach(one -> counts.put(one.getKey(), one.getValue().asLong()));
        return counts;
    }

    /** What was retracted of late, in a state; empty where nothing was. */
    static Map<String, Retractions> retractions(byte[] bytes) {
        try {
            var retractions = new HashMap<String, Retractions>();
            JSON.readTree(bytes).path("retractions").properties().forEach(kind -> {
                var taken = new ArrayList<Retractions.Taken>();
                kind.getValue()
                        .forEach(one -> taken.add(new Retractions.Taken(
                                one.path("at").asLong(),
                                one.path("devices").asLong(),
                                one.path("items").asLong(),
                                one.path("users").asLong(),
                                counts(one.path("seats_of")))));
                retractions.put(kind.getKey(), new Retractions(taken));
            });
            return retractions;
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }

    private static void log(Destination.Log log, ObjectNode node) {
        node.put("topic", log.name()).put("id", log.id()).put("partitions", log.partitions());
    }

    private static Destination.Log log(JsonNode node) {
        return new Destination.Log(
                node.path("topic").asText(),
                node.path("id").asText(),
                node.path("partitions").asInt());
    }

    /** The topics in a state; null where there are none, as in states of earlier versions. */
    static Destination destination(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes).path("published_to");
            return node.isMissingNode()
                    ? null
                    : new Destination(
                            node.path("cluster").asText(),
                            log(node.path("devices")),
                            log(node.path("apps")),
                            log(node.path("unconfirmed")));
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
                                    kind.getValue().path("as_of").asLong(Moment.UNKNOWN),
                                    kind.getValue().path("confirmed_at").asLong(Moment.UNKNOWN))));
            return complete;
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }
}
