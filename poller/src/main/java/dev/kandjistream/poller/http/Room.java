package dev.kandjistream.poller.http;

import dev.kandjistream.poller.domain.Walk;

/**
 * How much one walk may read. A list that goes on and on, each page with new rows, is told from a large one by the total that
 * it claims; where it claims none, by what a heap can hold.
 *
 * @param limit rows asked for in one page
 * @param bytes of heap that one sweep may take, roughly
 */
record Room(int limit, long bytes) {
    /** 20 million rows are 30,000 devices with more apps than any has, and days of the quota. */
    static final long MOST_ROWS = 20_000_000;

    /** So many pages may be nearly empty. Beyond them pages have rows, or the list is none that ends. */
    private static final long NEARLY_EMPTY = 100;

    /** In one page, on average. Gateways that cap the limit leave more. */
    private static final long FEWEST_ROWS = 10;

    /** A third, for the devices' sweep and the apps' may be under way at once. */
    static Room ofTheHeap(int limit) {
        return new Room(limit, Runtime.getRuntime().maxMemory() / 3);
    }

    /** Whether the walk is to end here; it learns why. */
    boolean isUsedUp(Walk walk, long weight) {
        long claimed = Math.min(MOST_ROWS, walk.claimedTotal().orElse(MOST_ROWS));
        if (walk.rows() > Math.min(MOST_ROWS, claimed * 2 + 100L * limit)) {
            walk.fault("the list did not end after " + walk.rows() + " rows");
            return true;
        }
        if (walk.pages() > NEARLY_EMPTY + walk.rows() / FEWEST_ROWS) {
            walk.fault("the list did not end after " + walk.pages() + " pages, which hold " + walk.rows()
                    + " rows in all");
            return true;
        }
        if (weight > bytes) {
            walk.fault("the list did not end after " + walk.rows() + " rows, which take " + (weight >> 20)
                    + " MB of memory; if the tenant is that large, give the process a larger heap (-Xmx)");
            return true;
        }
        return false;
    }
}
