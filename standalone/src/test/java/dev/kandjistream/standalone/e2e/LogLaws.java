package dev.kandjistream.standalone.e2e;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The contract's laws over the whole log of the change topics, from its first record on. */
final class LogLaws {
    private static final Set<String> CAUSES = Set.of(
            "BASELINE",
            "DEVICE_ENROLLED",
            "DEVICE_REMOVED",
            "USER_ASSIGNED",
            "USER_UNASSIGNED",
            "USER_CHANGED",
            "USER_ARCHIVED",
            "USER_UNARCHIVED",
            "DEVICE_CHANGED",
            "APP_INSTALLED",
            "APP_UPDATED",
            "APP_REMOVED",
            "RULES_CHANGED",
            "ACCOUNT_REMOVED",
            "DEVICE_REENROLLED",
            "REPLAY");

    private final String prefix;
    private final Set<String> sweepIds;
    private final List<String> broken = new ArrayList<>();
    private final Map<String, KeySoFar> keys = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, Replayed> replayedById = new HashMap<>();
    private final Map<Replayed, String> idsOfReplayed = new HashMap<>();

    /** A state that was published again. */
    private record Replayed(String topic, String key, Map<String, Object> after) {}

    /** What came before of one key of one topic. */
    private static final class KeySoFar {
        Map<String, Object> after;
        boolean begun;
        boolean created;
        boolean owesNull;
    }

    private LogLaws(String prefix, Set<String> sweepIds) {
        this.prefix = prefix;
        this.sweepIds = sweepIds;
    }

    /**
     * @param sweepIds of all receipts
     * @return every breach, in words; empty for a lawful log
     */
    static List<String> brokenBy(List<Logged> log, String prefix, Set<String> sweepIds) {
        var laws = new LogLaws(prefix, sweepIds);
        log.forEach(laws::next);
        laws.keys.forEach((key, soFar) -> {
            if (soFar.owesNull) {
                laws.broken.add(key + ": no null record follows the d");
            }
        });
        return laws.broken;
    }

    private void next(Logged record) {
        KeySoFar soFar = keys.computeIfAbsent(record.topic() + " " + record.key(), key -> new KeySoFar());
        if (record.isNull()) {
            law(record, soFar.owesNull, "a null record comes right after a d and nowhere else");
            law(
                    record,
                    record.headers().keySet().stream().noneMatch(header -> header.startsWith("ce_")),
                    "null records carry no CloudEvents headers");
            soFar.owesNull = false;
            return;
        }
        law(record, !soFar.owesNull, "a null record follows each d of its key");
        identity(record);
        headers(record);
        if (record.text("cause").equals("REPLAY")) {
            replay(record, soFar);
            return;
        }
        soFar.begun = true;
        chain(record, soFar);
        words(record, soFar);
        source(record);
        if (ChangeTopic.of(record.topic()) == ChangeTopic.LICENSES) {
            license(record);
        }
        if (ChangeTopic.of(record.topic()) == ChangeTopic.DEVICES
                && record.text("op").equals("u")) {
            device(record);
        }
        soFar.after = record.after();
        soFar.created |= record.text("op").equals("c");
        soFar.owesNull = record.text("op").equals("d");
    }

    /** Nothing happened: the state is that of the event before it. It may begin the log of a topic that was created again. */
    private void replay(Logged record, KeySoFar soFar) {
        String type = record.text("event_type");
        String id = record.text("event_id");
        var state = new Replayed(record.topic(), record.key(), record.after());
        law(record, record.text("op").equals("r"), "a replay has op r: " + record.text("op"));
        law(
                record,
                type.equals(ChangeTopic.of(record.topic()).replayed()),
                "a replay has the type of an update: " + type);
        law(record, record.before() == null && record.after() != null, "a replay has a state and none before it");
        law(
                record,
                !soFar.begun || Objects.equals(record.after(), soFar.after),
                "a replay publishes the state that stands");
        law(record, record.source().get("snapshot").equals("true"), "snapshot is true for a replay");
        law(record, record.source().get("sweep_id").equals("replay"), "source.sweep_id of a replay is replay");
        law(record, !ids.contains(id), "a replay has no event's id: " + id);
        law(
                record,
                replayedById.computeIfAbsent(id, any -> state).equals(state),
                "equal ids are of equal states: " + id);
        law(record, idsOfReplayed.computeIfAbsent(state, any -> id).equals(id), "equal states have equal ids: " + id);
        soFar.after = record.after();
        soFar.begun = true;
    }

    private void chain(Logged record, KeySoFar soFar) {
        law(record, Objects.equals(record.before(), soFar.after), "before is the after of the event before it");
        law(record, !Objects.equals(record.before(), record.after()), "an event tells of a difference");
        law(record, !(soFar.created && record.text("op").equals("r")), "r never follows c");
    }

    private void words(Logged record, KeySoFar soFar) {
        ChangeTopic topic = ChangeTopic.of(record.topic());
        String type = record.text("event_type");
        String cause = record.text("cause");
        boolean before = record.before() != null;
        boolean after = record.after() != null;
        law(record, CAUSES.contains(cause), "cause is one of the contract's words: " + cause);
        switch (record.text("op")) {
            case "r" -> {
                law(record, type.equals(topic.begun) && !before && after, "r begins: " + type);
                law(record, cause.equals("BASELINE"), "r has cause BASELINE: " + cause);
            }
            case "c" -> {
                law(record, type.equals(topic.begun) && !before && after, "c begins: " + type);
                law(record, !cause.equals("BASELINE"), "c is news, not BASELINE");
            }
            case "u" -> {
                law(record, topic.changed.contains(type) && before && after, "u changes: " + type);
                // Users and their apps add up from several devices, so state found may change state found.
                boolean mayBeBaseline = (topic == ChangeTopic.USERS || topic == ChangeTopic.USAGE) && !soFar.created;
                law(record, mayBeBaseline || !cause.equals("BASELINE"), "u is news, not BASELINE");
            }
            case "d" -> {
                law(record, type.equals(topic.ended) && before && !after, "d ends: " + type);
                law(record, !cause.equals("BASELINE"), "d is news, not BASELINE");
            }
            default -> broken.add(record.place() + ": op " + record.text("op"));
        }
        String snapshot = (String) record.source().get("snapshot");
        law(record, snapshot.equals(String.valueOf(cause.equals("BASELINE"))), "snapshot is true for baseline only");
    }

    /** What an event has that a replay has not: an id of its own, and a sweep. */
    private void source(Logged record) {
        String id = record.text("event_id");
        law(record, ids.add(id) && !replayedById.containsKey(id), "event ids are unique over all topics: " + id);
        law(record, sweepIds.contains(record.source().get("sweep_id")), "source.sweep_id is of a receipt");
    }

    private void identity(Logged record) {
        ChangeTopic topic = ChangeTopic.of(record.topic());
        Map<String, Object> source = record.source();
        law(record, Rows.key(topic.keyColumns, record.entity()).equals(record.key()), "the key is of the entity's ids");
        String id = record.text("event_id");
        law(record, UUID.fromString(id).toString().equals(id), "event_id is a UUID: " + id);
        law(record, source.get("connector").equals("kandji"), "source.connector is kandji");
        law(record, source.get("name").equals(prefix), "source.name is the prefix");
        law(record, source.get("db").equals(record.entity().get("account_id")), "source.db is the account");
        law(record, source.get("table").equals(topic.word), "source.table is the topic's word");
        law(record, !((String) source.get("version")).isBlank(), "source.version is told");
        Instant observed = record.observedAt();
        law(record, source.get("ts_ms").equals(observed.toEpochMilli()), "source.ts_ms is observed_at");
        Instant emitted = Instant.ofEpochMilli((Long) record.value().get("ts_ms"));
        law(record, !emitted.isBefore(observed), "an event is made after its cause was observed");
        // Streams takes the time twice; a record is published when its event is made.
        law(record, Math.abs(emitted.toEpochMilli() - record.timestamp().toEpochMilli()) < 60_000, "timestamp is now");
    }

    private void headers(Logged record) {
        Map<String, String> headers = record.headers();
        law(record, "1.0".equals(headers.get("ce_specversion")), "ce_specversion is 1.0");
        law(record, record.text("event_id").equals(headers.get("ce_id")), "ce_id is event_id");
        law(record, ("/kandji/" + record.source().get("db")).equals(headers.get("ce_source")), "ce_source");
        law(record, ("dev.kandjistream." + record.text("event_type")).equals(headers.get("ce_type")), "ce_type");
        law(record, record.key().equals(headers.get("ce_subject")), "ce_subject is the key");
        Instant time = Instant.parse(headers.getOrDefault("ce_time", Instant.MAX.toString()));
        law(record, time.equals(record.observedAt()), "ce_time is when it was observed");
    }

    /** Which of u's two words, and since when the seat is held. */
    private void license(Logged record) {
        Map<String, Object> before = record.before();
        Map<String, Object> after = record.after();
        if (after == null) {
            return;
        }
        Object since = after.get("assigned_at");
        if (before == null) {
            boolean found = record.text("op").equals("r");
            // A seat that other rules make was there when anybody looked, with a user who had the device since
            // whenever.
            boolean byRules = record.text("cause").equals("RULES_CHANGED");
            law(
                    record,
                    byRules || Objects.equals(since, found ? null : record.observedAt()),
                    "assigned_at is null in the baseline and the time of the change afterwards: " + since);
            return;
        }
        // Without an id the user_id comes from the email, so equal values are equal ids or equal emails.
        boolean samePerson = before.get("user_id").equals(after.get("user_id"))
                || (before.get("user_email") != null && before.get("user_email").equals(after.get("user_email")));
        boolean reassigned = !samePerson;
        law(
                record,
                record.text("event_type").equals(reassigned ? "license.reassigned" : "license.updated"),
                "another person is reassigned, other details are updated: " + record.text("event_type"));
        law(
                record,
                Objects.equals(since, reassigned ? record.observedAt() : before.get("assigned_at")),
                "assigned_at moves with the person only: " + since);
    }

    private static boolean isKept(Map<String, Object> before, Map<String, Object> after, String column) {
        return before.get(column) != null && before.get(column).equals(after.get(column));
    }

    private void device(Logged record) {
        var before = new TreeMap<>(record.before());
        var after = new TreeMap<>(record.after());
        before.remove("last_check_in");
        after.remove("last_check_in");
        law(
                record,
                record.text("event_type").equals(before.equals(after) ? "device.seen" : "device.updated"),
                "device.seen is for a check-in alone: " + record.text("event_type"));
    }

    private void law(Logged record, boolean holds, String law) {
        if (!holds && broken.size() < 20) {
            broken.add(record.place() + ": " + law + " — " + (record.isNull() ? "null" : record.line()));
        }
    }
}
