package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What several sightings of one thing say together. */
final class Merge {
    private Merge() {}

    /** Distinct, in text order. */
    static List<String> versions(Collection<String> some, Collection<String> others) {
        if (others.isEmpty() || some.equals(others)) {
            return List.copyOf(some);
        }
        var all = new TreeSet<>(TextOrder.ASCENDING);
        all.addAll(some);
        all.addAll(others);
        return new ArrayList<>(all);
    }

    /** The earlier of two times, null being no time at all. */
    static Instant earlier(Instant a, Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? b : a;
    }
}
