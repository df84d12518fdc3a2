package dev.kandjistream.posture.domain;

import java.time.Duration;

/**
 * How far an account's devices can be trusted.
 *
 * @param connection what the latest sweep of devices says, in its word: CONNECTED, UNAUTHORIZED, FORBIDDEN, RATE_LIMITED,
 *     UNREACHABLE; null where there has been no sweep
 * @param lastCompleteAt when the latest complete sweep of devices ended; {@link Enrolment#NO_TIME} where there was none
 * @param allowedAge how old that may be
 */
public record AccountState(String accountId, String connection, long lastCompleteAt, Duration allowedAge) {
    /** How far apart clocks may be; what lies further ahead of ours tells no age. */
    static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    /**
     * Whether the account refuses us. An API that cannot be reached, or that has us wait, is none: what it said last is
     * true until it is too old.
     */
    boolean refuses() {
        return "UNAUTHORIZED".equals(connection) || "FORBIDDEN".equals(connection);
    }

    boolean everSwept() {
        return lastCompleteAt != Enrolment.NO_TIME;
    }

    /** Whether its sweep ended when it cannot have: one of the clocks is wrong, and old data may look new. */
    boolean isAhead(long now) {
        return everSwept() && lastCompleteAt > now + CLOCKS_APART.toMillis();
    }

    /** How old its devices are, at least zero. Of an account that was never swept, or {@link #isAhead}, there is none. */
    Duration age(long now) {
        return Duration.ofMillis(Math.max(0, now - lastCompleteAt));
    }
}
