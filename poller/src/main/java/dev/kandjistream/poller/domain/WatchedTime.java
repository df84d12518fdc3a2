package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;

/**
 * Time in which full sweeps of one kind watched an account: the sum of the gaps between consecutive sweeps that were read to the
 * end, counted like {@linkplain Absence standing time}. It stands still during an outage or a pause, so recent changes stay
 * recent.
 *
 * @param until end of the latest of these sweeps, milliseconds since 1970; {@link Moment#UNKNOWN} where that is not known
 * @param total milliseconds; it begins with 1 at the end of the baseline, so that 0 is earlier than all that followed
 */
public record WatchedTime(long until, long total) {
    public static final WatchedTime NONE = new WatchedTime(Moment.UNKNOWN, 0);

    /** Of an account whose baseline ended before this was counted. */
    static final WatchedTime BEGUN = new WatchedTime(Moment.UNKNOWN, 1);

    /** After one more sweep that was read whole. */
    WatchedTime and(SweepTime sweep) {
        if (until == Moment.UNKNOWN) {
            return new WatchedTime(sweep.now(), Math.max(1, total));
        }
        return new WatchedTime(sweep.shownAfter(until), total + sweep.gapAfter(until));
    }
}
