package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds of every history of a fleet in which the ledger is lost and made anew from the raw topics. */
class LostLedgerLawsTest {
    @Provide
    Arbitrary<List<Step>> anyHistory() {
        return Step.any(
                        Fault.NONE,
                        Fault.NONE,
                        Fault.CUT,
                        Fault.SHORT,
                        Fault.SHIFTED,
                        Fault.EMPTY,
                        Fault.BARE,
                        Fault.DROPPED)
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 400, seed = "4")
    void afterTheEvidenceHasStoodTheTopicsTellTheTruth(
            @ForAll("anyHistory") List<Step> history, @ForAll @IntRange(max = 60) int loss) {
        var fleet = new Fleet();
        for (int i = 0; i < history.size(); i++) {
            if (i == loss) {
                fleet.loseLedger();
            }
            play(history.get(i), fleet);
        }
        if (loss >= history.size()) {
            fleet.loseLedger();
        }
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.sweepDevices(Fault.NONE).decisions()).isEmpty();
        assertThat(fleet.sweepApps(Fault.NONE).decisions()).isEmpty();
    }

    /**
     * Both live through the same; one loses its ledger. An order after that would mean other absences. The loss of one or two devices
     * as everything that was there before is the known limit.
     */
    @Property(tries = 1000, seed = "4")
    void nothingEndsSoonerThanWithoutTheLoss(
            @ForAll("anyHistory") List<Step> history,
            @ForAll @IntRange(max = 60) int loss,
            @ForAll @IntRange(max = 60) int rejection,
            @ForAll @IntRange(max = 60) int approval) {
        var whole = new Fleet();
        var lost = new Fleet();
        for (int i = 0; i < history.size(); i++) {
            if (i <= loss && (i == rejection || i == approval)) {
                order(i == rejection ? "reject" : "approve", whole, lost);
            }
            if (i == loss) {
                lost.loseLedger();
            }
            step(history.get(i), whole, lost);
        }
        for (int i = 0; i < 40; i++) {
            step(new Step(Step.Act.SWEEP_DEVICES, 0, 0, Fault.NONE), whole, lost);
            step(new Step(Step.Act.SWEEP_APPS, 0, 0, Fault.NONE), whole, lost);
            step(new Step(Step.Act.WAIT, 0, 2, Fault.NONE), whole, lost);
        }
    }

    /** An order is in the receipts that follow; a sweep that breaks off lists what waits. */
    private static void order(String action, Fleet... fleets) {
        for (Fleet fleet : fleets) {
            fleet.order(action);
            fleet.sweepDevices(Fault.CUT);
            fleet.sweepApps(Fault.CUT);
        }
    }

    private static void step(Step step, Fleet whole, Fleet lost) {
        Set<String> before = items(lost);
        play(step, whole);
        play(step, lost);
        before.removeAll(items(lost));
        before.retainAll(items(whole));
        for (String kind : List.of(Ledger.DEVICES, Ledger.APPS)) {
            Set<String> everything = whole.waitingAsEverything(kind);
            if (everything.size() < EvidenceRules.LEAST_OF_ALL) {
                before.removeIf(item -> everything.contains(item.split(" ")[0]));
            }
        }
        assertThat(before)
                .as("items that ended with the loss, and not without it")
                .isEmpty();
    }

    /** Devices, devices in the hands of a user, and app rows, by name. */
    private static Set<String> items(Fleet fleet) {
        var items = new HashSet<String>();
        fleet.rawDevices.forEach((id, row) -> {
            items.add(id);
            if (row.attributed()) {
                items.add(id + " of " + row.user().id());
            }
        });
        fleet.rawApps.forEach(
                (id, rows) -> rows.forEach(row -> items.add(id + " has " + row.substring(0, row.indexOf(' ')))));
        return items;
    }

    private static void play(Step step, Fleet fleet) {
        switch (step.act()) {
            case SWEEP_DEVICES -> fleet.sweepDevices(step.fault());
            case SWEEP_APPS -> fleet.sweepApps(step.fault());
            default -> step.happenTo(fleet);
        }
    }

    private static Fleet settled(int devices) {
        var fleet = new Fleet();
        enrol(fleet, "device-", devices);
        for (int i = 0; i < 30; i++) {
            sweepBoth(fleet);
            fleet.now += 2 * Fleet.HOUR;
        }
        return fleet;
    }

    private static void enrol(Fleet fleet, String prefix, int devices) {
        IntStream.range(0, devices)
                .forEach(i -> fleet.truth.put(
                        prefix + i,
                        new Truth(
                                "new", "user-of-" + prefix + i, false, new HashMap<>(Map.of("app", "1")), fleet.now)));
    }

    private static void sweepBoth(Fleet fleet) {
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
    }

    @Test
    void aDeviceThatWentMeanwhileEndsAfterItHasStoodAndNotBefore() {
        Fleet fleet = settled(20);
        fleet.truth.remove("device-7");
        fleet.loseLedger();
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(first.baseline()).isFalse();
        assertThat(first.reason()).contains("lost records", "must stand for 24 hours");
        assertThat(first.decisions())
                .filteredOn(one -> one.publication() instanceof Decision.Device)
                .hasSize(19);
        int sweeps = 0;
        while (fleet.rawDevices.containsKey("device-7")) {
            fleet.now += 2 * Fleet.HOUR;
            fleet.sweepDevices(Fault.NONE);
            sweeps++;
        }
        // 24 hours of gaps of two hours each.
        assertThat(sweeps).isEqualTo(12);
        assertThat(fleet.rawDevices).hasSize(19);
        assertThat(fleet.sweepDevices(Fault.NONE).reason()).isNull();
    }

    @Test
    void anApprovalEndsItAtOnce() {
        Fleet fleet = settled(20);
        fleet.truth.remove("device-7");
        fleet.loseLedger();
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve", "device-7");
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.rawDevices).doesNotContainKey("device-7");
    }

    @Test
    void whatWasRejectedStaysRejected() {
        Fleet fleet = settled(20);
        fleet.truth.remove("device-7");
        fleet.truth.put("device-8", fleet.truth.get("device-8").withUser(null));
        sweepBoth(fleet);
        fleet.order("reject", "device-7", "device-8");
        sweepBoth(fleet);
        fleet.loseLedger();
        for (int i = 0; i < 40; i++) {
            fleet.now += 2 * Fleet.HOUR;
            sweepBoth(fleet);
        }
        assertThat(fleet.rawDevices).containsKey("device-7");
        assertThat(fleet.rawDevices.get("device-8").attributed()).isTrue();
    }

    @Test
    void theLossOfEverythingStillNeedsAnOperator() {
        Fleet fleet = settled(20);
        fleet.truth.clear();
        sweepBoth(fleet);
        fleet.loseLedger();
        enrol(fleet, "stranger-", 30);
        for (int i = 0; i < 60; i++) {
            fleet.now += 2 * Fleet.HOUR;
            sweepBoth(fleet);
        }
        assertThat(fleet.rawDevices).hasSize(50);
    }

    /** With its ledger the account would know that the strangers are new. */
    @Test
    void aFleetThatWasAddedBeforeTheLossMakesTheLossOfTheOwnNoSmaller() {
        Fleet fleet = settled(20);
        enrol(fleet, "stranger-", 60);
        sweepBoth(fleet);
        fleet.loseLedger();
        fleet.truth.keySet().removeIf(id -> id.startsWith("device-"));
        for (int i = 0; i < 60; i++) {
            fleet.now += 2 * Fleet.HOUR;
            sweepBoth(fleet);
        }
        assertThat(fleet.rawDevices).hasSize(80);
    }

    @Test
    void appsThatAreGoneNeedALaterReportThanTheLossOrMustStand() {
        Fleet fleet = settled(20);
        fleet.loseLedger();
        // A list that lost a row without a report, as the API may show it.
        fleet.truth.get("device-3").apps().clear();
        fleet.truth.get("device-3").apps().put("other", "1");
        for (int i = 0; i < 36; i++) {
            fleet.now += 2 * Fleet.HOUR;
            sweepBoth(fleet);
            assertThat(fleet.rawApps.get("device-3")).contains("app 1");
        }
        for (int i = 0; i < 60; i++) {
            fleet.now += 2 * Fleet.HOUR;
            sweepBoth(fleet);
        }
        assertThat(fleet.rawApps.get("device-3")).containsExactly("other 1");
    }

    @Test
    void aNewAccountIsABaseline() {
        var fleet = new Fleet();
        fleet.loseLedger();
        enrol(fleet, "device-", 3);
        assertThat(fleet.sweepDevices(Fault.NONE).baseline()).isTrue();
    }

    @Test
    void anUnfinishedBaselineIsOneStill() {
        var fleet = new Fleet();
        enrol(fleet, "device-", 6);
        fleet.sweepDevices(Fault.CUT);
        fleet.loseLedger();
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.baseline()).isTrue();
        assertThat(fleet.rawDevices).hasSize(6);
    }

    @Test
    void rowsThatStandInNoRecordAreNotDroppedWithoutEvidence() {
        var recovery = new LedgerRecovery();
        var rows = List.of(Fleet.app("app", "1"));
        recovery.device("device-1", new LedgerRecovery.Published(null, "Mac", null, false, false, Set.of(), false));
        recovery.apps("device-1", LedgerRecovery.PublishedApps.of(rows, 5, false, 1, true));
        recovery.wasComplete(Ledger.APPS);
        var fleet = new Fleet();
        fleet.ledger = recovery.repair(new Ledger(), false, false, () -> CommandsRead.NONE, fleet.now)
                .ledger();
        fleet.truth.put("device-1", new Truth("new", null, false, new HashMap<>(Map.of("app", "1")), 5));
        Verdict verdict = fleet.sweepApps(Fault.NONE);
        assertThat(verdict.withheld()).isEqualTo(1);
    }

    @Test
    void whatIsLeftOfALedgerStays() {
        Fleet fleet = settled(20);
        LedgerEntry kept = fleet.ledger.entry("device-3");
        var recovery = new LedgerRecovery();
        recovery.device("device-3", new LedgerRecovery.Published(null, "Mac", null, false, false, Set.of(), false));
        recovery.device("device-21", new LedgerRecovery.Published(null, "Mac", null, false, false, Set.of(), false));
        LedgerRecovery.Repaired repaired =
                recovery.repair(fleet.ledger, true, false, () -> new CommandsRead("id", 7, List.of()), fleet.now);
        assertThat(repaired.any()).isTrue();
        assertThat(repaired.changed()).containsOnlyKeys("device-21");
        assertThat(repaired.ledger().entry("device-3")).isEqualTo(kept);
        assertThat(repaired.ledger().commands()).isEqualTo(fleet.ledger.commands());
        assertThat(repaired.ledger().recovering(Ledger.DEVICES, fleet.rules.standing()))
                .isTrue();
    }

    @Test
    void ofAnOutdatedLedgerOnlyWhatTopicsDoNotKnowCounts() {
        Fleet fleet = settled(20);
        var recovery = new LedgerRecovery();
        recovery.device("device-3", new LedgerRecovery.Published(null, "Mac", null, false, false, Set.of(), false));
        LedgerRecovery.Repaired repaired =
                recovery.repair(fleet.ledger, true, true, () -> new CommandsRead("id", 7, List.of()), fleet.now);
        assertThat(repaired.changed()).containsOnlyKeys("device-3");
        assertThat(repaired.ledger().entry("device-3").device().holder()).isNull();
        assertThat(repaired.ledger().entry("device-4")).isEqualTo(fleet.ledger.entry("device-4"));
        assertThat(repaired.ledger().complete(Ledger.DEVICES).baseline()).isTrue();
        assertThat(repaired.ledger().commands().upTo()).isEqualTo(7);
    }
}
