package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;

/**
 * An account's complete sweeps of one kind.
 *
 * @param baseline whether one of them found anything: until then whatever is found is state, not news
 * @param lastAt finish of the latest; {@link Moment#UNKNOWN} where there was none
 * @param lastSweepId its id; null where there was none
 * @param asOf what the API held at this moment of its own clock, the latest has seen; {@link Moment#UNKNOWN} where that is
 *     not known
 * @param confirmedAt when the latest sweep that was read whole, quarantined ones included, began to ask; what it showed is
 *     as old as this. {@link Moment#UNKNOWN} where there was none
 */
public record CompleteSweeps(boolean baseline, long lastAt, String lastSweepId, long asOf, long confirmedAt) {
    public static final CompleteSweeps NONE = new CompleteSweeps(false, Moment.UNKNOWN, null);

    public CompleteSweeps(boolean baseline, long lastAt, String lastSweepId) {
        this(baseline, lastAt, lastSweepId, Moment.UNKNOWN);
    }

    public CompleteSweeps(boolean baseline, long lastAt, String lastSweepId, long asOf) {
        this(baseline, lastAt, lastSweepId, asOf, Moment.UNKNOWN);
    }

    /** After a sweep that was read whole and is not believed. */
    public CompleteSweeps confirmed(long begunAt) {
        return new CompleteSweeps(baseline, lastAt, lastSweepId, asOf, Math.max(confirmedAt, begunAt));
    }
}
