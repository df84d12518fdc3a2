package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.RecordLimits.Excess;

/** Something that follows from a record does not fit into its topic: nothing of the record is published or remembered. */
final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(Excess excess) {
        super("What follows from this record is too large to publish: " + excess);
    }

    TooLargeException(String message) {
        super(message);
    }
}
