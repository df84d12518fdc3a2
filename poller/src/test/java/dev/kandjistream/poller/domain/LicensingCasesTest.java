package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device list that lacks devices, and a licensing page that counts them or does not; a hundred devices. */
class LicensingCasesTest {
    private final Fleet fleet = new Fleet();

    @BeforeEach
    void settle() {
        enrol(0, 100);
        fleet.sweepDevices(Fault.NONE);
    }

    private void enrol(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.put("device-" + i, new Truth("d", "user-" + i, false, Map.of(), 0));
        }
    }

    private void remove(int... devices) {
        for (int device : devices) {
            fleet.truth.remove("device-" + device);
        }
    }

    /** By a list as the fleet is. */
    private boolean worthCounting() {
        return DevicesJudge.worthCounting(fleet.ledger, fleet.devicesAsTold(Fault.NONE), fleet.rules, fleet.now);
    }

    private Verdict sweep(long licensed) {
        fleet.licensedBeyond = OptionalLong.of(licensed - fleet.truth.size());
        return fleet.sweepDevices(Fault.NONE);
    }

    @Test
    void theCountIsAskedOnlyWhenDevicesWouldGo() {
        assertThat(worthCounting()).isFalse();
        remove(1, 2, 3);
        assertThat(worthCounting()).as("missed for the first time").isFalse();
        fleet.sweepDevices(Fault.NONE);
        assertThat(worthCounting()).isTrue();
    }

    @Test
    void itIsNotAskedForUsersNorForWhatIsWithheldAnyway() {
        fleet.truth.put("device-1", new Truth("d", null, false, Map.of(), 0));
        assertThat(worthCounting()).as("a user gone").isFalse();
        fleet.sweepDevices(Fault.NONE);
        for (int i = 0; i < 50; i++) {
            remove(i);
        }
        fleet.sweepDevices(Fault.NONE);
        assertThat(worthCounting()).as("too many at once").isFalse();
        for (int hour = 0; hour < 24; hour++) {
            fleet.now += Fleet.HOUR;
            fleet.sweepDevices(Fault.CUT);
            assertThat(worthCounting()).as("too many at once").isFalse();
            fleet.sweepDevices(Fault.NONE);
        }
        assertThat(fleet.rawDevices).as("gone for a day").hasSize(50);
        assertThat(worthCounting()).isFalse();
    }

    @Test
    void devicesThatAreStillCountedWaitForADay() {
        remove(1, 2, 3);
        fleet.sweepDevices(Fault.NONE);
        Verdict verdict = sweep(100);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.retracted()).isZero();
        assertThat(verdict.withheld()).isEqualTo(3);
        assertThat(verdict.reason()).contains("counts 100 devices where the list shows 97 and lacks 3");
        assertThat(verdict.waiting()).allMatch(waiting -> waiting.reason().contains("licensing page still counts it"));

        for (int hour = 0; hour < 23; hour++) {
            fleet.now += Fleet.HOUR;
            assertThat(sweep(100).retracted()).isZero();
        }
        fleet.now += Fleet.HOUR;
        assertThat(sweep(100).retracted()).isEqualTo(3);
    }

    @Test
    void aContradictedSweepIsNoMiss() {
        remove(1);
        fleet.sweepDevices(Fault.NONE);
        for (int i = 0; i < 5; i++) {
            assertThat(sweep(100).waiting().get(0).sweeps()).isEqualTo(1);
        }
        assertThat(sweep(99).retracted()).isEqualTo(1);
    }

    @Test
    void devicesThatAreNotCountedAnyMoreGo() {
        remove(1, 2, 3);
        fleet.sweepDevices(Fault.NONE);
        assertThat(sweep(97).retracted()).isEqualTo(3);
    }

    @Test
    void aCountThatAgreesWithNeitherIsNoEvidence() {
        remove(1, 2, 3);
        fleet.sweepDevices(Fault.NONE);
        assertThat(sweep(12).retracted()).isEqualTo(3);
    }

    @Test
    void devicesThatCameMeanwhileCountToo() {
        remove(1, 2, 3);
        fleet.sweepDevices(Fault.NONE);
        enrol(200, 203);
        assertThat(sweep(103).withheld()).isEqualTo(3);
        assertThat(sweep(100).retracted()).isEqualTo(3);
    }

    @Test
    void whatAnOperatorApprovedGoesAgainstTheCount() {
        remove(1, 2, 3);
        fleet.sweepDevices(Fault.NONE);
        sweep(100);
        fleet.order("approve", "device-1");
        assertThat(sweep(100).retracted()).isEqualTo(1);
        assertThat(fleet.rawDevices).doesNotContainKey("device-1").containsKeys("device-2", "device-3");
    }

    @Test
    void aUserGoneIsNothingThatLicensesCount() {
        fleet.truth.put("device-7", new Truth("d", null, false, Map.of(), 0));
        remove(1);
        fleet.sweepDevices(Fault.NONE);
        assertThat(sweep(100).retracted()).isEqualTo(1);
        assertThat(fleet.rawDevices.get("device-7").attributed()).isFalse();
        assertThat(fleet.rawDevices).containsKey("device-1");
    }
}
