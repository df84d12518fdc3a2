package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final List<String> ACCOUNTS = List.of("acme", "globex");

    private static Schedule of(long seed, int seconds) {
        return Schedule.of(seed, Duration.ofSeconds(seconds), ACCOUNTS);
    }

    @Property(tries = 200)
    void aSeedReproducesItsSchedule(@ForAll long seed, @ForAll @IntRange(min = 5, max = 120) int seconds) {
        assertThat(of(seed, seconds)).isEqualTo(of(seed, seconds));
    }

    @Property(tries = 200)
    void everythingIsUndoneByTheEnd(@ForAll long seed, @ForAll @IntRange(min = 5, max = 120) int seconds) {
        assertThat(of(seed, seconds).steps())
                .allSatisfy(step -> assertThat(step.end()).isLessThanOrEqualTo(Duration.ofSeconds(seconds)));
    }

    @Property(tries = 200)
    void stepsAreInOrder(@ForAll long seed, @ForAll @IntRange(min = 5, max = 120) int seconds) {
        assertThat(of(seed, seconds).steps()).extracting(Step::at).isSorted();
    }

    @Property(tries = 200)
    void nothingIsDisturbedWhileItStillIs(@ForAll long seed, @ForAll @IntRange(min = 5, max = 120) int seconds) {
        Map<Object, Duration> free = new HashMap<>();
        for (Step step : of(seed, seconds).steps()) {
            if (step.deed() instanceof Deed.Change) {
                continue;
            }
            assertThat(step.at()).isGreaterThanOrEqualTo(free.getOrDefault(victim(step.deed()), Duration.ZERO));
            free.put(victim(step.deed()), step.end());
        }
    }

    @Property(tries = 300)
    void lossesAreTwoAndWhoIsConcernedIsLeftInPeace(
            @ForAll long seed, @ForAll @IntRange(min = 15, max = 120) int seconds) {
        Schedule with = of(seed, seconds).withLosses();
        assertThat(with).isEqualTo(of(seed, seconds).withLosses());
        assertThat(with.count(Deed.Lose.class)).isEqualTo(2);
        assertThat(with.steps())
                .extracting(Step::at)
                .isSorted()
                .allMatch(at -> at.compareTo(Duration.ofSeconds(seconds)) <= 0);
        for (Step loss : with.steps()) {
            if (loss.deed() instanceof Deed.Lose lose && lose.loss().victim() != null) {
                assertThat(loss.end()).isLessThanOrEqualTo(Duration.ofSeconds(seconds));
                assertThat(with.steps())
                        .filteredOn(step -> step.deed() instanceof Deed.Kill kill
                                && kill.member() == lose.loss().victim())
                        .noneMatch(step -> step.at().compareTo(loss.end()) <= 0
                                && step.end().compareTo(loss.at()) >= 0);
            }
        }
        assertThat(with.command()).contains("--losses");
    }

    @Property(tries = 300)
    void clocksAreSetTwiceAndAreRightByTheEnd(@ForAll long seed, @ForAll @IntRange(min = 15, max = 120) int seconds) {
        Schedule with = of(seed, seconds).withClocks();
        assertThat(with).isEqualTo(of(seed, seconds).withClocks());
        List<Step> set = with.steps().stream()
                .filter(step -> step.deed() instanceof Deed.SetClock)
                .toList();
        assertThat(set).hasSize(2);
        assertThat(set.get(0).end()).isLessThanOrEqualTo(set.get(1).at());
        assertThat(set.get(1).end()).isLessThanOrEqualTo(Duration.ofSeconds(seconds));
        assertThat(with.clocksSet()).allMatch(Member::isPoller);
        assertThat(with.steps()).extracting(Step::at).isSorted();
        assertThat(with.command()).contains("--clocks");
        assertThat(of(seed, seconds).clocksSet()).isEmpty();
    }

    @Property(tries = 100)
    void aClusterHasTwoMoreToDisturb(@ForAll long seed) {
        Schedule with = of(seed, 60).withCluster();
        assertThat(with.steps()).containsAll(of(seed, 60).steps());
        assertThat(with.steps())
                .extracting(step -> victimOrNull(step.deed()))
                .contains(Member.BROKER_2, Member.BROKER_3);
        assertThat(with.command()).contains("--cluster");
        assertThat(of(seed, 60).isForCluster()).isFalse();
    }

    private static Object victimOrNull(Deed deed) {
        return deed instanceof Deed.Change ? null : victim(deed);
    }

    private static Object victim(Deed deed) {
        if (deed instanceof Deed.Kill kill) {
            return kill.member();
        }
        if (deed instanceof Deed.Freeze freeze) {
            return freeze.member();
        }
        return deed instanceof Deed.Restart restart ? restart.member() : ((Deed.Trouble) deed).account();
    }

    @Test
    void someSeedsDoEverythingToEverybody() {
        Set<String> done = new HashSet<>();
        for (long seed = 1; seed <= 150; seed++) {
            of(seed, 30).steps().forEach(step -> done.add(word(step.deed())));
        }
        for (Member member : Member.DISTURBED) {
            assertThat(done).contains("Kill " + member, "Freeze " + member, "Restart " + member);
        }
        assertThat(done).contains("long freeze");
        for (ApiFault fault : ApiFault.values()) {
            assertThat(done).contains("acme " + fault, "globex " + fault);
        }
    }

    private static String word(Deed deed) {
        if (deed instanceof Deed.Freeze freeze && freeze.length().compareTo(Crew.SESSION) > 0) {
            return "long freeze";
        }
        if (deed instanceof Deed.Trouble trouble) {
            return trouble.account() + " " + trouble.fault();
        }
        return deed.getClass().getSimpleName() + " " + (deed instanceof Deed.Change ? "" : victim(deed));
    }

    @ParameterizedTest
    @EnumSource(ApiFault.class)
    void everyFaultCanBeginAndEnd(ApiFault fault) {
        try (var simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(5))) {
            assertThatCode(() -> fault.begin(simulator)).doesNotThrowAnyException();
            ApiFault.end(simulator);
            assertThat(simulator.faults().standing()).isEmpty();
        }
    }

    @Test
    void aScheduleTooShortForAnythingIsRefused() {
        assertThatThrownBy(() -> of(1, 4)).hasMessageContaining("5 s").hasMessageContaining("PT4S");
    }
}
