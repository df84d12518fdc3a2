package dev.kandjistream.standalone.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The last record of each key, read from the end of a log backwards, stretch by stretch, until every wanted key was met. A log
 * that keeps thirty days of every change has what is asked for mostly in its last hours.
 */
final class LastOfEach {
    /** How far back the stretches begin; after them comes the rest. */
    static final List<Duration> AGES = List.of(
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1),
            Duration.ofDays(3),
            Duration.ofDays(10));

    /** Where to read; positions are offsets by partition. */
    interface Log {
        Map<Integer, Long> beginning();

        Map<Integer, Long> end();

        /** Where records begin that are younger, by their timestamps, which need not be in order. */
        Map<Integer, Long> younger(Duration age);

        /** Tells each record from one position up to, and without, another; those of a partition in their order. */
        void read(Map<Integer, Long> from, Map<Integer, Long> to, Reader reader);
    }

    /** Hears of records. */
    interface Reader {
        /** @param value null where the key is gone */
        void record(String key, byte[] value);
    }

    private LastOfEach() {}

    /**
     * Last values by key.
     *
     * @param wanted keys without which the search does not end before the beginning; empty: everything there is is wanted
     * @return the wanted keys that there are, and whatever else lies in the same stretches; never anything that is not the last
     *     of its key, as long as a key stays in one partition
     */
    static Map<String, byte[]> find(Log log, Set<String> wanted) {
        var found = new HashMap<String, Optional<byte[]>>();
        var missing = new HashSet<>(wanted);
        Map<Integer, Long> read = log.end();
        for (int stretch = wanted.isEmpty() ? AGES.size() : 0; stretch <= AGES.size(); stretch++) {
            Map<Integer, Long> from =
                    earlier(read, stretch < AGES.size() ? log.younger(AGES.get(stretch)) : log.beginning());
            var last = new HashMap<String, Optional<byte[]>>();
            log.read(from, read, (key, value) -> last.put(key, Optional.ofNullable(value)));
            last.forEach(found::putIfAbsent);
            missing.removeAll(last.keySet());
            if (missing.isEmpty() && !wanted.isEmpty()) {
                break;
            }
            read = from;
        }
        var values = new TreeMap<String, byte[]>();
        found.forEach((key, value) -> value.ifPresent(bytes -> values.put(key, bytes)));
        return values;
    }

    private static Map<Integer, Long> earlier(Map<Integer, Long> read, Map<Integer, Long> wanted) {
        var from = new HashMap<Integer, Long>();
        read.forEach(
                (partition, offset) -> from.put(partition, Math.min(offset, wanted.getOrDefault(partition, offset))));
        return from;
    }
}
