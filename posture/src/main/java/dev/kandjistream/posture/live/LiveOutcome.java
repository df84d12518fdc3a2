package dev.kandjistream.posture.live;

import java.util.Locale;

/**
 * How asking went: one account, or a lookup over all that were asked. Of several accounts' the greatest counts, save that what
 * was found is found.
 */
enum LiveOutcome {
    NOT_FOUND,
    /** The account refused its token a moment ago and was not asked. */
    PAUSED,
    /** Posture's share of the requests is spent, or the API had us wait: not asked. */
    QUOTA,
    /** Nobody to ask: the account is not configured, too much is waiting, or the service stops. */
    REFUSED,
    /** Its turn came after everybody's deadline: not asked. Of a lookup: nothing was found by the deadline. */
    TOO_LATE,
    /** Asked, and no answer came that could be understood. */
    FAILED,
    FOUND;

    /** The word of metrics. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the API was asked, which is what remembering spares. */
    boolean asked() {
        return this == FOUND || this == NOT_FOUND || this == FAILED;
    }

    /** Whether the API said what it knows. */
    boolean answered() {
        return this == FOUND || this == NOT_FOUND;
    }
}
