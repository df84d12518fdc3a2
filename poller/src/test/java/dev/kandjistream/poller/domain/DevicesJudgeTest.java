package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.time.Duration;
import java.util.Map;
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
        assertThat(verdict.reason()).contains("21 of 100 devices absent");
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
        fleet.sweepDevices(Fault.NONE);
        fleet.now += 23 * Fleet.HOUR;
        enrol(0, 50);
        fleet.sweepDevices(Fault.NONE);
        remove(0, 50);
        fleet.now += 2 * Fleet.HOUR;
        assertThat(fleet.sweepDevices(Fault.NONE).outcome()).isEqualTo(Outcome.QUARANTINED);
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
        fleet.sweepDevices(Fault.NONE);
        fleet.now += 25 * Fleet.HOUR;
        Verdict verdict = fleet.sweepDevices(Fault.EMPTY);
        assertThat(verdict.outcome()).isEqualTo(Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("4 of 4 devices absent");
    }

    @Test
    void oneMoreRemovalDoesNotProlongTheQuarantineOfTheOthers() {
        settled(100);
        remove(0, 50);
        fleet.sweepDevices(Fault.NONE);
        fleet.now += 23 * Fleet.HOUR;
        remove(50, 51);
        fleet.sweepDevices(Fault.NONE);
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
    void anotherUserIsNoRetractionHoweverMany() {
        settled(100);
        fleet.truth.replaceAll((id, device) -> device.withUser("somebody else"));
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.retracted()).isZero();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void aDeviceMarkedAsRemovedIsRetractedAtOnceAndStaysListed() {
        settled(100);
        fleet.truth.put("device-1", new Truth("d", "user-1", true, Map.of(), 0));
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
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
