package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.CommandAnswer.Outcome;
import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Fleet.Truth;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The cases of decision 9, each with the outcome that stands there. */
class OperatorCasesTest {
    private final Fleet fleet = new Fleet();

    private static void enrol(Fleet fleet, String id, String user) {
        fleet.truth.put(id, new Truth("serial of " + id, user, false, Map.of("figma", "1"), 0));
    }

    /** Thirty devices, each with a user of its own, all published. */
    private void settled() {
        for (int i = 0; i < 30; i++) {
            enrol(fleet, "device-" + i, "user-" + i);
        }
        sweepBoth();
    }

    private void sweepBoth() {
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
    }

    private void lose(int from, int to) {
        for (int i = from; i < to; i++) {
            fleet.truth.remove("device-" + i);
        }
    }

    @Test
    void aUsersLastDeviceGoesAfterTwoSweepsLikeAnyOther() {
        settled();
        lose(7, 8);
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.waiting())
                .containsExactly(new Withheld(
                        "device-7",
                        What.DEVICE,
                        "Mac",
                        null,
                        fleet.now,
                        0,
                        1,
                        "shown by 1 of 2 complete sweeps",
                        null));
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.rawDevices).doesNotContainKey("device-7");
    }

    @Test
    void approvedItGoesWithTheNext() {
        settled();
        lose(7, 8);
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepDevices(Fault.CUT);
        assertThat(fleet.order("approve", "device-7")).isEqualTo(answer("approve", Outcome.APPLIED, 1));
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void theUserOfALastDeviceGoesAfterTwoSweepsToo() {
        settled();
        fleet.truth.computeIfPresent("device-7", (id, device) -> device.withUser(null));
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isEqualTo(1);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void beforeTheFirstSweepNothingIsWithheld() {
        enrol(fleet, "device-1", "user-1");
        assertThat(fleet.order("approve")).isEqualTo(answer("approve", Outcome.NOTHING_WITHHELD, 0));
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.baseline()).isTrue();
        assertThat(first.withheld()).isZero();
    }

    @Test
    void whatAnUnfinishedFirstSweepPublishedWaitsForTheSecondCompleteOneOrAnApproval() {
        for (int i = 0; i < 30; i++) {
            enrol(fleet, "device-" + i, "user-" + i);
        }
        fleet.sweepDevices(Fault.CUT);
        String published = fleet.rawDevices.keySet().iterator().next();
        fleet.truth.remove(published);
        Verdict first = fleet.sweepDevices(Fault.NONE);
        assertThat(first.baseline()).isTrue();
        assertThat(first.retracted()).isZero();
        assertThat(first.waiting()).singleElement().satisfies(item -> assertThat(item.reason())
                .isEqualTo("nothing is retracted up to the account's first complete sweep;"
                        + " shown by 1 of 2 complete sweeps"));
        fleet.order("approve", published);
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void anEmptyFirstAnswerIsNothingToDecideOn() {
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isZero();
        assertThat(fleet.order("reject")).isEqualTo(answer("reject", Outcome.NOTHING_WITHHELD, 0));
        enrol(fleet, "device-1", "user-1");
        assertThat(fleet.sweepDevices(Fault.NONE).baseline()).isTrue();
        assertThat(fleet.rawDevices).hasSize(1);
    }

    @Test
    void aDeviceThatEnrolsAgainIsTwoUntilTheOldIdHasBeenMissedTwice() {
        settled();
        Truth hardware = fleet.truth.remove("device-7");
        fleet.truth.put("device-7b", hardware);
        sweepBoth();
        assertThat(fleet.rawDevices).containsKeys("device-7", "device-7b");
        sweepBoth();
        assertThat(fleet.rawDevices).containsKey("device-7b").doesNotContainKey("device-7");
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void aDeviceThatEnrolsAgainIsOneAtOnceWhenTheOldIdIsApproved() {
        settled();
        fleet.truth.put("device-7b", fleet.truth.remove("device-7"));
        sweepBoth();
        fleet.order("approve", "device-7");
        sweepBoth();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Test
    void aDeviceThatMovesAppearsThereAtOnceAndLeavesHereByItsOwnEvidence() {
        settled();
        var other = new Fleet();
        enrol(other, "other", "somebody");
        other.sweepDevices(Fault.NONE);

        other.truth.put("device-7", fleet.truth.remove("device-7"));
        fleet.sweepDevices(Fault.NONE);
        other.sweepDevices(Fault.NONE);
        assertThat(fleet.rawDevices).containsKey("device-7");
        assertThat(other.rawDevices).containsKey("device-7");

        assertThat(fleet.order("reject", "device-7").outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(other.order("reject", "device-7").outcome()).isEqualTo(Outcome.NOTHING_WITHHELD);
        fleet.sweepDevices(Fault.NONE);
        other.sweepDevices(Fault.NONE);
        assertThat(fleet.rawDevices).containsKey("device-7");
        fleet.order("approve", "device-7");
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.rawDevices).doesNotContainKey("device-7");
        assertThat(other.rawDevices).containsKey("device-7");
    }

    @Test
    void aRejectedItemThatReturnsCountsFromAnewWhenItIsMissingAgain() {
        settled();
        Truth device = fleet.truth.remove("device-7");
        fleet.sweepDevices(Fault.NONE);
        fleet.order("reject", "device-7");
        fleet.now += 90 * 24 * Fleet.HOUR;
        Verdict held = fleet.sweepDevices(Fault.NONE);
        assertThat(held.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(held.waiting()).singleElement().satisfies(item -> {
            assertThat(item.order()).isEqualTo(Order.REJECTED);
            assertThat(item.sweeps()).isEqualTo(2);
            assertThat(item.reason()).isEqualTo("rejected by an operator");
        });
        fleet.truth.put("device-7", device);
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isZero();

        fleet.truth.remove("device-7");
        assertThat(fleet.sweepDevices(Fault.NONE).waiting()).singleElement().satisfies(item -> {
            assertThat(item.order()).isNull();
            assertThat(item.sweeps()).isEqualTo(1);
        });
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    @Test
    void anUnfinishedSweepThatShowsTheDeviceEndsItsApproval() {
        settled();
        // Among the first of the list, so that the half that a cut sweep reads has it.
        Truth device = fleet.truth.remove("device-1");
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve", "device-1");
        fleet.truth.put("device-1", device.withUser(null));
        assertThat(fleet.sweepDevices(Fault.CUT).outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
        fleet.truth.remove("device-1");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isZero();
    }

    @Test
    void anEmptyListThatWasApprovedByMistakeAndRecoversRetractsNothing() {
        settled();
        Map<String, String> before = fleet.told();
        assertThat(fleet.sweepDevices(Fault.EMPTY).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        fleet.sweepApps(Fault.EMPTY);
        assertThat(fleet.order("approve")).isEqualTo(answer("approve", Outcome.APPLIED, 30));
        Verdict devices = fleet.sweepDevices(Fault.NONE);
        Verdict apps = fleet.sweepApps(Fault.NONE);
        assertThat(devices.retracted() + apps.retracted()).isZero();
        assertThat(devices.withheld() + apps.withheld()).isZero();
        assertThat(fleet.told()).isEqualTo(before);
        // Nothing of the approval is left for the next empty list.
        assertThat(fleet.sweepDevices(Fault.EMPTY).retracted()).isZero();
        assertThat(fleet.told()).isEqualTo(before);
    }

    @Test
    void anApprovedEmptyListThatRecoversByHalfRetractsTheOtherHalf() {
        settled();
        fleet.sweepDevices(Fault.EMPTY);
        fleet.order("approve");
        lose(0, 15);
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.retracted()).isEqualTo(15);
    }

    /** A quarantined sweep is no miss, and what is told of it says the same. */
    @Test
    void whatIsOneOfTooManyIsToldWithTheMissesThatCount() {
        settled();
        lose(0, 20);
        assertThat(fleet.sweepDevices(Fault.NONE).waiting()).hasSize(20).allSatisfy(item -> {
            assertThat(item.sweeps()).isZero();
            assertThat(item.since()).isEqualTo(fleet.now);
            assertThat(item.reason())
                    .isEqualTo("shown by 0 of 2 complete sweeps; one of too many at once: must stand for 24 hours");
        });
    }

    @Test
    void approvedOrNotTheOthersOfAMassRemovalStayWithheld() {
        settled();
        lose(0, 20);
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve", "device-0", "device-1");
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("18 of 28 devices are absent");
        assertThat(verdict.retracted()).isEqualTo(2);
        assertThat(verdict.withheld()).isEqualTo(18);
    }

    @Test
    void theLastOfAFleetOfWhichTheRestWasRejectedAreEverything() {
        settled();
        lose(0, 25);
        fleet.sweepDevices(Fault.NONE);
        fleet.order("reject");
        lose(25, 30);
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        assertThat(verdict.reason()).contains("5 of 5 devices are absent");
        fleet.sweepDevices(Fault.NONE);
        assertThat(fleet.rawDevices).hasSize(30);
    }

    @Test
    void aListOfAppsIsRejectedWhateverElseItLacksUntilItIsApprovedOrWhole() {
        settled();
        fleet.answersAboutOne = false;
        fleet.truth.computeIfPresent(
                "device-1",
                (id, was) -> new Truth(was.details(), was.user(), false, Map.of("com.a", "1", "com.b", "1"), 1));
        sweepBoth();
        lacking("device-1", "com.b");
        assertThat(fleet.sweepApps(Fault.NONE).waiting()).singleElement().satisfies(item -> {
            assertThat(item.what()).isEqualTo(What.APPS);
            assertThat(item.reason()).contains("has not reported since");
        });
        fleet.order("reject", "device-1");
        fleet.now += 30 * 24 * Fleet.HOUR;
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
        lacking("device-1", "com.a");
        assertThat(fleet.sweepApps(Fault.NONE).waiting()).singleElement().satisfies(item -> assertThat(item.order())
                .isEqualTo(Order.REJECTED));
        fleet.order("approve", "device-1");
        assertThat(fleet.sweepApps(Fault.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    /** Without a report since: by the ordinary rules that must stand for a week. */
    private void lacking(String device, String app) {
        Truth was = fleet.truth.get(device);
        var apps = new HashMap<>(was.apps());
        apps.remove(app);
        fleet.truth.put(device, new Truth(was.details(), was.user(), false, apps, was.collectedAt()));
    }

    @Test
    void aFailedSweepTellsWhatStillWaits() {
        settled();
        lose(0, 20);
        fleet.sweepDevices(Fault.NONE);
        Verdict failed = Verdict.failed("401", fleet.ledger, Ledger.DEVICES);
        assertThat(failed.withheld()).isEqualTo(20);
        assertThat(failed.waiting()).hasSize(20).allMatch(item -> item.reason().contains("not complete"));
        assertThat(Verdict.failed("401", fleet.ledger, Ledger.APPS).withheld()).isZero();
    }

    @Test
    void theLongestWaitingAreListedAndAllAreCounted() {
        for (int i = 0; i < 1500; i++) {
            enrol(fleet, "device-" + i, null);
        }
        fleet.sweepDevices(Fault.NONE);
        lose(1200, 1500);
        fleet.sweepDevices(Fault.NONE);
        long since = fleet.now;
        fleet.now += Fleet.HOUR;
        lose(0, 1200);
        Verdict verdict = fleet.sweepDevices(Fault.NONE);
        assertThat(verdict.withheld()).isEqualTo(1500);
        assertThat(verdict.waiting()).hasSize(1000);
        assertThat(verdict.waiting().subList(0, 300)).allMatch(item -> item.since() == since);
    }

    @Test
    void commandsThatAreLateOrMakeNoSenseAreAnsweredAndDoNothing() {
        settled();
        lose(0, 1);
        fleet.sweepDevices(Fault.NONE);
        long day = 24 * Fleet.HOUR;
        var late = new OperatorCommand("late", "approve", Set.of(), fleet.now - day - 1);
        var justInTime = new OperatorCommand("in time", "reject", Set.of(), fleet.now - day);
        var strange = new OperatorCommand("strange", "obliterate", Set.of(), fleet.now);
        var stranger = new OperatorCommand("stranger", "approve", Set.of("no such device"), fleet.now);
        var orders = Orders.of(
                fleet.ledger,
                List.of(late, justInTime, strange, stranger, OperatorCommand.unreadable("garbled")),
                fleet.now);
        assertThat(orders.answers())
                .containsExactly(
                        new CommandAnswer("late", "approve", Outcome.EXPIRED, 0),
                        new CommandAnswer("in time", "reject", Outcome.APPLIED, 1),
                        new CommandAnswer("strange", "obliterate", Outcome.UNKNOWN_ACTION, 0),
                        new CommandAnswer("stranger", "approve", Outcome.NOTHING_WITHHELD, 0),
                        new CommandAnswer("garbled", "", Outcome.UNREADABLE, 0));
        assertThat(orders.ordered()).containsOnlyKeys("device-0");
        assertThat(fleet.ledger.entry("device-0").device().absences().get(0).order())
                .isNull();
    }

    @Test
    void ofTwoCommandsTheLaterCounts() {
        settled();
        lose(0, 1);
        fleet.sweepDevices(Fault.NONE);
        fleet.order("approve");
        fleet.order("reject", "device-0");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isZero();
        fleet.order("approve", "device-0");
        assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isEqualTo(1);
    }

    private static CommandAnswer answer(String action, Outcome outcome, long devices) {
        return new CommandAnswer("command", action, outcome, devices);
    }
}
