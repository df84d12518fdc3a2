package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What ordinary days bring must not wait for an operator, least of all while an account grows. */
class OrdinaryDaysTest extends FieldSweeps {

    @Test
    void theOnlyMacOfAWindowsFleetIsEnrolledAgain() {
        for (int i = 0; i < 40; i++) {
            fleet.truth.put("w-" + i, new FieldFleet.Truth(i, "Windows", "WIN" + i, false));
        }
        fleet.truth.put("mac-1", new FieldFleet.Truth(77, "Mac", "MAC1", false));
        fleet.look(fleet.honest());
        days(30);
        fleet.truth.put("mac-2", new FieldFleet.Truth(77, "Mac", "MAC1", false));
        fleet.look(fleet.honest());
        fleet.truth.remove("mac-1");
        Verdict verdict = days(60);
        assertThat(verdict.waiting()).isEmpty();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void theOnlyMacIsGivenToAnotherOnTheDayOtherMacsArrive() {
        for (int i = 0; i < 40; i++) {
            fleet.truth.put("w-" + i, new FieldFleet.Truth(i, "Windows", "WIN" + i, false));
        }
        fleet.truth.put("mac-1", new FieldFleet.Truth(77, "Mac", "MAC1", false));
        fleet.look(fleet.honest());
        days(2);
        for (int i = 2; i < 8; i++) {
            fleet.truth.put("mac-" + i, new FieldFleet.Truth(77 + i, "Mac", "MAC" + i, false));
        }
        fleet.look(fleet.honest());
        fleet.now += HOUR;
        fleet.truth.put("mac-1", new FieldFleet.Truth(99, "Mac", "MAC1", false));
        days(60);
        assertThat(userOf("mac-1")).isEqualTo("id-99");
    }

    @Test
    void aPilotOfOneEndsOnTheDayOfTheRollout() {
        fleet.enrol(1, 1);
        fleet.look(fleet.honest());
        enrol(100, 300);
        fleet.look(fleet.honest());
        fleet.now += HOUR;
        fleet.truth.remove("device-1");
        Verdict verdict = days(60);
        assertThat(verdict.waiting()).isEmpty();
        assertThat(fleet.published).doesNotContainKey("device-1");
    }

    @Test
    void aPilotOfTwoIsGivenToOthersOnTheDayOfTheRollout() {
        fleet.enrol(1, 1);
        fleet.enrol(2, 2);
        fleet.look(fleet.honest());
        enrol(100, 300);
        fleet.look(fleet.honest());
        fleet.now += HOUR;
        fleet.enrol(1, 500);
        fleet.enrol(2, 501);
        Verdict verdict = days(60);
        assertThat(userOf("device-1")).isEqualTo("id-500");
    }

    @Test
    void theOnlySeatChangesHandsOnTheDayAllOthersGetTheirUsers() {
        for (int i = 0; i < 100; i++) {
            fleet.enrol(i, i == 0 ? 0 : null);
        }
        fleet.look(fleet.honest());
        days(3);
        for (int i = 1; i < 100; i++) {
            fleet.enrol(i, i);
        }
        fleet.look(fleet.honest());
        fleet.now += HOUR;
        fleet.enrol(0, 500);
        days(60);
        assertThat(userOf("device-0")).isEqualTo("id-500");
    }

    @Test
    void firstUsersDoNotWaitForTheOnlyFormerSeat() {
        for (int i = 0; i < 100; i++) {
            fleet.enrol(i, i == 0 ? 0 : null);
        }
        fleet.look(fleet.honest());
        days(3);
        for (int i = 1; i < 60; i++) {
            fleet.enrol(i, i);
        }
        fleet.look(fleet.honest());
        fleet.now += HOUR;
        fleet.enrol(0, 500);
        for (int i = 60; i < 100; i++) {
            fleet.enrol(i, i);
        }
        for (int i = 0; i < 5; i++) {
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-70")).isEqualTo("id-70");
    }

    @Test
    void aCompanyOfOneEnrolsItsMacAgain() {
        fleet.enrol(1, 1);
        fleet.look(fleet.honest());
        days(3);
        fleet.truth.put("other-1", fleet.truth.get("device-1"));
        sweep(id -> Map.of());
        fleet.truth.remove("device-1");
        days(40);
        assertThat(fleet.published).doesNotContainKey("device-1");
    }

    @Test
    void aDeviceIsGivenToAnotherAndBack() {
        forty();
        fleet.enrol(2, 300);
        for (int i = 0; i < 3; i++) {
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-2")).isEqualTo("id-300");
        fleet.enrol(2, 2);
        for (int i = 0; i < 3; i++) {
            sweep(id -> Map.of());
        }
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void aDeviceIsTakenBackAndGivenToAnother() {
        forty();
        fleet.enrol(2, null);
        for (int i = 0; i < 3; i++) {
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-2")).isNull();
        fleet.enrol(2, 301);
        sweep(id -> Map.of());
        assertThat(userOf("device-2")).isEqualTo("id-301");
        fleet.enrol(2, 302);
        for (int i = 0; i < 3; i++) {
            sweep(id -> Map.of());
        }
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void oneOfTwoDevicesChangesHandsByWayOfNobodyAndTheOtherLosesItsUser() {
        fleet.enrol(1, 1);
        fleet.enrol(2, 2);
        fleet.look(fleet.honest());
        days(3);
        fleet.enrol(1, null);
        sweep(id -> Map.of());
        sweep(id -> Map.of());
        assertThat(userOf("device-1")).isNull();
        fleet.enrol(1, 3);
        sweep(id -> Map.of());
        assertThat(userOf("device-1")).isEqualTo("id-3");
        fleet.enrol(2, null);
        days(60);
        assertThat(userOf("device-2")).isNull();
    }

    @Test
    void aPilotThatEndsHoldsNobodyElseUp() {
        fleet.enrol(1, 1);
        fleet.look(fleet.honest());
        enrol(100, 300);
        fleet.look(fleet.honest());
        fleet.truth.remove("device-1");
        fleet.enrol(101, 900);
        for (int i = 0; i < 20; i++) {
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-101")).isEqualTo("id-900");
    }

    @Test
    void correctedSerialNumbersOfNewMacsAreNoLossOfTheFormerOnes() {
        enrol(0, 20);
        fleet.look(fleet.honest());
        days(2);
        enrol(1000, 1400);
        fleet.look(fleet.honest());
        Function<String, Map<Field, FieldLie>> lies = id -> {
            int n = number(id);
            return n >= 1000 && n < 1010 ? Map.of(Field.SERIAL, FieldLie.other("X" + n)) : Map.of();
        };
        Verdict verdict = sweep(lies);
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void aPlatformIsRetiredInAWeek() {
        for (int i = 0; i < 200; i++) {
            fleet.truth.put("m-" + i, new FieldFleet.Truth(i, "Mac", "M" + i, false));
        }
        for (int i = 0; i < 35; i++) {
            fleet.truth.put("p-" + i, new FieldFleet.Truth(1000 + i, "iPad", "P" + i, false));
        }
        fleet.look(fleet.honest());
        days(2);
        for (int d = 0; d < 7; d++) {
            for (int i = 0; i < 5; i++) {
                fleet.truth.remove("p-" + (d * 5 + i));
            }
            days(1);
        }
        Verdict verdict = days(10);
        assertThat(verdict.waiting()).isEmpty();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void theOnlySeatThatTheBaselineCouldReadChangesHands() {
        for (int i = 0; i < 40; i++) {
            fleet.enrol(i, i);
        }
        sweep(id -> id.equals("device-1") ? Map.of() : Map.of(Field.USER, MISSING));
        sweep(id -> Map.of());
        fleet.enrol(1, 500);
        for (int i = 0; i < 24 * 40; i++) {
            fleet.now += HOUR;
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-1")).isEqualTo("id-500");
    }
}
