package dev.kandjistream.schemas;

import java.util.HashMap;
import java.util.Map;

/**
 * Unreadable records in a row, by topic: one is bad luck, many are a wrong set-up. A readable record of the topic ends the run.
 *
 * <p>A record that is met again, after a crash or a pause, does not count twice. Safe for many threads.
 */
public final class UnreadableRun {
    /** How many go to the dead letters unless configured otherwise. */
    public static final int DEFAULT_LIMIT = 100;

    private static final class Run {
        private final Map<Integer, Long> last = new HashMap<>();
        private int records;
    }

    private final int limit;
    private final Map<String, Run> runs = new HashMap<>();
    private volatile boolean isEmpty = true;

    /** @param limit how many unreadable records in a row may go to the dead letters; at least 1 */
    public UnreadableRun(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
        this.limit = limit;
    }

    /** A record of the topic was read. */
    public void readable(String topic) {
        if (!isEmpty) {
            end(topic);
        }
    }

    private synchronized void end(String topic) {
        runs.remove(topic);
        isEmpty = runs.isEmpty();
    }

    /**
     * A record cannot be read, and it is not the registry's fault.
     *
     * @return whether it may go to the dead letters; otherwise the hop stops before it
     */
    public synchronized boolean unreadable(String topic, int partition, long offset) {
        isEmpty = false;
        Run run = runs.computeIfAbsent(topic, unknown -> new Run());
        if (offset > run.last.getOrDefault(partition, -1L)) {
            if (run.records == limit) {
                return false;
            }
            run.last.put(partition, offset);
            run.records++;
        }
        return true;
    }

    /** Why the hop stops before an unreadable record, and what to do. */
    public String reason(String topic, int partition, long offset, String cause) {
        return "More than " + limit + " records of " + topic + " in a row cannot be read, the next one at partition "
                + partition + ", offset " + offset + ": " + cause
                + ". Fix what writes them or the set-up of this service;"
                + " to send them to the dead letters all the same, raise unreadable_in_a_row and restart";
    }
}
