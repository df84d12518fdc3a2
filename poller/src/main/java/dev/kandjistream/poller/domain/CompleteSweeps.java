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
 * @param watched of a kind of full sweeps; {@link WatchedTime#NONE} of others, and before the end of the baseline
 */
public record CompleteSweeps(
        boolean baseline, long lastAt, String lastSweepId, long asOf, long confirmedAt, WatchedTime watched) {
    public static final CompleteSweeps NONE = new CompleteSweeps(false, Moment.UNKNOWN, null);

    public CompleteSweeps {
        watched = baseline && watched.total() == 0 ? WatchedTime.BEGUN : watched;
    }

    public CompleteSweeps(boolean baseline, long lastAt, String lastSweepId) {
        this(baseline, lastAt, lastSweepId, Moment.UNKNOWN);
    }

    public CompleteSweeps(boolean baseline, long lastAt, String lastSweepId, long asOf) {
        this(baseline, lastAt, lastSweepId, asOf, Moment.UNKNOWN, WatchedTime.NONE);
    }

    /**
     * After one more sweep of this kind.
     *
     * @param begunAt before it asked for the first page, milliseconds since 1970
     * @param newAsOf as {@link #asOf}
     */
    public CompleteSweeps and(Verdict verdict, String sweepId, long begunAt, long finishedAt, long newAsOf) {
        WatchedTime found = verdict.findings().watched();
        WatchedTime now = found == null ? watched : found;
        return switch (verdict.outcome()) {
            case COMPLETE ->
                new CompleteSweeps(baseline || verdict.endsBaseline(), finishedAt, sweepId, newAsOf, begunAt, now);
            // Read whole: what it showed is confirmed, and what it did not show is published as unconfirmed.
            case QUARANTINED ->
                new CompleteSweeps(baseline, lastAt, lastSweepId, asOf, Math.max(confirmedAt, begunAt), now);
            case INCOMPLETE, FAILED -> this;
        };
    }

    /** As a receipt reports them after a sweep that the ledger does not store. */
    public CompleteSweeps reported(long begunAt, long finishedAt, long newAsOf) {
        return new CompleteSweeps(baseline, finishedAt, lastSweepId, newAsOf, begunAt, watched);
    }

    /** As at the beginning, for another tenant; the account has been watched as long. */
    CompleteSweeps forgotten() {
        return new CompleteSweeps(false, Moment.UNKNOWN, null, Moment.UNKNOWN, Moment.UNKNOWN, watched);
    }
}
