package dev.kandjistream.poller.domain;

import java.util.Map;

/**
 * How many rows of a kind's latest complete sweep had a value, field by field.
 *
 * @param rows all rows
 * @param byField rows with a value; a field that is not here was on none
 */
public record Filled(long rows, Map<String, Long> byField) {
    /** Before the first complete sweep. */
    public static final Filled NONE = new Filled(0, Map.of());

    private static final double NEARLY_ALL = 0.9;

    public Filled {
        byField = Map.copyOf(byField);
    }

    /** Whether nearly all rows had the field, so that its absence is no accident of a few. */
    boolean nearlyAll(String field) {
        return rows > 0 && byField.getOrDefault(field, 0L) >= NEARLY_ALL * rows;
    }

    long rowsWithout(String field) {
        return rows - byField.getOrDefault(field, 0L);
    }
}
