package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
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

    /** A ledger of 0.1.0 told rows by bundle id and path. What it knows is held against the list all the same. */
    @Test
    void rowsOfAFormerLedgerNeedTheSameEvidence() {
        for (int i = 0; i < 30; i++) {
            String id = "device-" + i;
            LedgerEntry known = fleet.ledger.entry(id);
            var sweep = fleet.truth.get(id).apps().keySet().stream()
                    .mapToLong(name -> Fleet.app(name, "1").formerIdentity())
                    .sorted()
                    .toArray();
            fleet.ledger.put(
                    id, known.with(new AppsMemory(1, sweep, known.apps().collectedAt(), true, null)));
        }
        lose("device-1", "app-1", false);
        lose("device-2", "app-1", true);

        Verdict cut = fleet.sweepApps(Fault.BARE);
        assertThat(cut.retracted()).isZero();
        Verdict verdict = fleet.sweepApps(Fault.NONE);
        assertThat(verdict.retracted()).isEqualTo(1);
        assertThat(verdict.withheld()).isEqualTo(1);
        assertThat(fleet.rawApps.get("device-1")).hasSize(10);
        assertThat(fleet.rawApps.get("device-2")).hasSize(9);
        assertThat(fleet.ledger.entry("device-3").apps().former()).isFalse();
    }

    /** Sweep after sweep another row has no bundle id; the device reports each time, and an app is installed. */
    @Test
    void aRowThatLosesItsBundleIdEndsNothingHoweverLongAndHidesNothing() {
        var ledger = new Ledger();
        ledger.complete(Ledger.APPS, new CompleteSweeps(true, 1, "s"));
        List<String> names = List.of("com.a", "com.b", "com.c", "com.d");
        assertThat(look(ledger, 1, names, null).retracted()).isZero();
        var told = new TreeSet<String>();
        for (int day = 2; day < 40; day++) {
            String without = names.get(day % 2 == 0 ? 0 : day % 4);
            Verdict verdict = look(ledger, day, List.of("com.a", "com.b", "com.c", "com.d", "com.new"), without);
            assertThat(verdict.retracted()).isZero();
            verdict.decisions().forEach(decision -> {
                if (decision.publication() instanceof Decision.Apps list) {
                    assertThat(list.keepsRows()).isTrue();
                    list.apps()
                            .order()
                            .forEach(row -> told.add(list.apps().app(row).bundleId()));
                }
            });
        }
        assertThat(told).contains("com.new").doesNotContainNull();
        Verdict cured = look(ledger, 41, List.of("com.a", "com.b", "com.c", "com.d", "com.new"), null);
        assertThat(cured.retracted() + cured.withheld()).isZero();
        assertThat(look(ledger, 42, List.of("com.b", "com.c", "com.d", "com.new"), null)
                        .retracted())
                .isEqualTo(1);
    }

    /** @param without the one of the names whose row has no bundle id; null for none */
    private static Verdict look(Ledger ledger, int day, List<String> names, String without) {
        var sweep = new AppsSweep();
        // Others, so that the device is not everything.
        for (int device = 0; device < 30; device++) {
            for (int app = 0; app < 5; app++) {
                sweep.add("other-" + device, SharedApp.of(Fleet.app("com.app" + app, "1")), 1, 1, day, day);
            }
        }
        for (String name : names) {
            App whole = Fleet.app(name, "1");
            App row = name.equals(without)
                    ? new App(name, null, "1", null, whole.path(), null, null, null, null, null, null)
                    : whole;
            sweep.add("d", SharedApp.of(row), 1, 1, day, day);
        }
        sweep.walk().page(150 + names.size(), OptionalLong.of(150 + names.size()));
        long now = day * 24 * Fleet.HOUR;
        Verdict verdict = AppsJudge.judge(ledger, sweep.seal(), EvidenceRules.DEFAULT, now, now);
        verdict.decisions().forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        return verdict;
    }

    /** One row cannot be read from the first sweep on: what is installed meanwhile is news. */
    @Test
    void anAppThatComesWhileARowIsOwedIsNewsAndTheRowIsNot() {
        var young = new Ledger();
        assertThat(owed(young, 1, "a")).isFalse();
        young.complete(Ledger.APPS, new CompleteSweeps(true, 1, "s"));
        assertThat(owed(young, 1, "a", "new")).isFalse();
        assertThat(owed(young, 0, "a", "new", "cured")).isTrue();
        assertThat(owed(young, 0, "a", "new", "cured", "newer")).isFalse();
    }

    private static boolean owed(Ledger ledger, int unread, String... names) {
        var sweep = new AppsSweep();
        for (String name : names) {
            sweep.add("d", SharedApp.of(Fleet.app(name, "1")), 1, names.length, 1, 1);
        }
        for (int i = 0; i < unread; i++) {
            sweep.unread("d", "no bundle id", i, 1);
        }
        sweep.walk().page(names.length + unread, OptionalLong.of(names.length + unread));
        Verdict verdict = AppsJudge.judge(ledger, sweep.seal(), EvidenceRules.DEFAULT, 1);
        Decision decision = verdict.decisions().get(0);
        ledger.put("d", decision.after());
        return ((Decision.Apps) decision.publication()).owed();
    }
}
