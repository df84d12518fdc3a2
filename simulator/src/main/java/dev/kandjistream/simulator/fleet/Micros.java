package dev.kandjistream.simulator.fleet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as microseconds since the epoch: as many digits as the API shows, in eight bytes. */
public final class Micros {
    /** Stands for a time that never was; the API shows null or {@code ""}. */
    public static final long NEVER = Long.MIN_VALUE;

    private Micros() {}

    public static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** Null for {@link #NEVER}. */
    public static Instant toInstant(long micros) {
        return micros == NEVER ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
