package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;

/**
 * Time in which sweeps of one kind kept looking at an account: the sum of the gaps between two that were read whole, counted as
 * {@linkplain Absence standing time} is. So what is recent by it stays recent through an outage or a pause.
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
