package dev.kandjistream.posture;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The wall clock as it was at the start, running evenly since: setting the machine's clock back does not make old data young.
 * A machine that was suspended finds it behind by as much.
 */
public final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant start;
    private final long startNanos;

    /** @param nanos as {@link System#nanoTime} */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        start = wall.instant();
        startNanos = nanos.getAsLong();
    }

    /** Set by the machine's clock, now. */
    public static SteadyClock start() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos.getAsLong() - startNanos);
    }

    /** How far the machine's clock was set forward since; negative where it was set back. */
    public Duration step() {
        return Duration.between(instant(), wall.instant());
    }

    /** Tells {@link #step} as a metric. */
    public void tell(MeterRegistry meters) {
        Gauge.builder("posture.clock.step.seconds", () -> step().toMillis() / 1e3)
                .description(
                        "How far the machine's clock was set forward since the start; negative where it was set back")
                .register(meters);
    }
}
