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
 */
public record CompleteSweeps(boolean baseline, long lastAt, String lastSweepId, long asOf) {
    public static final CompleteSweeps NONE = new CompleteSweeps(false, Moment.UNKNOWN, null);

    public CompleteSweeps(boolean baseline, long lastAt, String lastSweepId) {
        this(baseline, lastAt, lastSweepId, Moment.UNKNOWN);
    }
}
