package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.FieldProblem.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Fields that are reported only, and compared with the latest complete sweep. */
class FieldStatisticsTest {
    private static final int ROWS = 120;
    private static final List<String> FIELDS =
            List.of("device_name", "model", "os_version", "last_check_in", "is_missing", "last_enrollment");
    private static final EvidenceRules ALL_COUNT =
            new EvidenceRules(2, 0, 0, EvidenceRules.DEFAULT.standing(), EvidenceRules.DEFAULT.appsStanding(), 0, 0);

    @Test
    void aFieldThatCannotBeReadIsNotLost() {
        var before = new FieldStatistics();
        var now = new FieldStatistics();
        for (int i = 0; i < ROWS; i++) {
            before.add(row(Set.of(), Set.of()));
            now.add(row(Set.of(), Set.of("last_check_in")));
        }
        assertThat(now.problems(before.filled(List.of()), EvidenceRules.DEFAULT))
                .containsExactly(new FieldProblem("last_check_in", Problem.UNREADABLE, ROWS, ROWS, false));
    }

    @Test
    void aFieldThatIsLostAfterItCouldNotBeReadIsReportedAsLost() {
        FieldStatistics honest = sweep(Set.of(), Set.of());
        FieldStatistics unread = sweep(Set.of(), Set.of("model"));
        Filled filled = unread.filled(unread.problems(honest.filled(List.of()), EvidenceRules.DEFAULT));
        assertThat(sweep(Set.of("model"), Set.of()).problems(filled, EvidenceRules.DEFAULT))
                .containsExactly(new FieldProblem("model", Problem.LOST, ROWS, ROWS, false));
    }

    /** Each row counts for one problem of a field at most, and for the one it has. */
    @Property(tries = 200)
    void aRowWithoutAFieldCountsOnce(@ForAll long seed) {
        var random = new Random(seed);
        Map<String, Long> missing = new HashMap<>();
        Map<String, Long> unread = new HashMap<>();
        var statistics = new FieldStatistics();
        for (int i = 0; i < ROWS; i++) {
            Set<String> without = new HashSet<>();
            Set<String> strange = new HashSet<>();
            for (String field : FIELDS) {
                int fate = random.nextInt(4);
                if (fate == 0) {
                    without.add(field);
                    missing.merge(field, 1L, Long::sum);
                } else if (fate == 1) {
                    strange.add(field);
                    unread.merge(field, 1L, Long::sum);
                }
            }
            statistics.add(row(without, strange));
        }
        List<FieldProblem> problems =
                statistics.problems(sweep(Set.of(), Set.of()).filled(List.of()), ALL_COUNT);
        assertThat(rows(problems, Problem.LOST)).isEqualTo(missing);
        assertThat(rows(problems, Problem.UNREADABLE)).isEqualTo(unread);
    }

    private static Map<String, Long> rows(List<FieldProblem> problems, Problem wanted) {
        Map<String, Long> rows = new HashMap<>();
        problems.stream()
                .filter(problem -> problem.problem() == wanted)
                .forEach(problem -> rows.put(problem.field(), problem.rows()));
        return rows;
    }

    private static FieldStatistics sweep(Set<String> missing, Set<String> unread) {
        var statistics = new FieldStatistics();
        for (int i = 0; i < ROWS; i++) {
            statistics.add(row(missing, unread));
        }
        return statistics;
    }

    private static DeviceRow row(Set<String> missing, Set<String> unread) {
        Set<String> without = new HashSet<>(missing);
        without.addAll(unread);
        return new DeviceRow(
                "d1",
                without.contains("device_name") ? null : "Ada's Mac",
                "C02XK1",
                "Mac",
                without.contains("model") ? null : "MacBook Air (M1, 2020)",
                without.contains("os_version") ? null : "15.6",
                null,
                null,
                null,
                without.contains("last_check_in") ? Moment.UNKNOWN : 1_700_000_000_000L,
                null,
                null,
                "b1",
                "Standard",
                true,
                true,
                "1.0",
                without.contains("is_missing") ? null : false,
                false,
                1_600_000_000_000L,
                without.contains("last_enrollment") ? Moment.UNKNOWN : 1_600_000_000_000L,
                List.of(),
                "{}",
                0,
                0,
                0,
                0,
                new RowShape(missing, unread, Set.of(), Set.of()));
    }
}
