package dev.kandjistream.posture.live;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Stands still unless moved. */
final class TestClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-05T09:30:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }
}
