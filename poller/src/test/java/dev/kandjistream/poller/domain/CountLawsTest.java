package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import dev.kandjistream.poller.domain.Step.Act;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What further counts may do to a verdict: take belief away, never lend any, and not for ever. */
class CountLawsTest {
    @Provide
    Arbitrary<List<Step>> anyHistory() {
        return Step.any(Fault.values()).list().ofMaxSize(60);
    }

    /** Nothing leaves, and all of it happens within an hour. */
    @Provide
    Arbitrary<List<Step>> historyInWhichNothingEnds() {
        return Step.any(Fault.NONE, Fault.DROPPED, Fault.DROPPED, Fault.CUT, Fault.SHORT, Fault.EMPTY)
                .filter(step -> !Set.of(Act.REMOVE, Act.WAIT, Act.UNASSIGN, Act.MARK_REMOVED, Act.ASSIGN)
                        .contains(step.act()))
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Fault> anyFault() {
        return Arbitraries.of(Fault.values());
    }

    @Property(tries = 400, seed = "4")
    void whatIsStillCountedIsNotTakenAway(
            @ForAll("historyInWhichNothingEnds") List<Step> history, @ForAll @LongRange(max = 3) long beyond) {
        var fleet = new Fleet();
        fleet.licensedBeyond = OptionalLong.of(beyond);
        for (Step step : history) {
            Set<String> before = Set.copyOf(fleet.rawDevices.keySet());
            play(step, fleet);
            assertThat(fleet.rawDevices.keySet()).containsAll(before);
        }
    }

    @Property(tries = 400, seed = "4")
    void licensingTakesBeliefAwayAndLendsNone(
            @ForAll("anyHistory") List<Step> history,
            @ForAll("anyFault") Fault fault,
            @ForAll @LongRange(max = 12) long licensed) {
        var fleet = new Fleet();
        history.forEach(step -> play(step, fleet));
        Verdict without = DevicesJudge.judge(fleet.ledger, fleet.devicesAsTold(fault), fleet.rules, fleet.now);
        DevicesSweep counted = fleet.devicesAsTold(fault);
        counted.licensed(licensed);
        Verdict with = DevicesJudge.judge(fleet.ledger, counted, fleet.rules, fleet.now);

        assertThat(with.outcome()).isEqualTo(without.outcome());
        assertThat(with.endsBaseline()).isEqualTo(without.endsBaseline());
        assertThat(with.retracted() + with.withheld()).isEqualTo(without.retracted() + without.withheld());
        assertThat(gone(without)).containsAll(gone(with));
        assertThat(published(with)).isEqualTo(published(without));
        if (!DevicesJudge.worthCounting(fleet.ledger, fleet.devicesAsTold(fault), fleet.rules, fleet.now)) {
            assertThat(gone(with)).isEqualTo(gone(without));
        }
    }

    @Property(tries = 400, seed = "4")
    void aCountOfRowsTakesBeliefAwayAndLendsNone(
            @ForAll("anyHistory") List<Step> history,
            @ForAll("anyFault") Fault fault,
            @ForAll @LongRange(max = 12) long before,
            @ForAll @LongRange(max = 12) long after) {
        var fleet = new Fleet();
        history.forEach(step -> play(step, fleet));
        AppsSweep sweep = fleet.appsAsTold(fault);
        AppsSweep counted = fleet.appsAsTold(fault);
        counted.walk().counted(before, after);
        counted.seal();
        Verdict without = AppsJudge.judge(fleet.ledger, sweep, fleet.rules, fleet.now);
        Verdict with = AppsJudge.judge(fleet.ledger, counted, fleet.rules, fleet.now);

        assertThat(counted.doubts()).containsAll(sweep.doubts());
        assertThat(with.retracted()).isLessThanOrEqualTo(without.retracted());
        assertThat(gone(without)).containsAll(gone(with));
    }

    /** Beyond the standing time, too: a count that disagrees is not a picture that could be believed one day. */
    @Property(tries = 200, seed = "4")
    void whereRowsAreCountedAShortListTakesNothingAwayHoweverLongItStands(
            @ForAll("anyHistory") List<Step> history, @ForAll("shortList") Fault fault) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        fleet.countsRows = true;
        history.forEach(step -> play(step, fleet));
        fleet.settle();
        long rows = fleet.appsAsTold(Fault.NONE).walk().rows();
        if (fleet.appsAsTold(fault).walk().rows() == rows) {
            return;
        }
        var apps = Map.copyOf(fleet.rawApps);
        for (int day = 0; day < 10; day++) {
            fleet.sweepApps(fault);
            fleet.now += 25 * Fleet.HOUR;
        }
        assertThat(fleet.rawApps).isEqualTo(apps);
    }

    @Provide
    Arbitrary<Fault> shortList() {
        return Arbitraries.of(Fault.EMPTY, Fault.BARE, Fault.DROPPED);
    }

    @Property(tries = 400, seed = "4")
    void whenFaultsEndTheTopicsComeToTellTheTruthWhateverElseIsCounted(
            @ForAll("anyHistory") List<Step> history, @ForAll @LongRange(min = -3, max = 3) long beyond) {
        var fleet = new Fleet();
        fleet.licensedBeyond = OptionalLong.of(beyond);
        fleet.countsRows = true;
        history.forEach(step -> play(step, fleet));
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.sweepDevices(Fault.NONE).withheld()).isZero();
    }

    private static Set<String> gone(Verdict verdict) {
        return verdict.decisions().stream()
                .filter(decision -> decision.publication() instanceof Decision.Gone)
                .map(Decision::deviceId)
                .collect(Collectors.toSet());
    }

    private static Set<String> published(Verdict verdict) {
        var published = new HashSet<String>();
        for (Decision decision : verdict.decisions()) {
            if (decision.publication() instanceof Decision.Device device) {
                published.add(device.row().deviceId() + " " + device.row().user());
            }
        }
        return published;
    }

    private static void play(Step step, Fleet fleet) {
        if (step.act() == Act.SWEEP_DEVICES) {
            fleet.sweepDevices(step.fault());
        } else if (step.act() == Act.SWEEP_APPS) {
            fleet.sweepApps(step.fault());
        } else {
            step.happenTo(fleet);
        }
    }
}
