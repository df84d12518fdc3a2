package dev.kandjistream.poller.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How large an account was before sweeps made it larger of late. What they would retract is measured against the smallest of
 * these sizes: an answer that adds five rows to each would otherwise make the loss of all the others a small one.
 *
 * @param before in the order of time
 */
public record RecentlyAdded(List<Before> before) {
    public static final RecentlyAdded NONE = new RecentlyAdded(List.of());

    private static final long HOUR = 3_600_000;

    /** Standing times that a size counts: a loss that shows within one must stand for another, and not look smaller meanwhile. */
    private static final int STANDING_TIMES = 2;

    /**
     * The size when a sweep began to add.
     *
     * @param at by {@link Ledger#watched}
     * @param devices with rows
     */
    public record Before(long at, long devices, long rows) {
        private Before and(Before other) {
            return new Before(Math.max(at, other.at), Math.min(devices, other.devices), Math.min(rows, other.rows));
        }
    }

    public RecentlyAdded {
        before = List.copyOf(before);
    }

    /** What still counts. @param now by {@link Ledger#watched} */
    RecentlyAdded within(Duration standing, long now) {
        long since = now - STANDING_TIMES * standing.toMillis();
        return new RecentlyAdded(before.stream().filter(one -> one.at() > since).toList());
    }

    /** Those of one hour are one, so that a day of delta polls is a handful. */
    RecentlyAdded and(Before one) {
        var all = new ArrayList<>(before);
        int last = all.size() - 1;
        if (last >= 0 && Math.floorDiv(all.get(last).at(), HOUR) == Math.floorDiv(one.at(), HOUR)) {
            all.add(all.remove(last).and(one));
        } else {
            all.add(one);
        }
        return new RecentlyAdded(all);
    }

    /** How many of the devices with rows were added. */
    long devices(long devicesNow) {
        return before.stream().mapToLong(one -> devicesNow - one.devices()).reduce(0, Math::max);
    }

    /** How many of the rows were added. */
    long rows(long rowsNow) {
        return before.stream().mapToLong(one -> rowsNow - one.rows()).reduce(0, Math::max);
    }
}
