package dev.kandjistream.kandji.http;

import java.time.Duration;
import java.time.Instant;

/** The clock that requests wait by; tests put one in its place on which waiting takes no time. */
public interface Waiting {
    Instant now();

    void pause(Duration time) throws InterruptedException;

    /** The wall clock. */
    Waiting REAL = new Waiting() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
        }
    };
}
