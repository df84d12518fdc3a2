package dev.kandjistream.schemas;

/** Headers of a dead letter, as UTF-8 text, beside those that the record had. */
public final class DeadLetterHeaders {
    /** All of them begin so. */
    public static final String PREFIX = "deadletter.";

    /** Why the record could not be read. */
    public static final String CAUSE = PREFIX + "cause";

    /** The hop that could not read it: {@code enricher} or {@code sink}. */
    public static final String BY = PREFIX + "by";

    /** Topic of the record. */
    public static final String TOPIC = PREFIX + "topic";

    /** Partition of the record. */
    public static final String PARTITION = PREFIX + "partition";

    /** Offset of the record. */
    public static final String OFFSET = PREFIX + "offset";

    /** On a record that was written back to its topic: {@code partition:offset} where it stood before. */
    public static final String REDRIVEN = PREFIX + "redriven";

    /** On a letter that was cut to fit into its topic: how many bytes the value had. Only its beginning stands. */
    public static final String CUT = PREFIX + "cut";

    private DeadLetterHeaders() {}
}
