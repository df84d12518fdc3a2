package dev.kandjistream.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved on: a story told twice has the same times. */
public final class StoryClock implements InstantSource {
    private volatile Instant now;

    public StoryClock(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves on; never back. */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("A clock moves forwards, but was asked for " + by);
        }
        now = now.plus(by);
    }
}
