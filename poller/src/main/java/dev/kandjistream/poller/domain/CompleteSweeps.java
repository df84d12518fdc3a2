package dev.kandjistream.poller.domain;

/**
 * An account's complete sweeps of one kind.
 *
 * @param baseline whether one of them found anything: until then whatever is found is state, not news
 * @param lastAt finish of the latest; {@link Moment#UNKNOWN} where there was none
 * @param lastSweepId its id; null where there was none
 */
public record CompleteSweeps(boolean baseline, long lastAt, String lastSweepId) {
    public static final CompleteSweeps NONE = new CompleteSweeps(false, Moment.UNKNOWN, null);
}
