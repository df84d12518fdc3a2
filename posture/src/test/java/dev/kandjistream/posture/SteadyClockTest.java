package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant NINE = Instant.parse("2026-01-05T09:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(NINE);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

    @Test
    void settingTheMachinesClockBackChangesNothingButTheMetric() {
        var meters = new SimpleMeterRegistry();
        clock.tell(meters);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        wall.set(NINE.minus(Duration.ofHours(1)));

        assertThat(clock.instant()).isEqualTo(NINE.plus(Duration.ofMinutes(2)));
        assertThat(meters.get("posture.clock.step.seconds").gauge().value()).isEqualTo(-3720.0);
    }

    @Test
    void aClockThatNobodySetHasNoStep() {
        nanos.addAndGet(Duration.ofDays(40).toNanos());
        wall.set(NINE.plus(Duration.ofDays(40)));

        assertThat(clock.step()).isZero();
    }
}
