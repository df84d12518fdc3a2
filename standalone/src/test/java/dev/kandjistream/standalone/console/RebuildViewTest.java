package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.sink.Rebuild;
import dev.kandjistream.sink.domain.RebuildPlan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebuildViewTest {
    private final RebuildView view =
            new RebuildView(Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void planIsALineForEachTable() {
        var plan = new RebuildPlan("kandji.usage", "usage", "usage", 5, 1074, 1_200_000, 0);

        assertThat(String.join("\n", view.plan(List.of(plan)))).isEqualTo("""
                \s rows of           to write   to remove     to keep
                  usage                    5       1,074   1,200,000""");
        assertThat(view.outcome(plan)).isEqualTo("usage: 5 rows written, 1,074 removed, 1,200,000 kept");
        assertThat(plan.emptiesTable()).isFalse();
    }

    @Test
    void tableThatWouldBeEmptyIsNotRebuiltAndTheWayOutIsNamed() {
        var plan = new RebuildPlan("kandji.usage", "usage", "usage", 0, 616, 0, 0);

        assertThat(plan.emptiesTable()).isTrue();
        assertThat(view.refused(plan))
                .isEqualTo("usage: topic kandji.usage holds no record, so its table keeps all 616 rows. Fill the topic"
                        + " first, or run this again with --allow-empty.");
    }

    @Test
    void topicWithAddedPartitionsIsNotReadAgain() {
        assertThat(view.refused(new RebuildPlan("kandji.usage", "usage", "usage", 74, 0, 616, 74)))
                .startsWith("usage: topic kandji.usage has 74 records in other partitions than their keys belong to");
    }

    @Test
    void progressNamesWhatIsUnderWay() {
        var half = new Rebuild.Progress("usage", 99, 200, false, false);
        var done = new Rebuild.Progress("users", 10, 10, true, false);

        assertThat(view.progress(List.of(half, done))).contains("  Rebuilding: usage 49 %");
        assertThat(view.progress(List.of(done))).isEmpty();
    }
}
