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
}
