package dev.kandjistream.kandji.http;

import java.time.Duration;
import java.time.Instant;

/** A clock on which waiting takes no time, and that can be put forward. */
public final class TestClock implements Waiting {
    private Instant now = Instant.now();
    private Duration waited = Duration.ZERO;

    @Override
    public synchronized Instant now() {
        // It ticks, so that what happens later is later.
        now = now.plusMillis(1);
        return now;
    }

    @Override
    public synchronized void pause(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        now = now.plus(time);
        waited = waited.plus(time);
    }

    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    /** What pauses add up to. */
    public synchronized Duration waited() {
        return waited;
    }
}
