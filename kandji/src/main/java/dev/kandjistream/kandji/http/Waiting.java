package dev.kandjistream.kandji.http;

import java.time.Duration;
import java.time.Instant;

/** The clock that requests wait by; tests put one in its place on which waiting takes no time. */
public interface Waiting {
    /** Wall-clock time; may be set forward or back. */
    Instant now();

    /**
     * Nanoseconds since any fixed moment, by a clock that is never set: for spans of time. By default that of {@link #now}, which
     * suits a test's clock only.
     */
    default long steadyNanos() {
        return now().getEpochSecond() * 1_000_000_000L + now().getNano();
    }

    void pause(Duration time) throws InterruptedException;

    /** The wall clock. */
    Waiting REAL = new Waiting() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long steadyNanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
        }
    };
}
