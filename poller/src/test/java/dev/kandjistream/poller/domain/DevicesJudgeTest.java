package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import dev.kandjistream.poller.domain.Withheld.What;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Single cases of the rules, with the numbers worked out by hand. */
class DevicesJudgeTest {
    private final Fleet fleet = new Fleet();

    private void enrol(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.put("device-" + i, new Truth("d", "user-" + i, false, Map.of(), 0));
        }
    }

    private void remove(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.remove("device-" + i);
        }
    }

    private void settled(int devices) {
        enrol(0, devices);
        fleet.sweepDevices(Fault.NONE);
    }

    /** The last of so many sweeps with an hour before each but the first. */
    private Verdict hourly(int sweeps) {
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        for (int i = 1; i < sweeps; i++) {
            fleet.now += Fleet.HOUR;
            verdict = fleet.sweepDevices(Fault.NONE);
        }
        return verdict;
    }

    @Test
    void upToAFifthOfTheFleetMayGoAtOnce() {
        settled(100);
        remove(0, 20);
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(20);
    }

    @Test
    void moreThanAFifthIsWithheldAsSoonAsItIsMissed() {
        settled(100);
        remove(0, 21);
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.withheld()).isEqualTo(21);
        assertThat(verdict.reason()).contains("21 of 100 devices are absent");
    }

    /** Eight leave before every sweep, and two sweeps must show each of them. */
    @Test
    void aFleetDoesNotGoInSlicesThatAreEachBelowTheShare() {
        settled(100);
        for (int slice = 0; slice < 10; slice++) {
            remove(8 * slice, 8 * slice + 8);
            fleet.now += 300_000;
            Verdict verdict = fleet.sweepDevices(Fault.NONE);
            assertThat(verdict.retracted()).isEqualTo(slice == 1 ? 8 : 0);
            if (slice == 2) {
                assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
                assertThat(verdict.reason())
                        .contains("24 of 100 devices are absent (8 of them within the last 24 hours)");
            }
        }
        assertThat(fleet.rawDevices).hasSize(92);
    }

    /** Fifteen of a hundred leave before every other sweep, so that no two slices are missed at once. */
    @Test
    void norInSlicesThatAreMissedOneAfterTheOther() {
        settled(100);
        remove(0, 15);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isZero();
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(15);
        remove(15, 27);
        for (int sweep = 0; sweep < 5; sweep++) {
            assertThat(fleet.sweepDevices(Fault.NONE).reason())
                    .contains("27 of 100 devices are absent (15 of them within the last 24 hours)");
        }
        assertThat(fleet.rawDevices).hasSize(85);
        assertThat(hourly(25).retracted()).isEqualTo(12);
    }

    @Test
    void norDoSeats() {
        settled(100);
        for (int slice = 0; slice < 4; slice++) {
            for (int i = 8 * slice; i < 8 * slice + 8; i++) {
                fleet.truth.put("device-" + i, new Truth("d", null, false, Map.of(), 0));
            }
            fleet.sweepDevices(Fault.NONE);
        }
        assertThat(fleet.rawDevices.values())
                .filteredOn(row -> !row.attributed())
                .hasSize(8);
    }

    @Test
    void afterADayAnotherFifthMayGo() {
        settled(100);
        remove(0, 20);
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(20);
        Truth back = fleet.truth.get("device-20");
        remove(20, 21);
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.QUARANTINED);
        // While no sweep looks, the day does not go on.
        fleet.now += 48 * Fleet.HOUR;
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isEqualTo(1);
        fleet.truth.put("device-20", back);
        hourly(26);
        remove(20, 21);
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void whatAnOperatorApprovedDoesNotCountAsASlice() {
        settled(100);
        remove(0, 50);
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(50);
        remove(50, 60);
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(10);
    }

    @Test
    void fourOfFiveAreAnOrdinaryDayAndTheFifthIsEverything() {
        settled(5);
        remove(0, 4);
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(4);
        remove(4, 5);
        assertThat(hourly(48).withheld()).isEqualTo(1);
    }

    /** What the same answer adds makes the loss no smaller. */
    @Test
    void anotherFleetInPlaceOfThisOneTakesNothingHoweverLong() {
        settled(5);
        remove(0, 5);
        for (int i = 50; i < 100; i++) {
            enrol(i, i + 1);
        }
        assertThat(hourly(72).withheld()).isEqualTo(5);
        assertThat(fleet.rawDevices).hasSize(55);
    }

    @Test
    void fewerThanTenAreAnOrdinaryDayInASmallFleet() {
        settled(12);
        remove(0, 9);
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void everythingIsTooMuchHoweverFew() {
        settled(1);
        remove(0, 1);
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.QUARANTINED);
    }

    @Test
    void allSeatsOfAMostlyUnassignedFleetAreEverything() {
        settled(5);
        for (int i = 100; i < 200; i++) {
            fleet.truth.put("device-" + i, new Truth("d", null, false, Map.of(), 0));
        }
        fleet.sweepDevices(Fault.NONE);
        for (int i = 0; i < 5; i++) {
            fleet.truth.put("device-" + i, new Truth("d", null, false, Map.of(), 0));
        }
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("5 of 5 seats");
    }

    @Test
    void anItemThatReturnsStartsAnew() {
        settled(100);
        remove(0, 50);
        hourly(23);
        enrol(0, 50);
        fleet.sweepDevices(Fault.NONE);
        remove(0, 50);
        assertThat(hourly(3).outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(fleet.rawDevices).hasSize(100);
    }

    @Test
    void anEmptyAnswerIsNoMissOfTheDevicesThatAShortOneLacks() {
        settled(100);
        fleet.sweepDevices(Fault.EMPTY);
        fleet.sweepDevices(Fault.EMPTY);
        remove(0, 5);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isZero();
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(5);
    }

    @Test
    void whatIsBelievedByNowDoesNotMakeTheRestLookLikeLessThanEverything() {
        settled(5);
        remove(0, 1);
        // Else it would be gone with the second sweep.
        fleet.licensedBeyond = OptionalLong.of(1);
        assertThat(hourly(24).withheld()).isEqualTo(1);
        fleet.now += Fleet.HOUR;
        Verdict verdict = fleet.sweepDevices(Fault.EMPTY);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("4 of 4 devices are absent");
        assertThat(fleet.rawDevices).hasSize(5);
    }

    @Test
    void oneMoreRemovalDoesNotProlongTheQuarantineOfTheOthers() {
        settled(100);
        remove(0, 50);
        hourly(23);
        remove(50, 51);
        fleet.now += Fleet.HOUR;
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isEqualTo(51);
        fleet.now += Fleet.HOUR;
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.retracted()).isEqualTo(50);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void theFirstCompleteSweepRetractsNothingAndEndsTheBaseline() {
        enrol(0, 30);
        Verdict cut = fleet.sweepDevices(Fault.CUT);
        assertThat(cut.baseline()).isTrue();
        fleet.truth.put("device-1", new Truth("d", null, false, Map.of(), 0));
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.baseline()).isTrue();
        assertThat(first.endsBaseline()).isTrue();
        assertThat(first.retracted()).isZero();
        Verdict second = fleet.sweepDevices(Fault.NONE);
        assertThat(second.baseline()).isFalse();
        assertThat(second.retracted()).isEqualTo(1);
    }

    @Test
    void anEmptyAnswerIsNoBaseline() {
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.endsBaseline()).isFalse();
        enrol(0, 3);
        assertThat(fleet.sweepDevices(Fault.NONE).baseline()).isTrue();
    }

    @Test
    void anotherUserIsALossLikeNoUserAndNeedsTwoSweeps() {
        settled(100);
        for (int i = 0; i < 20; i++) {
            fleet.truth.put("device-" + i, new Truth("d", "other-" + i, false, Map.of(), 0));
        }
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(first.retracted()).isZero();
        assertThat(first.waiting().get(0))
                .extracting(Withheld::what, Withheld::before, Withheld::after, Withheld::reason)
                .containsExactly(What.OTHER_USER, "id user-0", "id other-0", "shown by 1 of 2 complete sweeps");
        assertThat(fleet.rawDevices.get("device-0").user().id()).isEqualTo("user-0");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(20);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void moreThanAFifthWithOtherUsersIsWithheldForADay() {
        settled(100);
        for (int i = 0; i < 21; i++) {
            fleet.truth.put("device-" + i, new Truth("d", "other-" + i, false, Map.of(), 0));
        }
        Verdict verdict = hourly(24);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("21 of 100 seats would end or change hands");
        fleet.now += Fleet.HOUR;
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(21);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void allDevicesInOneHandNeedAnOperatorHoweverLong() {
        settled(100);
        fleet.truth.replaceAll((id, device) -> device.withUser("user-0"));
        Verdict verdict = hourly(24 * 7);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.retracted()).isZero();
        assertThat(verdict.withheld()).isEqualTo(99);
        assertThat(verdict.waiting()).allMatch(item -> item.reason().contains("an operator must approve it"));
        assertThat(fleet.rawDevices.get("device-7").user().id()).isEqualTo("user-7");
        fleet.order("approve");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(99);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void aDeviceMarkedAsRemovedIsUnconfirmedAtOnceRetractedByTheSecondSweepAndStaysListed() {
        settled(100);
        fleet.truth.put("device-1", new Truth("d", "user-1", true, Map.of(), 0));
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.retracted()).isZero();
        assertThat(first.decisions()).singleElement().satisfies(decision -> assertThat(decision.unconfirmed())
                .isEqualTo(Unconfirmed.REMOVED));
        assertThat(fleet.rawDevices.get("device-1").attributed()).isTrue();
        Verdict second = fleet.sweepDevices(Fault.NONE);
        assertThat(second.retracted()).isEqualTo(1);
        assertThat(second.decisions()).singleElement().satisfies(decision -> assertThat(decision.unconfirmed())
                .isEqualTo(Unconfirmed.NOTHING));
        assertThat(fleet.rawDevices.get("device-1").attributed()).isFalse();
    }

    @Test
    void aPollerFrozenForADayWithAnEmptyAnswerInItsHandsBelievesItNoMoreThanBefore() {
        settled(30);
        assertThat(fleet.sweepDevices(Fault.EMPTY).outcome()).isEqualTo(Outcome.QUARANTINED);
        fleet.frozen = fleet.rules.standing().plusHours(1);
        Verdict woken = fleet.sweepDevices(Fault.EMPTY);
        assertThat(woken.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(woken.retracted()).isZero();
    }

    @Test
    void aTimeInWhichThePollerWasFrozenIsNoTimeInWhichAnAnswerStood() {
        settled(30);
        fleet.frozen = fleet.rules.standing().plusHours(1);
        fleet.sweepDevices(Fault.EMPTY);
        fleet.frozen = Duration.ZERO;
        assertThat(fleet.sweepDevices(Fault.EMPTY).retracted()).isZero();
    }
}
