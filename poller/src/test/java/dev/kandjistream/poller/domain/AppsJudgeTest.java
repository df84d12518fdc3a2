package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single cases of the rules, on a fleet of thirty devices with ten apps each. */
class AppsJudgeTest {
    private final Fleet fleet = new Fleet();

    @BeforeEach
    void settle() {
        fleet.answersAboutOne = false;
        for (int i = 0; i < 30; i++) {
            var apps = new HashMap<String, String>();
            for (int app = 0; app < 10; app++) {
                apps.put("app-" + app, "1");
            }
            fleet.truth.put("device-" + i, new Truth("d", "user-" + i, false, apps, 1));
        }
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
    }

    private void lose(String device, String app, boolean reported) {
        Truth was = fleet.truth.get(device);
        var apps = new HashMap<>(was.apps());
        apps.remove(app);
        fleet.truth.put(device, new Truth("d", was.user(), false, apps, was.collectedAt() + (reported ? 1 : 0)));
    }

    /** The last of so many sweeps with six hours before each but the first. */
    private Verdict everySixHours(int sweeps) {
        Verdict verdict = fleet.sweepApps(Fault.NONE);
        for (int i = 1; i < sweeps; i++) {
            fleet.now += 6 * Fleet.HOUR;
            verdict = fleet.sweepApps(Fault.NONE);
        }
        return verdict;
    }

    private void loseAll(String device) {
        Truth was = fleet.truth.get(device);
        fleet.truth.put(device, new Truth("d", was.user(), false, Map.of(), was.collectedAt() + 1));
    }

    @Test
    void anAppGoneFromADeviceThatReportedAgainIsRetractedAtOnce() {
        lose("device-1", "app-1", true);
        Verdict verdict = fleet.sweepApps(Fault.NONE);
        assertThat(verdict.retracted()).isEqualTo(1);
        assertThat(fleet.rawApps.get("device-1")).hasSize(9);
    }

    @Test
    void anAppGoneFromADeviceThatDidNotReportWaitsForItOrForAWeek() {
        lose("device-1", "app-1", false);
        assertThat(everySixHours(28).withheld()).isEqualTo(1);
        fleet.now += 6 * Fleet.HOUR;
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void aPollerFrozenForAWeekWithAListInItsHandsBelievesItNoMoreThanBefore() {
        lose("device-1", "app-1", false);
        fleet.sweepApps(Fault.NONE);
        fleet.frozen = fleet.rules.appsStanding().plusHours(1);
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
    }

    @Test
    void aReportThatStillShowedTheAppIsNotTakenForEvidenceOfItsLoss() {
        Truth was = fleet.truth.get("device-1");
        fleet.truth.put("device-1", new Truth("d", was.user(), false, was.apps(), 50));
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
        lose("device-1", "app-1", false);
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
    }

    private void report(String version, long collectedAt) {
        Truth was = fleet.truth.get("device-1");
        var apps = new HashMap<>(was.apps());
        apps.put("app-1", version);
        fleet.truth.put("device-1", new Truth("d", was.user(), false, apps, collectedAt));
    }

    @Test
    void whatADeviceReportedSinceIsNotTakenBackByAnOlderReading() {
        report("2", 50);
        fleet.sweepApps(Fault.NONE);
        report("1", 40);
        assertThat(fleet.sweepApps(Fault.NONE).decisions()).isEmpty();
        assertThat(fleet.rawApps.get("device-1")).contains("app-1 2").doesNotContain("app-1 1");
        report("3", 50);
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.rawApps.get("device-1")).contains("app-1 3");
    }

    @Test
    void aReportFromTheFutureDoesNotFreezeTheDevice() {
        report("2", fleet.now + Fleet.HOUR);
        fleet.sweepApps(Fault.NONE);
        report("3", 40);
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.rawApps.get("device-1")).contains("app-1 3");
    }

    @Test
    void oneAppGoneFromEveryDeviceIsNoMassExtinction() {
        fleet.truth.keySet().stream().toList().forEach(device -> lose(device, "app-1", true));
        Verdict verdict = fleet.sweepApps(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.retracted()).isEqualTo(30);
    }

    @Test
    void aFifthOfAllRowsGoneIsQuarantinedForADay() {
        for (int app = 0; app < 3; app++) {
            int gone = app;
            fleet.truth.keySet().stream().toList().forEach(device -> lose(device, "app-" + gone, true));
        }
        assertThat(everySixHours(4).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        fleet.now += 6 * Fleet.HOUR;
        Verdict released = fleet.sweepApps(Fault.NONE);
        assertThat(released.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(released.retracted()).isEqualTo(30);
    }

    @Test
    void duringAQuarantineAdditionsOfOtherDevicesFlow() {
        for (int i = 0; i < 29; i++) {
            loseAll("device-" + i);
        }
        Truth was = fleet.truth.get("device-29");
        var apps = new HashMap<>(was.apps());
        apps.put("new", "1");
        fleet.truth.put("device-29", new Truth("d", was.user(), false, apps, 9));
        assertThat(fleet.sweepApps(Fault.NONE).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        assertThat(fleet.rawApps.get("device-29")).hasSize(11);
        assertThat(fleet.rawApps.get("device-0")).hasSize(10);
    }

    @Test
    void aDeviceWithoutAppsIsBelievedWhenItsOwnEndpointSaysSoElseAfterAWeek() {
        loseAll("device-1");
        assertThat(fleet.sweepApps(Fault.NONE).withheld()).isEqualTo(1);
        fleet.answersAboutOne = true;
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.rawApps.get("device-1")).isEmpty();
        fleet.answersAboutOne = false;
        loseAll("device-2");
        assertThat(everySixHours(28).withheld()).isEqualTo(1);
        fleet.now += 6 * Fleet.HOUR;
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void appsOfADeviceThatIsNotListedArePublishedAndGoAfterTwoSweeps() {
        var sweep = fleet.truth;
        fleet.truth.put("stray", new Truth("d", null, false, Map.of("app-0", "1"), 1));
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.rawApps).containsKey("stray");
        sweep.remove("stray");
        assertThat(fleet.sweepApps(Fault.NONE).withheld()).isEqualTo(1);
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.rawApps).doesNotContainKey("stray");
    }

    @Test
    void anEmptyAnswerIsNoMissOfADeviceThatIsNotListed() {
        fleet.truth.put("stray", new Truth("d", null, false, Map.of("app-0", "1"), 1));
        fleet.sweepApps(Fault.NONE);
        fleet.sweepApps(Fault.EMPTY);
        fleet.sweepApps(Fault.EMPTY);
        fleet.truth.remove("stray");
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void whatIsBelievedByNowDoesNotMakeTheRestLookLikeLessThanEverything() {
        loseAll("device-1");
        fleet.truth.keySet().removeIf(id -> !id.equals("device-1") && !id.equals("device-2"));
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve");
        fleet.sweepDevices(Fault.NONE);
        everySixHours(5);
        assertThat(fleet.rawApps.keySet()).containsExactly("device-1", "device-2");
        assertThat(fleet.sweepApps(Fault.EMPTY).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
    }

    @Test
    void inACutSweepADeviceThatLacksRowsIsReadAgainByItself() {
        lose("device-0", "app-1", true);
        fleet.sweepApps(Fault.CUT);
        assertThat(fleet.rawApps.get("device-0")).hasSize(10);
        fleet.answersAboutOne = true;
        assertThat(fleet.sweepApps(Fault.CUT).waiting()).singleElement().satisfies(item -> assertThat(item.reason())
                .contains("shown by 1 of 2 readings"));
        assertThat(fleet.rawApps.get("device-0")).hasSize(10);
        Verdict verdict = fleet.sweepApps(Fault.CUT);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
        assertThat(fleet.rawApps.get("device-0")).hasSize(9);
    }

    @Test
    void aTotalThatMovesIsExplainedByWhatCameAndWent() {
        var totals = new ClaimedTotals();
        for (long total : new long[] {100, 103, 101}) {
            totals.claim(total);
        }
        assertThat(totals.explain(97)).isFalse();
        assertThat(totals.explain(98)).isTrue();
        assertThat(totals.explain(103)).isTrue();
        assertThat(totals.explain(104)).isFalse();
        assertThat(totals.moved()).isTrue();
    }

    @Test
    void aTotalThatStandsStillToleratesNothing() {
        var sweep = new AppsSweep();
        sweep.add("a", SharedApp.of(Fleet.app("x", "1")), 1, 1, 1, 1);
        sweep.walk().page(1, OptionalLong.of(2));
        sweep.walk().page(0, OptionalLong.of(2));
        assertThat(sweep.seal().doubts()).singleElement().asString().contains("claims 2");
    }

    @Test
    void afterATotalThatMovedListsThatLackRowsAreReadAgain() {
        lose("device-1", "app-1", true);
        var sweep = new AppsSweep();
        fleet.truth.forEach((id, device) -> device.apps()
                .forEach((app, version) ->
                        sweep.add(id, SharedApp.of(Fleet.app(app, version)), 1, 2, device.collectedAt(), 5)));
        sweep.walk().page(299, OptionalLong.of(300));
        sweep.walk().page(0, OptionalLong.of(299));
        sweep.seal();
        assertThat(sweep.doubts()).isEmpty();
        assertThat(SingleReads.worthRereading(fleet.ledger, sweep, fleet.rules)).containsExactly("device-1");
        assertThat(AppsJudge.judge(fleet.ledger, sweep, fleet.rules, fleet.now).retracted())
                .isZero();
    }
}
