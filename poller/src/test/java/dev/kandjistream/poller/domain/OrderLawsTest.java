package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.Fleet.Fault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What holds of every history of a fleet in which operators decide, too. Seeds are fixed so that a build tells the same
 * every time.
 */
class OrderLawsTest {
    /** Something happens; then somebody may decide about one device or, where {@code of} is negative, about all. */
    record Act(Step step, String order, int of) {
        Verdict play(Fleet fleet) {
            Verdict verdict = null;
            if (step.act() == Step.Act.SWEEP_DEVICES) {
                verdict = fleet.sweepDevices(step.fault());
            } else if (step.act() == Step.Act.SWEEP_APPS) {
                verdict = fleet.sweepApps(step.fault());
            } else {
                step.happenTo(fleet);
            }
            if (order != null) {
                fleet.order(order, of < 0 ? new String[0] : new String[] {"device-" + of});
            }
            return verdict;
        }
    }

    @Provide
    Arbitrary<List<Act>> anyHistory() {
        return acts("approve", "reject", null, null);
    }

    @Provide
    Arbitrary<List<Act>> historyWithoutOrders() {
        return acts((String) null);
    }

    private static Arbitrary<List<Act>> acts(String... orders) {
        return Combinators.combine(
                        Step.any(Fault.values()),
                        Arbitraries.of(orders),
                        Arbitraries.integers().between(-1, 5))
                .as(Act::new)
                .list()
                .ofMaxSize(50);
    }

    @Property(tries = 400, seed = "9")
    void whatIsApprovedIsGoneWithTheNextWholeSweep(@ForAll("anyHistory") List<Act> history) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        history.forEach(act -> act.play(fleet));
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
        fleet.order("approve");
        fleet.sweepDevices(Fault.NONE);
        fleet.sweepApps(Fault.NONE);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }

    @Property(tries = 400, seed = "9")
    void anApprovalOfWhatReturnsTakesNothing(@ForAll("historyWithoutOrders") List<Act> history) {
        var fleet = new Fleet();
        history.forEach(act -> act.play(fleet));
        fleet.settle();
        Map<String, String> before = fleet.told();
        for (Fault lie : List.of(Fault.EMPTY, Fault.BARE)) {
            fleet.sweepDevices(lie);
            fleet.sweepApps(lie);
            fleet.order("approve");
            assertThat(fleet.sweepDevices(Fault.NONE).retracted()).isZero();
            assertThat(fleet.sweepApps(Fault.NONE).retracted()).isZero();
            assertThat(fleet.told()).isEqualTo(before);
        }
    }

    @Property(tries = 400, seed = "9")
    void whatIsRejectedStandsForHoweverLongItIsMissing(@ForAll("historyWithoutOrders") List<Act> history) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        history.forEach(act -> act.play(fleet));
        fleet.settle();
        Map<String, String> before = fleet.told();
        fleet.sweepDevices(Fault.EMPTY);
        fleet.sweepApps(Fault.EMPTY);
        fleet.order("reject");
        for (int day = 0; day < 30; day++) {
            fleet.now += 24 * Fleet.HOUR;
            fleet.sweepDevices(Fault.EMPTY);
            fleet.sweepApps(Fault.EMPTY);
        }
        assertThat(fleet.told()).isEqualTo(before);
    }

    @Property(tries = 400, seed = "9")
    void whenFaultsEndAndAllIsApprovedTheTopicsTellTheTruthForGood(@ForAll("anyHistory") List<Act> history) {
        var fleet = new Fleet();
        history.forEach(act -> act.play(fleet));
        fleet.settle();
        fleet.order("approve");
        fleet.settle();
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.sweepDevices(Fault.NONE).decisions()).isEmpty();
        assertThat(fleet.sweepApps(Fault.NONE).decisions()).isEmpty();
    }

    @Property(tries = 400, seed = "9")
    void anUnfinishedSweepActsOnNoApproval(@ForAll("anyHistory") List<Act> history) {
        var fleet = new Fleet();
        fleet.answersAboutOne = false;
        for (Act act : history) {
            Set<String> devices = Set.copyOf(fleet.rawDevices.keySet());
            Set<String> seats = seats(fleet);
            Map<String, Set<String>> apps = Map.copyOf(fleet.rawApps);
            Verdict verdict = act.play(fleet);
            if (verdict != null && verdict.outcome() == Verdict.Outcome.INCOMPLETE) {
                assertThat(verdict.retracted()).isZero();
                assertThat(fleet.rawDevices.keySet()).containsAll(devices);
                assertThat(seats(fleet)).containsAll(seats);
                assertThat(fleet.rawApps.keySet()).containsAll(apps.keySet());
            }
        }
    }

    @Property(tries = 400, seed = "9")
    void whatASweepSawIsNoLongerOrdered(@ForAll("anyHistory") List<Act> history) {
        var fleet = new Fleet();
        for (Act act : history) {
            act.play(fleet);
            if (act.order() == null
                    && act.step().act() == Step.Act.SWEEP_DEVICES
                    && !fleet.bends(act.step().fault())) {
                fleet.truth.forEach((id, truth) -> {
                    DeviceMemory memory = fleet.ledger.entry(id).device();
                    if (truth.user() != null && !truth.removed()) {
                        assertThat(memory.absences()).noneMatch(absence -> absence.what() == Withheld.What.DEVICE);
                    }
                });
            }
        }
    }

    /** The list and the count speak of what the ledger holds after a sweep; nothing waits that is not told. */
    @Property(tries = 400, seed = "9")
    void everythingThatStandsIsTold(@ForAll("anyHistory") List<Act> history) {
        var fleet = new Fleet();
        for (Act act : history) {
            Verdict verdict = new Act(act.step(), null, 0).play(fleet);
            if (verdict != null) {
                boolean devices = act.step().act() == Step.Act.SWEEP_DEVICES;
                var told = new HashMap<String, Order>();
                verdict.waiting().stream()
                        .filter(item -> item.since() != Moment.UNKNOWN)
                        .forEach(item -> told.put(item.deviceId(), item.order()));
                assertThat(told).isEqualTo(standing(fleet, devices));
                assertThat(verdict.withheld()).isEqualTo(verdict.waiting().size());
                assertThat(verdict.waiting()).allMatch(item -> !item.reason().isBlank());
            }
            if (act.order() != null) {
                fleet.order(act.order(), act.of() < 0 ? new String[0] : new String[] {"device-" + act.of()});
            }
        }
    }

    private static Map<String, Order> standing(Fleet fleet, boolean devices) {
        var standing = new HashMap<String, Order>();
        for (var bucket : fleet.ledger.buckets()) {
            bucket.forEach((id, entry) -> {
                Absence absence = devices
                        ? entry.device() == null ? null : entry.device().absence(Withheld.What.DEVICE)
                        : entry.apps() == null ? null : entry.apps().absence();
                if (absence != null) {
                    standing.put(id, absence.order());
                }
            });
        }
        return standing;
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
}
