package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Duration LENGTH = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private static Schedule schedule(long seed) {
        return Schedule.of(seed, LENGTH, List.of("acme"));
    }

    @Test
    void aRunThatWasCutOffGoesOnWhereItWas() throws IOException {
        var file = Optional.of(directory.resolve("results.tsv"));
        var first = Results.in(file);
        first.fine(new Outcome(schedule(1), Duration.ofMillis(1500), 100, 20));
        first.fault(schedule(2), new AssertionError("two\nlines\tand a tab"));

        var second = Results.in(file);
        assertThat(second.has(schedule(1))).isTrue();
        assertThat(second.has(schedule(2))).isTrue();
        assertThat(second.has(schedule(3))).isFalse();
        assertThat(second.has(Schedule.of(1, LENGTH.plusSeconds(1), List.of("acme"))))
                .as("another schedule")
                .isFalse();
        assertThat(second.has(schedule(1).withLosses())).as("with losses").isFalse();
        second.fine(new Outcome(schedule(3), Duration.ZERO, 10, 2));

        assertThat(Files.readAllLines(file.get())).hasSize(4);
        Results.Sum sum = Results.in(file).sum();
        assertThat(sum.seeds()).isEqualTo(3);
        assertThat(sum.faults()).isEqualTo(1);
        assertThat(sum.events()).isEqualTo(110);
        assertThat(sum.retractions()).isEqualTo(22);
        assertThat(sum.kills())
                .isEqualTo(schedule(1).count(Deed.Kill.class)
                        + schedule(2).count(Deed.Kill.class)
                        + schedule(3).count(Deed.Kill.class));
    }

    @Test
    void aFileOfSomethingElseIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("results.tsv"), "something else\n");
        assertThatThrownBy(() -> Results.in(Optional.of(file)))
                .hasMessageContaining("something else")
                .hasMessageContaining("Name a new file");
    }

    @Test
    void seedsAreReadAsPeopleWriteThem() {
        assertThat(Seeds.parse("7").all()).containsExactly(7L);
        assertThat(Seeds.parse("1-3,9").all()).containsExactly(1L, 2L, 3L, 9L);
        assertThatThrownBy(() -> Seeds.parse("1-"))
                .hasMessageContaining("1-300")
                .hasMessageContaining("was 1-");
        assertThatThrownBy(() -> Seeds.parse("3-1")).hasMessageContaining("3-1");
    }
}
