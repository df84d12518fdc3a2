package dev.kandjistream.simulator.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was asked of the API: counts for ever, the last thousand requests in full. */
public final class RequestLog {
    private static final int KEPT = 1000;

    /**
     * One request.
     *
     * @param uri path and query as received
     * @param status of the answer; 0 where the connection ended without one
     */
    public record Request(Endpoint endpoint, String uri, int status) {}

    private final Deque<Request> last = new ArrayDeque<>();
    private final Map<Endpoint, Map<Integer, Long>> counts = new TreeMap<>();

    RequestLog() {}

    synchronized void add(Request request) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(request);
        counts.computeIfAbsent(request.endpoint(), endpoint -> new TreeMap<>()).merge(request.status(), 1L, Long::sum);
    }

    /** Requests to the endpoint, however answered. */
    public synchronized long count(Endpoint endpoint) {
        return counts.getOrDefault(endpoint, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Requests to the endpoint that were answered so. */
    public synchronized long count(Endpoint endpoint, int status) {
        return counts.getOrDefault(endpoint, Map.of()).getOrDefault(status, 0L);
    }

    /** All requests. */
    public synchronized long count() {
        return counts.values().stream()
                .flatMap(byStatus -> byStatus.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** By endpoint and status. */
    public synchronized Map<Endpoint, Map<Integer, Long>> counts() {
        var copy = new TreeMap<Endpoint, Map<Integer, Long>>();
        counts.forEach((endpoint, byStatus) -> copy.put(endpoint, Map.copyOf(byStatus)));
        return copy;
    }

    /** The last thousand, oldest first. */
    public synchronized List<Request> last() {
        return new ArrayList<>(last);
    }

    /** Forgets everything. */
    public synchronized void clear() {
        last.clear();
        counts.clear();
    }
}
