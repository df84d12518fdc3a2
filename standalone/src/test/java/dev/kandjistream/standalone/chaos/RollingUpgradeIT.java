package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services of 0.1.0 are replaced by present ones, one at a time, while fleets change; in the end the truth stands. */
@Tag("recovery")
class RollingUpgradeIT {
    private static final Set<Member> SERVICES =
            EnumSet.of(Member.POLLER_1, Member.POLLER_2, Member.ENRICHER, Member.ENRICHER_2, Member.SINK);
    /** Its fleets have no placeholder bundle id: 0.1.0 counted those as bundle ids, and such rows stay until the app changes. */
    private static final long SEED = 26;

    private static final Duration BETWEEN = Duration.ofSeconds(6);
    private static final Duration CHANGE_EVERY = Duration.ofMillis(400);

    static Stream<List<Member>> orders() {
        List<Member> pollers = List.of(Member.POLLER_1, Member.POLLER_2);
        List<Member> enrichers = List.of(Member.ENRICHER, Member.ENRICHER_2);
        List<Member> sink = List.of(Member.SINK);
        // Each service first and last, and before and after each other.
        return Stream.of(
                joined(sink, pollers, enrichers), joined(enrichers, sink, pollers), joined(pollers, enrichers, sink));
    }

    private static List<Member> joined(List<Member> first, List<Member> second, List<Member> third) {
        return Stream.of(first, second, third).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void bothReleasesWorkSideBySide(List<Member> order, @TempDir Path directory) {
        try (var ground = Ground.start(directory);
                var trial = new Trial(
                        replacing(order, Release.PRESENT),
                        ground,
                        "rolling",
                        Crew.Evidence.SOUND,
                        SERVICES,
                        Release.FORMER,
                        directory,
                        line -> {})) {
            assertThat(trial.run().events()).isGreaterThan(500);
        }
    }

    /** Back to 0.1.0: each service refuses and says why, and the present release continues as if nothing had happened. */
    @Test
    void theFormerReleaseRefusesWhatThePresentOneWrote(@TempDir Path directory) {
        var steps = new ArrayList<Step>();
        Duration at = Duration.ofSeconds(3);
        for (Member member : List.of(Member.ENRICHER, Member.POLLER_1, Member.POLLER_2, Member.SINK)) {
            steps.add(new Step(at, new Deed.Replace(member, Release.FORMER, Duration.ofSeconds(1))));
            steps.add(new Step(at.plusSeconds(1), new Deed.TakeBack(member, Duration.ofSeconds(1))));
            at = at.plusSeconds(15);
        }
        try (var ground = Ground.start(directory);
                var trial = new Trial(
                        scheduled(steps, at),
                        ground,
                        "back",
                        Crew.Evidence.SOUND,
                        Crew.SERVICES,
                        Release.PRESENT,
                        directory,
                        line -> {})) {
            assertThat(trial.run().events()).isGreaterThan(500);
            assertThat(trial.crew().printed(Member.ENRICHER, Release.FORMER))
                    .contains("this version knows form")
                    .contains("written by a newer version");
            assertThat(trial.crew().printed(Member.POLLER_1, Release.FORMER)).contains("newer poller");
            assertThat(trial.crew().printed(Member.SINK, Release.FORMER))
                    .contains("applied migration not resolved locally: serial problems");
            assertThat(trial.crew().refused()).isEqualTo(Crew.SERVICES);
        }
    }

    private static Schedule replacing(List<Member> order, Release release) {
        var steps = new ArrayList<Step>();
        Duration end = BETWEEN;
        for (Member member : order) {
            steps.add(new Step(end, new Deed.Replace(member, release, Duration.ofSeconds(1))));
            end = end.plus(BETWEEN);
        }
        return scheduled(steps, end);
    }

    private static Schedule scheduled(List<Step> steps, Duration end) {
        int account = 0;
        for (Duration at = Duration.ZERO; at.compareTo(end) < 0; at = at.plus(CHANGE_EVERY)) {
            steps.add(new Step(at, new Deed.Change(Tenants.ACCOUNTS.get(account++ % Tenants.ACCOUNTS.size()))));
        }
        steps.sort(Comparator.comparing(Step::at));
        return new Schedule(SEED, end, false, steps);
    }
}
