package dev.kandjistream.posture.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.config.types.Password;

/** A token that an account refused, and how long it is not shown again. Safe for several threads. */
final class Refusal {
    static final Duration PAUSE = Duration.ofSeconds(60);

    private Password token;
    private Instant until = Instant.MIN;

    /** @param refused null where it could not be read */
    synchronized void of(Password refused, Instant now) {
        token = refused;
        until = now.plus(PAUSE);
    }

    /** Whether this token need not be tried yet. */
    synchronized boolean stands(Password present, Instant now) {
        return now.isBefore(until) && Objects.equals(token, present);
    }
}
