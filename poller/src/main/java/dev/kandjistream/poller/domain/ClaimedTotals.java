package dev.kandjistream.poller.domain;

import java.util.OptionalLong;

/** What the API said, page after page of one walk, about how many rows there are. It may say nothing. */
final class ClaimedTotals {
    private boolean claimed;
    private long first;
    private long last;
    private long risen;
    private long fallen;

    void claim(long total) {
        if (!claimed) {
            claimed = true;
            first = total;
        } else if (total > last) {
            risen += total - last;
        } else {
            fallen += last - total;
        }
        last = total;
    }

    OptionalLong latest() {
        return claimed ? OptionalLong.of(last) : OptionalLong.empty();
    }

    boolean claimed() {
        return claimed;
    }

    /** Whether the list grew or shrank while it was read. */
    boolean moved() {
        return risen > 0 || fallen > 0;
    }

    /**
     * Whether that many rows are what a faultless walk finds: as many as at the start, but for those that, by the
     * API's own count, came or went meanwhile. A total that never moved tolerates nothing.
     */
    boolean explain(long rows) {
        return rows >= first - fallen && rows <= first + risen;
    }

    @Override
    public String toString() {
        return moved() ? first + " at first, +" + risen + " -" + fallen + " meanwhile" : String.valueOf(first);
    }
}
