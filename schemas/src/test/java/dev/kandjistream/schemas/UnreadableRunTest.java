package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UnreadableRunTest {
    @Property
    void exactlyTheLimitPassesAndTheNextOneNever(
            @ForAll @IntRange(min = 1, max = 30) int limit, @ForAll @IntRange(min = 1, max = 5) int tries) {
        var run = new UnreadableRun(limit);
        for (int i = 0; i < limit; i++) {
            assertThat(run.unreadable("t", i % 3, 10 + i)).isTrue();
        }
        for (int i = 0; i < tries; i++) {
            assertThat(run.unreadable("t", 0, 1000)).isFalse();
        }
        assertThat(run.unreadable("other", 0, 1000)).isTrue();
    }

    /** A crash leads back to any place before; what was counted there is not counted again. */
    @Property
    void readingAgainCountsNothingTwice(
            @ForAll @IntRange(min = 1, max = 20) int limit,
            @ForAll @Size(max = 5) List<@IntRange(max = 20) Integer> back) {
        var run = new UnreadableRun(limit);
        int offset = 0;
        var left = new java.util.ArrayDeque<>(back);
        while (offset < limit) {
            assertThat(run.unreadable("t", 0, offset)).as("offset %s", offset).isTrue();
            offset = left.isEmpty() ? offset + 1 : Math.max(0, offset + 1 - left.remove());
        }
        assertThat(run.unreadable("t", 0, limit)).isFalse();
    }

    @Test
    void aReadableRecordOfTheTopicEndsTheRun() {
        var run = new UnreadableRun(2);
        run.unreadable("t", 0, 1);
        run.unreadable("t", 0, 2);
        run.readable("other");
        assertThat(run.unreadable("t", 0, 3)).isFalse();
        run.readable("t");
        assertThat(run.unreadable("t", 0, 3)).isTrue();
        assertThat(run.unreadable("t", 0, 4)).isTrue();
        assertThat(run.unreadable("t", 0, 5)).isFalse();
    }
}
