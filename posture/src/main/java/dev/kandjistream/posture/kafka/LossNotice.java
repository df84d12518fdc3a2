package dev.kandjistream.posture.kafka;

import java.time.Duration;

/** When to say how many decisions were lost: at once, and then not more often than once a minute. */
final class LossNotice {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private long told;
    private long toldAt;

    /**
     * @param lost since the start
     * @param nanos of a clock that runs evenly
     * @return how many to tell of; 0 for silence
     */
    long due(long lost, long nanos) {
        if (lost == told || (told > 0 && nanos - toldAt < SILENCE.toNanos())) {
            return 0;
        }
        long untold = lost - told;
        told = lost;
        toldAt = nanos;
        return untold;
    }
}
