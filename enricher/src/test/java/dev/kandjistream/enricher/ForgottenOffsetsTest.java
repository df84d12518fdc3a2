package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Before topics that were created again are read from their beginning. */
class ForgottenOffsetsTest {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private final CountDownLatch stop = new CountDownLatch(1);

    @Test
    void membersAndBrokersThatDoNotAnswerAreWaitedFor() throws InterruptedException {
        List<String> plan = List.of("away", "refused", "away", "refused", "refused", "refused", "done", "left");
        var words = new ArrayDeque<>(plan);
        boolean forgotten = ForgottenOffsets.forget(
                () -> {
                    String word = words.poll();
                    if ("away".equals(word)) {
                        throw new TimeoutException("no answer");
                    }
                    return "done".equals(word);
                },
                () -> false,
                PAUSE,
                stop);
        assertThat(forgotten).isTrue();
        assertThat(words).containsExactly("left");
    }

    /** They are members again, so the broker would refuse for ever. */
    @Test
    void whatAnotherInstanceHasForgottenIsNotForgottenAgain() throws InterruptedException {
        var others = new ArrayDeque<>(List.of(false, false, true));
        assertThat(ForgottenOffsets.forget(() -> false, others::poll, PAUSE, stop))
                .isFalse();
        assertThat(others).isEmpty();
    }

    @Test
    void aStopEndsIt() throws InterruptedException {
        stop.countDown();
        assertThat(ForgottenOffsets.forget(() -> false, () -> false, PAUSE, stop))
                .isFalse();
    }
}
