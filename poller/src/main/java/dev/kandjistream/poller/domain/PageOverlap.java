package dev.kandjistream.poller.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells which rows of a page the page before explains. After a page that is shorter than the limit, the next page begins right
 * behind its rows. If rows were filtered out after that page was cut, the next one begins with its tail, in the same order: at
 * most as many rows as it was short of. No other row of an earlier page is explained.
 */
public final class PageOverlap {
    private final int limit;
    private List<String> before = List.of();

    /** @param limit rows asked for in one page */
    public PageOverlap(int limit) {
        this.limit = limit;
    }

    /**
     * One more page.
     *
     * @param deviceIds of its rows in their order; null for a row without one
     * @return the devices at its beginning that are the tail of the page before
     */
    public Set<String> next(List<String> deviceIds) {
        int rows = Math.min(limit - before.size(), Math.min(before.size(), deviceIds.size()));
        while (rows > 0 && !before.subList(before.size() - rows, before.size()).equals(deviceIds.subList(0, rows))) {
            rows--;
        }
        Set<String> overlap = new HashSet<>(deviceIds.subList(0, Math.max(rows, 0)));
        overlap.removeIf(Objects::isNull);
        before = deviceIds;
        return overlap;
    }
}
