package dev.kandjistream.poller.domain;

import java.time.Duration;

/**
 * When a sweep took place. All in milliseconds; moments since 1970.
 *
 * @param begun before the first page was asked for
 * @param now when it is judged
 * @param longestGap longest time between two sweeps that counts as time in which something stood
 */
record SweepTime(long begun, long now, long longestGap) {
    static SweepTime of(long begun, long now, Duration longestGap) {
        return new SweepTime(begun, now, longestGap.toMillis());
    }

    /** What counts of the time between the end of a sweep and the beginning of this one, which comes next. */
    long gapAfter(long shownAt) {
        long gap = begun - shownAt;
        return gap > 0 && gap <= longestGap ? gap : 0;
    }

    /**
     * The end of the latest sweep, after this one. A clock that goes back a little is no reason to count time twice; one that was
     * set back far is believed, or nothing would count until it has caught up.
     */
    long shownAfter(long shownAt) {
        return shownAt - now > longestGap ? now : Math.max(shownAt, now);
    }
}
