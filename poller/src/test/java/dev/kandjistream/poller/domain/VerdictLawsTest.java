package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.Fleet.Fault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What holds of every history of a fleet, whatever the API answers in between. The seed is fixed so that a build tells the
 * same every time; for a search, take it out and raise {@code tries}: 40,000 of each were clean.
 */
class VerdictLawsTest {
    @Provide
    Arbitrary<List<Step>> anyHistory() {
        return Step.any(Fault.values()).list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Step>> historyWithHonestFaults() {
        return Step.any(Fault.NONE, Fault.NONE, Fault.CUT, Fault.SHORT, Fault.SHIFTED)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Boolean> yesOrNo() {
        return Arbitraries.of(true, false);
    }

    @Property(tries = 400, seed = "4")
    void whenFaultsEndTheTopicsComeToTellTheTruth(
            @ForAll("anyHistory") List<Step> history, @ForAll("yesOrNo") boolean answersAboutOne) {
        var fleet = new Fleet();
        fleet.answersAboutOne = answersAboutOne;
        history.forEach(step -> play(step, fleet));
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Property(tries = 400, seed = "4")
    void equalSweepsPublishNothing(@ForAll("anyHistory") List<Step> history) {
        var fleet = new Fleet();
        history.forEach(step -> play(step, fleet));
        fleet.settle();
        assertThat(fleet.sweepDevices(Fault.NONE).decisions()).isEmpty();
        assertThat(fleet.sweepApps(Fault.NONE).decisions()).isEmpty();
    }

    @Property(tries = 400, seed = "4")
    void whatEndsWasMissingFromTheTruthInEveryCompleteSweepThatCounts(
            @ForAll("historyWithHonestFaults") List<Step> history) {
        var fleet = new Fleet();
        Map<String, Integer> missing = new HashMap<>();
        for (Step step : history) {
            Set<String> before = new HashSet<>(fleet.rawDevices.keySet());
            if (step.act() == Step.Act.SWEEP_DEVICES && !fleet.bends(step.fault())) {
                before.forEach(id -> missing.merge(id, 1, Integer::sum));
                missing.keySet().removeAll(fleet.truth.keySet());
            }
            Set<String> seats = seats(fleet);
            play(step, fleet);
            before.removeAll(fleet.rawDevices.keySet());
            assertThat(before).allMatch(gone -> missing.getOrDefault(gone, 0) >= fleet.rules.misses());
            seats.removeAll(seats(fleet));
            assertThat(seats).noneMatch(id -> attributed(fleet, id));
        }
    }

    /** An outage answers 200 and lies about everything, for less than the standing time. */
    @Property(tries = 400, seed = "4")
    void anEmptyOrBareAnswerRevokesNothing(@ForAll("historyWithHonestFaults") List<Step> history) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        history.forEach(step -> play(step, fleet));
        fleet.settle();
        Map<String, Set<String>> apps = Map.copyOf(fleet.rawApps);
        Set<String> seats = seats(fleet);
        Set<String> devices = Set.copyOf(fleet.rawDevices.keySet());
        for (int hour = 0; hour < 23; hour++) {
            fleet.sweepDevices(hour % 2 == 0 ? Fault.EMPTY : Fault.BARE);
            fleet.sweepApps(hour % 3 == 0 ? Fault.BARE : Fault.EMPTY);
            fleet.now += Fleet.HOUR;
        }
        assertThat(fleet.rawDevices.keySet()).isEqualTo(devices);
        assertThat(seats(fleet)).isEqualTo(seats);
        assertThat(fleet.rawApps).isEqualTo(apps);
    }

    @Property(tries = 400, seed = "4")
    void anUnfinishedSweepTakesNothingAway(@ForAll("anyHistory") List<Step> history) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        for (Step step : history) {
            Set<String> devices = Set.copyOf(fleet.rawDevices.keySet());
            Set<String> seats = seats(fleet);
            Map<String, Set<String>> apps = Map.copyOf(fleet.rawApps);
            Verdict verdict = play(step, fleet);
            if (verdict != null && step.fault() == Fault.CUT) {
                assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
            }
            if (verdict != null && verdict.outcome() == Verdict.Outcome.INCOMPLETE) {
                assertThat(fleet.rawDevices.keySet()).containsAll(devices);
                assertThat(seats(fleet)).containsAll(seats);
                apps.forEach((id, rows) -> assertThat(fleet.rawApps).containsKey(id));
                apps.forEach(
                        (id, rows) -> assertThat(bundles(fleet.rawApps.get(id))).containsAll(bundles(rows)));
            }
        }
    }

    private static Set<String> bundles(Set<String> rows) {
        var bundles = new HashSet<String>();
        rows.forEach(row -> bundles.add(row.substring(0, row.indexOf(' '))));
        return bundles;
    }

    private static Set<String> seats(Fleet fleet) {
        var seats = new HashSet<String>();
        fleet.rawDevices.forEach((id, row) -> {
            if (row.attributed()) {
                seats.add(id);
            }
        });
        return seats;
    }

    private static boolean attributed(Fleet fleet, String id) {
        var truth = fleet.truth.get(id);
        return truth != null && truth.user() != null && !truth.removed();
    }

    /** @return of a sweep; null where the step is none */
    private static Verdict play(Step step, Fleet fleet) {
        if (step.act() == Step.Act.SWEEP_DEVICES) {
            return fleet.sweepDevices(step.fault());
        }
        if (step.act() == Step.Act.SWEEP_APPS) {
            return fleet.sweepApps(step.fault());
        }
        step.happenTo(fleet);
        return null;
    }
}
