package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Before topics that were created again are read from their beginning. */
class ForgetOffsetsTest {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private final CountDownLatch stop = new CountDownLatch(1);

    @Test
    void brokersThatDoNotAnswerAreWaitedForLongerThanOtherMembers() throws InterruptedException {
        List<String> plan = List.of("away", "away", "away", "refused", "away", "done", "left");
        var words = new ArrayDeque<>(plan);
        EnricherService.forget(
                () -> {
                    String word = words.poll();
                    if ("away".equals(word)) {
                        throw new TimeoutException("no answer");
                    }
                    return "done".equals(word);
                },
                PAUSE.multipliedBy(2),
                PAUSE,
                stop);
        assertThat(words).containsExactly("left");
    }

    @Test
    void aMemberThatKeepsTheOffsetsIsWaitedForThatLongOnly() throws InterruptedException {
        var asked = new ArrayDeque<Boolean>();
        EnricherService.forget(
                () -> {
                    asked.add(true);
                    return false;
                },
                PAUSE.multipliedBy(2),
                PAUSE,
                stop);
        assertThat(asked).hasSize(4);
    }

    @Test
    void aStopEndsIt() throws InterruptedException {
        stop.countDown();
        EnricherService.forget(() -> false, Duration.ofDays(1), PAUSE, stop);
    }
}
