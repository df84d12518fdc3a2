package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** One account, another URL: the cases of decision 11. */
class TenantChangeTest {
    private final Fleet fleet = new Fleet();

    /** Devices with these numbers, each with a user and an app, all published as news of the former tenant. */
    private void settled(int from, int to) {
        fleet.tenant = "acme/us";
        enrol(from, to);
        sweepBoth();
        sweepBoth();
    }

    private void enrol(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.put("device-" + i, new Truth("details of " + i, "user-" + i, false, Map.of("figma", "1"), 0));
        }
    }

    private void sweepBoth() {
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
    }

    private void moves() {
        fleet.truth.clear();
        fleet.tenant = "acme-new/us";
    }

    @Test
    void aRenamedHostPublishesAndRetractsNothingAndSaysSoOnce() {
        settled(0, 30);
        fleet.tenant = "acme-inc/us";
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(first.reason()).contains("another tenant's now, acme-inc/us instead of acme/us");
        assertThat(first.decisions()).isEmpty();
        assertThat(first.unchanged()).isEqualTo(30);
        Verdict apps = fleet.sweepApps(Fault.NONE);
        assertThat(apps.decisions()).isEmpty();
        Verdict second = fleet.sweepDevices(Fault.NONE);
        assertThat(second.reason()).isNull();
        assertThat(second.baseline()).as("news again").isFalse();
    }

    @Test
    void whatIsSaidOfTheTenantForgetsNothingThatTheVerdictCounts() {
        var sweep = new DevicesSweep();
        sweep.unread("device-0", "its row has 70000 bytes");
        Verdict verdict = DevicesJudge.judge(new Ledger(), sweep, EvidenceRules.DEFAULT, 5);
        assertThat(verdict.findings().unread()).isEqualTo(1);
        assertThat(verdict.saying("something").findings().unread()).isEqualTo(1);
    }

    @Test
    void whatAnotherTenantBringsIsStateAndWhatTheFormerHadIsWithheld() {
        settled(0, 30);
        moves();
        enrol(100, 140);
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        assertThat(first.reason()).contains("another tenant's now").contains("30 of 30 devices are absent");
        assertThat(first.baseline()).isTrue();
        assertThat(first.retracted()).isZero();
        assertThat(first.withheld()).isEqualTo(30);
        Verdict apps = fleet.sweepApps(Fault.NONE);
        assertThat(apps.baseline()).isTrue();
        assertThat(apps.retracted()).isZero();
        assertThat(fleet.rawDevices).hasSize(70);
    }

    @Test
    void whatTheFormerTenantHadGoesWhenAnOperatorApproves() {
        settled(0, 30);
        moves();
        enrol(100, 140);
        sweepBoth();
        fleet.order("approve");
        sweepBoth();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        enrol(140, 141);
        assertThat(fleet.sweepDevices(Fault.NONE).baseline()).as("news again").isFalse();
    }

    /** Nor does it go when the new tenant's devices are published, so that it is not everything any more. */
    @Test
    void allThatTheFormerTenantHadGoesByNoTimeAndTheBaselineEndsAfterTwoDays() {
        settled(0, 30);
        moves();
        enrol(100, 140);
        for (int hour = 0; hour < 49; hour++) {
            Verdict verdict = fleet.sweepDevices(Fault.NONE);
            assertThat(verdict.withheld()).isEqualTo(30);
            assertThat(verdict.baseline()).isTrue();
            fleet.now += Fleet.HOUR;
        }
        Verdict ends = fleet.sweepDevices(Fault.NONE);
        assertThat(ends.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(ends.retracted()).as("up to the first complete sweep").isZero();
        assertThat(fleet.sweepDevices(Fault.NONE).waiting()).hasSize(30).allMatch(item -> item.reason()
                .equals("part of losing everything: an operator must approve it"));
        fleet.order("approve");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(30);
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void ofATenantWithoutDevicesAllThatTheFormerHadGoesByNoTime() {
        settled(0, 30);
        moves();
        for (int hour = 0; hour < 72; hour++) {
            assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isEqualTo(30);
            fleet.now += Fleet.HOUR;
        }
        assertThat(fleet.rawDevices).hasSize(30);
    }

    @Test
    void aMistakenUrlThatIsSetRightAgainLeavesNothingBehind() {
        settled(0, 30);
        var before = fleet.told();
        var truth = new TreeMap<>(fleet.truth);
        moves();
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
        fleet.truth.putAll(truth);
        fleet.tenant = "acme/us";
        Verdict back = fleet.sweepDevices(Fault.NONE);
        assertThat(back.reason()).contains("acme/us instead of acme-new/us");
        assertThat(back.retracted() + back.withheld()).isZero();
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.told()).isEqualTo(before);
    }

    @Test
    void aLedgerThatNeverNotedItsTenantTakesTheFirstWithoutAWord() {
        settled(0, 3);
        fleet.ledger.tenant(null);
        fleet.tenant = "whose/us";
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.reason()).isNull();
        assertThat(verdict.baseline()).isFalse();
        assertThat(fleet.ledger.tenant()).isEqualTo("whose/us");
    }

    @Test
    void aSweepThatReachedNobodyChangesNoTenant() {
        settled(0, 3);
        assertThat(fleet.ledger.of(null)).isSameAs(fleet.ledger);
        assertThat(fleet.ledger.of("acme/us")).isSameAs(fleet.ledger);
    }

    /** Whatever the other tenant shares with the former: its first sweep takes nothing away, and in the end it alone stands. */
    @Property(tries = 100)
    void theFirstSweepTakesNothingAwayAndInTheEndTheNewTenantStands(
            @ForAll @IntRange(max = 25) int former,
            @ForAll @IntRange(max = 25) int from,
            @ForAll @IntRange(max = 25) int devices) {
        settled(0, former);
        Set<String> stood = Set.copyOf(fleet.rawDevices.keySet());
        moves();
        enrol(from, from + devices);
        for (Fault fault : new Fault[] {Fault.CUT, Fault.NONE}) {
            assertThat(fleet.sweepDevices(fault).retracted()).isZero();
            assertThat(fleet.sweepApps(fault).retracted()).isZero();
        }
        assertThat(fleet.rawDevices.keySet()).containsAll(stood);
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }
}
