package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.sink.Judge;
import dev.kandjistream.sink.Servers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Periods follow persons across changes of id and email. The history is written by hand, according to the contract. */
class PeriodsIT {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String LICENSE_PERIODS =
            "SELECT device_id, user_id, user_email, valid_from, valid_to, cause, end_cause FROM kandji.license_periods"
                    + " ORDER BY device_id, valid_to NULLS LAST";
    private static final String USAGE_PERIODS = "SELECT user_id, valid_from, valid_to, cause, end_cause"
            + " FROM kandji.usage_periods ORDER BY valid_to NULLS LAST, user_id";

    private Judge judge;
    private final List<String> statements = new ArrayList<>();
    private int events;

    @BeforeEach
    void migrate() {
        String url = Servers.newDatabase();
        judge = new Judge(url);
        Database.migrate(url, Servers.user(), () -> new Password(Servers.password()));
    }

    private static String at(int minute) {
        return START.plusSeconds(60L * minute).toString();
    }

    private static String shown(int minute) {
        return at(minute).replace('T', ' ').replace("Z", "+00");
    }

    private void write() {
        judge.execute(String.join(";", statements));
        statements.clear();
    }

    private void event(
            String table, String type, String op, String cause, String key, int minute, String before, String after) {
        events++;
        statements.add("INSERT INTO kandji." + table + " (event_id, event_type, cause, op, account_id, "
                + (table.equals("usage_events") ? "user_id, app_id" : "device_id")
                + ", sweep_id, observed_at, emitted_at, before, after) VALUES ('"
                + new java.util.UUID(0, events) + "', '" + type + "', '" + cause + "', '" + op + "', 'acme', " + key
                + ", 's" + minute + "', '" + at(minute) + "', '" + at(minute) + "', " + json(before) + ", "
                + json(after) + ")");
    }

    private static String json(String text) {
        return text == null ? "NULL" : "'" + text + "'";
    }

    private static String seat(String userId, String email, Integer assigned) {
        return "{\"license_type\": \"Mac\", \"serial_number\": \"SN\", \"user_id\": \"" + userId
                + "\", \"user_email\": \"" + email + "\", \"assigned_at\": "
                + (assigned == null ? "null" : "\"" + at(assigned) + "\"") + "}";
    }

    private void license(String type, String op, String cause, int minute, String before, String after) {
        event("license_events", "license." + type, op, cause, "'d1'", minute, before, after);
    }

    @Test
    void aSeatIsHeldWithoutABreakByAPersonWhoseIdAndEmailChange() {
        license("assigned", "r", "BASELINE", 0, null, seat("7", "ann@x", null));
        license("updated", "u", "USER_CHANGED", 5, seat("7", "ann@x", null), seat("email:ann@x", "ann@x", null));
        license("updated", "u", "USER_CHANGED", 6, seat("email:ann@x", "ann@x", null), seat("9", "ann@x", null));
        license("updated", "u", "USER_CHANGED", 7, seat("9", "ann@x", null), seat("9", "lee@x", null));
        license("reassigned", "u", "USER_ASSIGNED", 8, seat("9", "lee@x", null), seat("8", "bob@x", 8));
        license("updated", "u", "USER_CHANGED", 9, seat("8", "bob@x", 8), seat("80", "bob@x", 8));
        write();

        assertThat(judge.rows(LICENSE_PERIODS))
                .containsExactly(
                        "d1|9|lee@x|null|" + shown(8) + "|BASELINE|USER_ASSIGNED",
                        "d1|80|bob@x|" + shown(8) + "|null|USER_ASSIGNED|null");
    }

    /** The earlier log was compacted: the rest begins with a change of details. */
    @Test
    void aPeriodMayBeginWithAnyEvent() {
        license("updated", "u", "USER_CHANGED", 5, seat("7", "ann@x", 1), seat("9", "ann@x", 1));
        license("revoked", "d", "DEVICE_REENROLLED", 6, seat("9", "ann@x", 1), null);
        write();

        assertThat(judge.rows(LICENSE_PERIODS))
                .containsExactly("d1|9|ann@x|" + shown(1) + "|" + shown(6) + "|USER_CHANGED|DEVICE_REENROLLED");
    }

    /** Devices and the users who have the app through them, with the enricher's events; one app. */
    private final class Usages {
        private final Map<String, TreeSet<String>> devicesOf = new HashMap<>();
        private final Map<String, String> userOf = new TreeMap<>();

        private String usage(String user) {
            TreeSet<String> devices = devicesOf.get(user);
            return devices == null || devices.isEmpty()
                    ? null
                    : "{\"user_id\": \"" + user + "\", \"device_ids\": ["
                            + devices.stream()
                                    .limit(20)
                                    .map(d -> "\"" + d + "\"")
                                    .collect(Collectors.joining(","))
                            + "]}";
        }

        /** @param to null for no user */
        void move(int minute, String device, String to, String cause) {
            String from = to == null ? userOf.remove(device) : userOf.put(device, to);
            if (from != null && to != null && !from.equals(to)) {
                event("device_events", "device.updated", "u", cause, "'" + device + "'", minute, user(from), user(to));
            }
            if (from != null && !from.equals(to)) {
                String before = usage(from);
                devicesOf.get(from).remove(device);
                usageEvent(from, minute, cause, before);
            }
            if (to != null && !to.equals(from)) {
                String before = usage(to);
                devicesOf.computeIfAbsent(to, user -> new TreeSet<>()).add(device);
                usageEvent(to, minute, cause, before);
            }
        }

        private void usageEvent(String user, int minute, String cause, String before) {
            String after = usage(user);
            String type = before == null ? "usage.started" : after == null ? "usage.ended" : "usage.updated";
            String op = before == null ? (cause.equals("BASELINE") ? "r" : "c") : after == null ? "d" : "u";
            event("usage_events", type, op, cause, "'" + user + "', 'figma'", minute, before, after);
        }

        private static String user(String id) {
            return "{\"user_id\": \"" + id + "\"}";
        }
    }

    @Test
    void aUsageGoesOnUnderEachIdOfThePersonFromItsFirstBeginning() {
        var usages = new Usages();
        usages.move(1, "d1", "7", "DEVICE_ENROLLED");
        usages.move(2, "d1", "email:ann@x", "USER_CHANGED");
        usages.move(3, "d1", "7", "USER_CHANGED");
        usages.move(4, "d1", "9", "USER_CHANGED");
        write();
        assertThat(judge.rows(USAGE_PERIODS)).containsExactly("9|" + shown(1) + "|null|DEVICE_ENROLLED|null");

        usages.move(5, "d1", "8", "USER_ASSIGNED");
        write();
        assertThat(judge.rows(USAGE_PERIODS))
                .containsExactly(
                        "9|" + shown(1) + "|" + shown(5) + "|DEVICE_ENROLLED|USER_ASSIGNED",
                        "8|" + shown(5) + "|null|USER_ASSIGNED|null");
    }

    @Test
    void whatWasThereBeforeAnybodyLookedHasNoBeginningUnderAnyId() {
        var usages = new Usages();
        usages.move(1, "d1", "7", "BASELINE");
        usages.move(2, "d1", "9", "USER_CHANGED");
        write();

        assertThat(judge.rows(USAGE_PERIODS)).containsExactly("9|null|null|BASELINE|null");
    }

    /** 25 devices, one app, more than an event names; they get the new id one after the other. */
    @Test
    void manyDevicesOfOnePersonAreOnePeriodOnceAllHaveTheNewId() {
        var usages = new Usages();
        for (int device = 10; device < 35; device++) {
            usages.move(device - 9, "d" + device, "7", "DEVICE_ENROLLED");
        }
        for (int device = 34; device >= 10; device--) {
            usages.move(100 + device, "d" + device, "9", "USER_CHANGED");
        }
        write();

        assertThat(judge.rows(USAGE_PERIODS)).containsExactly("9|" + shown(1) + "|null|DEVICE_ENROLLED|null");
    }

    @Test
    void aPeriodUnderTheOtherIdThatBeganLaterBeganAsEarlyAsTheOneItTakesIn() {
        var usages = new Usages();
        usages.move(1, "d1", "7", "DEVICE_ENROLLED");
        usages.move(2, "d2", "9", "DEVICE_ENROLLED");
        write();
        assertThat(judge.rows(USAGE_PERIODS)).hasSize(2);
        usages.move(3, "d1", "9", "USER_CHANGED");
        write();

        assertThat(judge.rows(USAGE_PERIODS)).containsExactly("9|" + shown(1) + "|null|DEVICE_ENROLLED|null");
    }

    /** Without the device's event the person's former id is unknown: the view guesses nothing and loses nothing. */
    @Test
    void whereHistoryWasDeletedThePeriodsStandAsTheyAre() {
        var usages = new Usages();
        usages.move(1, "d1", "7", "DEVICE_ENROLLED");
        usages.move(2, "d1", "9", "USER_CHANGED");
        write();
        judge.execute("DELETE FROM kandji.device_events");

        assertThat(judge.rows(USAGE_PERIODS))
                .containsExactly(
                        "7|" + shown(1) + "|" + shown(2) + "|DEVICE_ENROLLED|USER_CHANGED",
                        "9|" + shown(2) + "|null|USER_CHANGED|null");
    }

    /**
     * Three persons, each with three ids, five devices that come, go, change hands and change ids: together, the periods of
     * a person's ids are the times in which the person had a device with the app.
     */
    @Test
    void periodsOfAPersonHaveNeitherHoleNorSurplus() {
        for (int history = 0; history < 25; history++) {
            judge.execute("DELETE FROM kandji.usage_events; DELETE FROM kandji.device_events");
            var usages = new Usages();
            var held = new TreeMap<String, TreeSet<Integer>>();
            var random = new Random(history);
            int minutes = 60;
            for (int minute = 1; minute <= minutes; minute++) {
                step(usages, random, minute);
                for (String user : usages.userOf.values()) {
                    held.computeIfAbsent(person(user), p -> new TreeSet<>()).add(minute);
                }
            }
            write();

            assertThat(told(minutes)).as("history " + history).isEqualTo(held);
            assertThat(judge.number("SELECT count(*) FROM kandji.usage_periods WHERE valid_to IS NULL"))
                    .isEqualTo(usages.userOf.values().stream().distinct().count());
        }
    }

    private static void step(Usages usages, Random random, int minute) {
        String device = "d" + random.nextInt(5);
        String user = usages.userOf.get(device);
        if (user == null) {
            usages.move(minute, device, random.nextInt(3) + "/" + random.nextInt(3), "DEVICE_ENROLLED");
        } else if (random.nextInt(4) == 0) {
            usages.move(minute, device, null, "DEVICE_REMOVED");
        } else if (random.nextInt(4) == 0) {
            String other = (Integer.parseInt(person(user)) + 1) % 3 + "/" + random.nextInt(3);
            usages.move(minute, device, other, "USER_ASSIGNED");
        } else {
            // All devices of the person change their id in one sweep, or one of them alone.
            String id = person(user) + "/" + random.nextInt(3);
            boolean all = random.nextBoolean();
            for (String each : List.copyOf(usages.userOf.keySet())) {
                if (each.equals(device)
                        || (all && person(usages.userOf.get(each)).equals(person(user)))) {
                    usages.move(minute, each, id, "USER_CHANGED");
                }
            }
        }
    }

    private static String person(String user) {
        return user.substring(0, user.indexOf('/'));
    }

    /** The minutes that the periods of each person's ids cover. */
    private Map<String, TreeSet<Integer>> told(int minutes) {
        var told = new TreeMap<String, TreeSet<Integer>>();
        for (String row : judge.rows("SELECT user_id, extract(epoch FROM valid_from - '" + START
                + "')::int / 60, coalesce(extract(epoch FROM valid_to - '" + START + "')::int / 60, " + (minutes + 1)
                + ") FROM kandji.usage_periods")) {
            String[] columns = row.split("\\|");
            for (int minute = Integer.parseInt(columns[1]); minute < Integer.parseInt(columns[2]); minute++) {
                told.computeIfAbsent(person(columns[0]), p -> new TreeSet<>()).add(minute);
            }
        }
        return told;
    }
}
