package dev.kandjistream.sink.jdbc;

/**
 * The database stands elsewhere in a partition than we believed: another sink has taken over, or a commit succeeded whose
 * answer was lost. Nothing was written; read the positions again before going on.
 */
public final class StalePosition extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StalePosition(String message) {
        super(message);
    }
}
