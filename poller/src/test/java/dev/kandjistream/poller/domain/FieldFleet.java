package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** A fleet whose rows need not say what is true of it, and a reader who folds what is published about it. */
final class FieldFleet {
    static final long HOUR = 3_600_000;

    /** What is true of a device. @param user number of the person; null for nobody */
    record Truth(Integer user, String platform, String serial, boolean removed) {
        String userKey() {
            return user == null || removed ? null : "id-" + user;
        }
    }

    /** What the API last said of a device: its row, or that nothing of it can be read, or nothing where it should. */
    private record Said(DeviceRow row, Unconfirmed.Reason otherwise) {}

    final Map<String, Truth> truth = new TreeMap<>();
    final Map<String, DeviceRow> published = new TreeMap<>();
    final Map<String, Unconfirmed> unconfirmed = new TreeMap<>();
    final Map<String, Integer> owed = new TreeMap<>();
    final Map<String, Integer> firstPublished = new TreeMap<>();
    final Ledger ledger = new Ledger();
    final EvidenceRules rules = EvidenceRules.DEFAULT;
    long now = 1_700_000_000_000L;
    private final Map<String, Said> said = new TreeMap<>();

    void enrol(int number, Integer user) {
        truth.put("device-" + number, new Truth(user, number % 3 == 0 ? "iPhone" : "Mac", "SER" + number, false));
    }

    /** What one walk said. {@link #look} publishes what it proves. */
    DevicesSweep list() {
        return new DevicesSweep();
    }

    /** The device's row with these lies, in a sweep. */
    void add(String id, Map<Field, FieldLie> lies, DevicesSweep sweep) {
        sweep.add(row(id, truth.get(id), lies, now));
    }

    /** Every device that there is, as it is. */
    DevicesSweep honest() {
        var sweep = list();
        truth.keySet().forEach(id -> add(id, Map.of(), sweep));
        return sweep;
    }

    /** Judges and publishes. The sweep takes a second. */
    Verdict look(DevicesSweep sweep) {
        sweep.walk().page(sweep.devices(), OptionalLong.empty());
        long begun = now;
        now += 1000;
        Verdict verdict = DevicesJudge.judge(ledger, sweep, rules, begun, now);
        hear(sweep, verdict);
        apply(verdict, sweep.isPartial());
        return verdict;
    }

    private void hear(DevicesSweep sweep, Verdict verdict) {
        sweep.rows().forEach(row -> said.put(row.deviceId(), new Said(row, null)));
        sweep.unread().keySet().forEach(id -> said.put(id, new Said(null, Unconfirmed.Reason.UNREADABLE)));
        if (verdict.outcome() == Verdict.Outcome.INCOMPLETE) {
            return;
        }
        Set<String> absent = sweep.isPartial() ? sweep.notFound() : published.keySet();
        absent.stream()
                .filter(id -> !sweep.has(id))
                .forEach(id -> said.put(id, new Said(null, Unconfirmed.Reason.ABSENT)));
    }

    private void apply(Verdict verdict, boolean partial) {
        for (Decision decision : verdict.decisions()) {
            String id = decision.deviceId();
            if (decision.publication() instanceof Decision.Device device) {
                if (published.put(id, device.row()) == null) {
                    firstPublished.merge(id, device.owed() || verdict.baseline() ? 0 : 1, Integer::sum);
                }
                owed.merge(id, device.owed() ? 1 : 0, Integer::sum);
            } else if (decision.publication() instanceof Decision.Gone) {
                published.remove(id);
            }
            if (decision.unconfirmed() == Unconfirmed.NOTHING) {
                unconfirmed.remove(id);
            } else if (decision.unconfirmed() != null) {
                unconfirmed.put(id, decision.unconfirmed());
            }
            ledger.put(id, decision.after());
        }
        if (verdict.findings().retractions() != null) {
            ledger.retractions(Ledger.DEVICES, verdict.findings().retractions());
        }
        if (partial) {
            return;
        }
        ledger.complete(Ledger.DEVICES, ledger.complete(Ledger.DEVICES).and(verdict, "sweep", now, now, now));
        if (verdict.findings().filled() != null) {
            ledger.filled(Ledger.DEVICES, verdict.findings().filled());
        }
    }

    CommandAnswer order(String action, Set<String> deviceIds) {
        var orders = Orders.of(ledger, List.of(new OperatorCommand("command", action, deviceIds, now)), now);
        orders.ordered().forEach(ledger::put);
        return orders.answers().get(0);
    }

    /** Honest sweeps, evenly spread, for longer than anything must stand; then an operator approves what is left. */
    void settle() {
        for (int i = 0; i < 14; i++) {
            look(honest());
            now += 2 * HOUR;
        }
        look(honest()).waiting().forEach(item -> order("approve", Set.of(item.deviceId())));
        look(honest());
        look(honest());
    }

    /** What a reader of both topics would take for confirmed although the API last said otherwise; empty where all is well. */
    Set<String> falselyConfirmed() {
        var wrong = new HashSet<String>();
        published.forEach((id, row) -> {
            Said last = said.get(id);
            Unconfirmed named = unconfirmed.get(id);
            if (last.row() == null) {
                // That the row before said that the device is removed is graver.
                boolean graver = named != null && named.reason() == Unconfirmed.Reason.REMOVED;
                if (!graver && (named == null || named.reason() != last.otherwise())) {
                    wrong.add(id + " is " + last.otherwise() + ", named " + named);
                }
            } else {
                differences(last.row(), row).stream()
                        .filter(field -> !names(named, field))
                        .forEach(field -> wrong.add(id + " " + field + ": read " + last.row() + ", named " + named));
            }
        });
        return wrong;
    }

    private static boolean names(Unconfirmed named, String field) {
        return named != null
                && (named.reason() == Unconfirmed.Reason.REMOVED
                        || named.reason() == Unconfirmed.Reason.FIELDS
                                && named.fields().contains(field));
    }

    /** What is named unconfirmed though the last row confirms it, or of a device that is not published. */
    Set<String> needlesslyUnconfirmed() {
        var wrong = new HashSet<String>();
        unconfirmed.forEach((id, named) -> {
            Said last = said.get(id);
            boolean confirmed = last.row() != null
                    && published.containsKey(id)
                    && last.row().shape().missing().isEmpty()
                    && differences(last.row(), published.get(id)).isEmpty();
            if (!published.containsKey(id) || confirmed) {
                wrong.add(id + " " + named);
            }
        });
        return wrong;
    }

    /** Fields of the record that the row does not say, or says otherwise. */
    private static Set<String> differences(DeviceRow read, DeviceRow record) {
        var fields = new HashSet<String>();
        AssignedUser nobody = new AssignedUser(null, null, null, null);
        AssignedUser readUser = read.user() == null ? nobody : read.user();
        AssignedUser user = record.user() == null ? nobody : record.user();
        RowShape shape = read.shape();
        boolean unread = shape.unread().contains("user");
        differ(
                fields,
                "user_id",
                readUser.id(),
                user.id(),
                unread || shape.unread().contains("user.id"));
        differ(
                fields,
                "user_email",
                readUser.email(),
                user.email(),
                unread || shape.unread().contains("user.email"));
        differ(
                fields,
                "platform",
                read.platform(),
                record.platform(),
                shape.unread().contains("platform"));
        differ(
                fields,
                "serial_number",
                read.serialNumber(),
                record.serialNumber(),
                shape.unread().contains("serial_number"));
        differ(
                fields,
                "is_removed",
                read.isRemoved(),
                record.isRemoved(),
                shape.unread().contains("is_removed"));
        return fields;
    }

    private static void differ(Set<String> fields, String field, Object read, Object record, boolean unread) {
        if (unread || !Objects.equals(read, record)) {
            fields.add(field);
        }
    }

    /** Published devices as {@code user platform serial removed}. */
    Map<String, String> told() {
        var told = new TreeMap<String, String>();
        published.forEach((id, row) -> told.put(
                id,
                (row.user() == null
                                ? "null null"
                                : row.user().id() + " " + row.user().email()) + " " + row.platform() + " "
                        + row.serialNumber() + " " + row.isRemoved()));
        return told;
    }

    /** The same of the fleet. */
    Map<String, String> wanted() {
        var wanted = new TreeMap<String, String>();
        truth.forEach((id, device) -> wanted.put(
                id,
                (device.user() == null ? "null null" : "id-" + device.user() + " mail-" + device.user()) + " "
                        + device.platform() + " " + device.serial() + " " + device.removed()));
        return wanted;
    }

    /** Seats and serial numbers that this look ended or moved though the fleet did not. */
    Set<String> endedWithoutTruth(Map<String, DeviceRow> before) {
        var wrong = new HashSet<String>();
        before.forEach((id, was) -> {
            DeviceRow is = published.get(id);
            Truth device = truth.get(id);
            if (was.attributed() && device != null) {
                String key = Pending.userKey(was.user());
                boolean moved = is == null
                        || !is.attributed()
                        || !Pending.userKey(is.user()).equals(key);
                if (moved && key.equals(device.userKey())) {
                    wrong.add(id + " had " + was.user() + ", has " + (is == null ? null : is.user()));
                }
                if (is != null
                        && was.platform() != null
                        && !was.platform().equals(is.platform())
                        && was.platform().equals(device.platform())) {
                    wrong.add(id + " was " + was.platform() + ", is " + is.platform());
                }
            }
            if (is != null
                    && device != null
                    && device.serial().equals(was.serialNumber())
                    && !device.serial().equals(is.serialNumber())) {
                wrong.add(id + " had serial number " + was.serialNumber() + ", has " + is.serialNumber());
            }
            if (is == null && device != null) {
                wrong.add(id + " is gone");
            }
        });
        return wrong;
    }

    private static DeviceRow row(String id, Truth device, Map<Field, FieldLie> lies, long now) {
        var missing = new HashSet<String>();
        var unread = new HashSet<String>();
        var unknown = new HashSet<String>();
        lies.forEach((field, lie) -> {
            boolean ofNobody = device.user() == null && field.word().startsWith("user.");
            if (lie.form() == Form.MISSING && !ofNobody) {
                missing.add(field.word());
            } else if (lie.form() == Form.UNREAD && !ofNobody) {
                unread.add(field.word());
            } else if (lie.form() == Form.STRANGE) {
                unknown.add(field.word());
            }
        });
        String platform = value(Field.PLATFORM, device.platform(), lies);
        String serial = value(Field.SERIAL, device.serial(), lies);
        String removed = value(Field.REMOVED, String.valueOf(device.removed()), lies);
        AssignedUser user = user(device, lies);
        if (user == null) {
            missing.removeIf(field -> field.startsWith("user."));
            unread.removeIf(field -> field.startsWith("user."));
        }
        var shape = new RowShape(missing, unread, unknown, Set.of());
        String all = platform + serial + removed + user + shape;
        return new DeviceRow(
                id,
                "name",
                serial,
                platform,
                null,
                null,
                null,
                null,
                null,
                Moment.UNKNOWN,
                user,
                null,
                null,
                null,
                true,
                true,
                null,
                false,
                removed == null ? null : Boolean.valueOf(removed),
                Moment.UNKNOWN,
                Moment.UNKNOWN,
                List.of(),
                "{}",
                Fingerprint.of(all),
                Fingerprint.of(all),
                Fingerprint.of(all),
                now,
                shape);
    }

    private static AssignedUser user(Truth device, Map<Field, FieldLie> lies) {
        FieldLie lie = lies.get(Field.USER);
        Integer person = device.user();
        if (lie != null) {
            person = lie.form() == Form.OTHER ? Integer.valueOf(lie.value()) : null;
        }
        if (person == null) {
            return null;
        }
        return new AssignedUser(
                value(Field.USER_ID, "id-" + person, lies),
                value(Field.USER_EMAIL, "mail-" + person, lies),
                null,
                null);
    }

    private static String value(Field field, String is, Map<Field, FieldLie> lies) {
        FieldLie lie = lies.get(field);
        return lie == null ? is : lie.value();
    }
}
