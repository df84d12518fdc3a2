package dev.kandjistream.sink.jdbc;

/** The tables were changed by a newer version of this program. Repeating does not help. */
public final class NewerDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NewerDatabaseException(String message) {
        super(message);
    }
}
