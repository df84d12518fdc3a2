package dev.kandjistream.poller.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sweep found out about the form of its rows.
 *
 * @param unread devices of which nothing but the id could be read, or whose apps could not be read whole
 * @param devices why something of them could not be read, by device; at most {@value #LISTED}
 * @param problems in order of field and problem
 * @param filled to be remembered where the sweep is complete; null where this kind of sweep counts no fields
 * @param retractions to be remembered with what this sweep retracts; null where it retracts nothing by itself
 * @param recentlyAdded to be remembered with the size before this sweep; null where it adds nothing
 * @param watched after a full sweep that was read whole; null of others, and before the end of the baseline
 */
public record Findings(
        long unread,
        Map<String, String> devices,
        List<FieldProblem> problems,
        Filled filled,
        Retractions retractions,
        RecentlyAdded recentlyAdded,
        WatchedTime watched) {
    /** Most devices that a receipt lists. */
    public static final int LISTED = 1000;

    public static final Findings NONE = new Findings(0, Map.of(), List.of(), null);

    /** Of a sweep that proves nothing. */
    public Findings(long unread, Map<String, String> devices, List<FieldProblem> problems, Filled filled) {
        this(unread, devices, problems, filled, null, null, null);
    }

    public Findings {
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
        problems = List.copyOf(problems);
    }
}
