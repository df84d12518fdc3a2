package dev.kandjistream.posture.domain;

import java.time.Duration;
import java.util.Set;

/**
 * How far an account's devices can be trusted.
 *
 * @param connection what the latest sweep of devices says, in its word: CONNECTED, UNAUTHORIZED, FORBIDDEN, RATE_LIMITED,
 *     UNREACHABLE; null where there has been no sweep
 * @param confirmedAt start of the latest fully read sweep of devices (COMPLETE or QUARANTINED): the age of its data;
 *     {@link Enrolment#NO_TIME} if there was none
 * @param allowedAge how old that may be
 * @param undecodable whether the latest receipt could not be decoded, so the connection is not known
 */
public record AccountState(
        String accountId, String connection, long confirmedAt, Duration allowedAge, boolean undecodable) {
    /** How far apart clocks may be; what lies further ahead of ours tells no age. */
    static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    private static final Set<String> REFUSALS = Set.of("UNAUTHORIZED", "FORBIDDEN");
    private static final Set<String> NO_REFUSALS = Set.of("CONNECTED", "RATE_LIMITED", "UNREACHABLE");

    /**
     * Whether the account refuses us. An API that cannot be reached, or that has us wait, is none: what it said last is
     * true until it is too old.
     */
    boolean refuses() {
        return REFUSALS.contains(String.valueOf(connection));
    }

    /** Whether the latest receipt cannot be understood, so the account may refuse us. */
    boolean isUnclear() {
        return undecodable || !NO_REFUSALS.contains(String.valueOf(connection));
    }

    boolean everSwept() {
        return confirmedAt != Enrolment.NO_TIME;
    }

    /** Whether its sweep started in the future: one of the clocks is wrong, and old data may look new. */
    boolean isAhead(long now) {
        return everSwept() && confirmedAt > now + CLOCKS_APART.toMillis();
    }

    /** How old its devices are, at least zero. Of an account that was never swept, or {@link #isAhead}, there is none. */
    Duration age(long now) {
        return Duration.ofMillis(Math.max(0, now - confirmedAt));
    }
}
