package dev.kandjistream.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health = new Health();

    @Test
    void partThatNeedsAnOperatorIsNotReadyAndHasStarted() {
        health.running("broker");
        health.watch("sink", part(Optional.of("a topic was deleted"), Optional.of("a topic was deleted")));

        assertThat(health.ready()).isFalse();
        assertThat(health.started()).isTrue();
        assertThat(health.needsOperator()).containsExactly("a topic was deleted");
    }

    @Test
    void partThatIsOnItsWayHasNotStarted() {
        assertThat(health.started()).as("nothing was announced").isFalse();
        health.starting("broker");
        assertThat(health.started()).isFalse();
        health.watch("broker", part(Optional.empty(), Optional.empty()));
        assertThat(health.started()).isTrue();
        assertThat(health.needsOperator()).isEmpty();
    }

    private static Health.Part part(Optional<String> notReady, Optional<String> needsOperator) {
        return new Health.Part(() -> notReady, Optional::empty, () -> needsOperator);
    }
}
