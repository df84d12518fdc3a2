package dev.kandjistream.sink.domain;

/** What a column holds, and the Java class of its values; every column may be null. */
public enum ColumnType {
    /** {@link String} in {@code text}. */
    TEXT,
    /** {@link Integer} in {@code integer}. */
    INTEGER,
    /** {@link Boolean} in {@code boolean}. */
    BOOLEAN,
    /** {@link java.time.Instant} in {@code timestamptz}. */
    TIME,
    /** {@code List<String>} in {@code text[]}. */
    TEXTS
}
