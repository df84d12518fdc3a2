package dev.kandjistream.enricher.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * Which of two records of one half of a device (the device itself, or its apps) was published first. Records that are read
 * again, after newer ones, must change nothing.
 *
 * <p>The poller gives each transaction a UUID of version 7 as its sweep id, and publishes an account's transactions one after
 * the other. So the order of these ids is the order in which an account's records were published, whichever kinds of sweeps
 * overlap. {@code observedAt} is not: a long sweep publishes what it read before a shorter one published. It decides only
 * if an id has no time.
 *
 * @param sweepId null for a tombstone that names none
 * @param observedAt when the poller read it; for a tombstone without an id, when it was published; null where unknown
 */
public record ReadingOrder(String sweepId, Instant observedAt) {
    /**
     * A reading from further in the future than this bears the time of a clock that was wrong. Nothing is compared with it:
     * otherwise the device would ignore all records until that time has come.
     */
    static final Duration CLOCK_ERROR = Duration.ofDays(1);

    private static final int UUID_LENGTH = 36;

    /** Whether this is older than the reading held, at the wall-clock time {@code now}. */
    boolean isBefore(ReadingOrder held, Instant now) {
        Instant published = held.publishedAt();
        if (published != null && published.isAfter(now.plus(CLOCK_ERROR))) {
            return false;
        }
        if (tellsTime(sweepId) && tellsTime(held.sweepId)) {
            return sweepId.compareTo(held.sweepId) < 0;
        }
        Instant heldAt = sweepId == null ? published : held.observedAt;
        return observedAt != null && heldAt != null && observedAt.isBefore(heldAt);
    }

    /** Whether this is the reading after which the device was gone, or an older one. */
    boolean isUpTo(ReadingOrder end, Instant now) {
        boolean same = sweepId != null && sweepId.equals(end.sweepId);
        return same || isBefore(end, now);
    }

    /**
     * Whether this was published in that time, by the poller's clock. Where that is not known, it was not.
     *
     * @param from null for the beginning
     */
    public boolean isBetween(Instant from, Instant until) {
        Instant published = publishedAt();
        return published != null && published.isBefore(until) && (from == null || published.isAfter(from));
    }

    private Instant publishedAt() {
        if (!tellsTime(sweepId)) {
            return observedAt;
        }
        String hex = sweepId.substring(0, 8) + sweepId.substring(9, 13);
        return Instant.ofEpochMilli(Long.parseLong(hex, 16));
    }

    /** Whether it is a UUID of version 7 in the canonical form, whose text sorts by time. */
    private static boolean tellsTime(String id) {
        if (id == null || id.length() != UUID_LENGTH || id.charAt(14) != '7' || "89ab".indexOf(id.charAt(19)) < 0) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = id.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
