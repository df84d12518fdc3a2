package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldFleet.Truth;
import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Losses that are a small share of all seats, and a great one of one platform's, or of the users. */
class PartsOfAFleetTest {
    private static final int WINDOWS = 300;

    private final FieldFleet fleet = new FieldFleet();

    private void enrol(String kind, int from, int to, String platform, Integer user) {
        for (int i = from; i < to; i++) {
            fleet.truth.put(
                    "device-" + kind + i,
                    new Truth(user == null ? kind.hashCode() * 1000 + i : user, platform, "SER" + kind + i, false));
        }
    }

    private void unassign(String kind, int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.computeIfPresent(
                    "device-" + kind + i,
                    (id, truth) -> new Truth(null, truth.platform(), truth.serial(), truth.removed()));
        }
    }

    private Verdict sweep() {
        fleet.now += FieldFleet.HOUR;
        return fleet.look(fleet.honest());
    }

    private long seats(String platform) {
        return fleet.published.values().stream()
                .filter(row -> platform.equals(row.platform()) && row.attributed())
                .count();
    }

    private void mostlyWindows(int macs) {
        enrol("w", 0, WINDOWS, "Windows", null);
        enrol("m", 0, macs, "Mac", null);
        sweep();
    }

    @Test
    void everySeatOfOnePlatformNeedsAnOperatorHoweverLong() {
        mostlyWindows(30);
        unassign("m", 0, 30);

        assertThat(sweep().reason()).contains("30 of 30 license seats would end or change hands");
        for (int hour = 0; hour < 72; hour++) {
            assertThat(sweep().outcome()).isEqualTo(Outcome.QUARANTINED);
        }
        assertThat(seats("Mac")).isEqualTo(30);
        assertThat(sweep().reason()).contains("all license seats would still end");
        fleet.order("approve", Set.of());
        sweep();
        assertThat(seats("Mac")).isZero();
        assertThat(seats("Windows")).isEqualTo(WINDOWS);
    }

    @Test
    void aThirdOfOnePlatformMustStandForADay() {
        mostlyWindows(30);
        for (int i = 0; i < 10; i++) {
            fleet.truth.remove("device-m" + i);
        }
        for (int hour = 0; hour < 24; hour++) {
            assertThat(sweep().retracted()).isZero();
        }
        assertThat(sweep().retracted()).isEqualTo(10);
    }

    @Test
    void aPlatformDoesNotGoInSlices() {
        mostlyWindows(60);
        for (int slice = 0; slice < 4; slice++) {
            unassign("m", 10 * slice, 10 * slice + 10);
            sweep();
            sweep();
        }
        assertThat(seats("Mac")).isEqualTo(50);
    }

    @Test
    void allOfAFewAreAnOrdinaryDay() {
        enrol("i", 0, 5, "iPad", null);
        mostlyWindows(30);
        unassign("i", 0, 5);
        sweep();
        assertThat(sweep().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(seats("iPad")).isZero();
    }

    /** Eight Macs that have no user, then eight that say they are Windows. */
    @Test
    void allThatHaveALicenseNeedAnOperatorHoweverFew() {
        mostlyWindows(8);
        unassign("m", 0, 8);
        for (int hour = 0; hour < 72; hour++) {
            assertThat(sweep().outcome()).isEqualTo(Outcome.QUARANTINED);
        }
        enrol("m", 0, 8, "Windows", null);
        for (int hour = 0; hour < 72; hour++) {
            sweep();
        }
        assertThat(seats("Mac")).isEqualTo(8);
    }

    @Test
    void everySeatOfOneOfTwoPlatformsNeedsAnOperatorHoweverLong() {
        enrol("i", 0, 12, "iPad", null);
        mostlyWindows(200);
        unassign("i", 0, 12);
        assertThat(sweep().reason()).contains("12 of 12 iPad seats would end or change hands");
        for (int hour = 0; hour < 72; hour++) {
            sweep();
        }
        assertThat(sweep().reason()).contains("all iPad seats would still end");
        assertThat(seats("iPad")).isEqualTo(12);
    }

    /** Forty people have a device each, twenty have thirty: the forty are three of five users, and one of sixteen seats. */
    @Test
    void usersAreNotMergedInSlices() {
        for (int owner = 0; owner < 20; owner++) {
            enrol("o" + owner + "-", 0, 30, "Mac", owner);
        }
        for (int person = 0; person < 40; person++) {
            enrol("p", person, person + 1, "Mac", 100 + person);
        }
        sweep();
        for (int slice = 0; slice < 4; slice++) {
            for (int i = 10 * slice; i < 10 * slice + 10; i++) {
                fleet.truth.put("device-p" + i, new Truth(0, "Mac", "SERp" + i, false));
            }
            sweep();
            Verdict second = sweep();
            if (slice == 1) {
                assertThat(second.reason()).contains("20 of 60 users would have no device");
            }
        }
        assertThat(fleet.published.values().stream().map(row -> row.user().id()).distinct())
                .hasSize(50);
        assertThat(fleet.unconfirmed).isNotEqualTo(Map.of());
    }

    /** Ids stay; nine more people every two sweeps have the address of one. */
    @Test
    void peopleAreNotMergedByEmailInSlices() {
        enrol("m", 0, 100, "Mac", null);
        sweep();
        for (int merged = 9; merged < 100; merged += 9) {
            int number = merged;
            look(number);
            Verdict second = look(number);
            if (number == 27) {
                assertThat(second.reason()).contains("27 of 100 seats' users have another email");
            }
        }
        assertThat(fleet.published.values())
                .filteredOn(row -> row.user().email().equals("noreply@corp.example"))
                .hasSize(18);
    }

    private Verdict look(int merged) {
        fleet.now += FieldFleet.HOUR / 12;
        var list = fleet.list();
        for (int i = 0; i < 100; i++) {
            Map<Field, FieldLie> lies =
                    i < merged ? Map.of(Field.USER_EMAIL, FieldLie.other("noreply@corp.example")) : Map.of();
            fleet.add("device-m" + i, lies, list);
        }
        return fleet.look(list);
    }
}
