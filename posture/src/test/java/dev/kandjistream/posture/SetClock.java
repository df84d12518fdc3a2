package dev.kandjistream.posture;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock as it is, until time is made to pass or somebody sets it. */
final class SetClock implements InstantSource {
    private final AtomicLong passed = new AtomicLong();
    private volatile Duration set = Duration.ZERO;

    /** The time as it is, whatever the machine's clock was set to. */
    Instant truth() {
        return Instant.now().plusNanos(passed.get());
    }

    @Override
    public Instant instant() {
        return truth().plus(set);
    }

    /** As {@link System#nanoTime}: nobody can set it. */
    long nanos() {
        return System.nanoTime() + passed.get();
    }

    /** Time passes for whoever goes by this. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    /** @param off how far from the truth the machine's clock is set; negative for back */
    void set(Duration off) {
        set = off;
    }
}
