package dev.kandjistream.simulator.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps the last few lists that queries selected, so that a walk does not filter and sort the fleet for each page. */
final class Selections<T> {
    private static final int KEPT = 4;

    private record Key(long fleetVersion, String query) {}

    private final Map<Key, List<T>> kept = new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<T>> eldest) {
            return size() > KEPT;
        }
    };

    /** @param query what distinguishes the selection from others of the same fleet version */
    synchronized List<T> of(long fleetVersion, String query, Supplier<List<T>> select) {
        return kept.computeIfAbsent(new Key(fleetVersion, query), key -> select.get());
    }
}
