package dev.kandjistream.sink.jdbc;

/** The database became another pipeline's while a sink was writing to it. Nothing was written. */
public final class OwnerMismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnerMismatch(String message) {
        super(message);
    }
}
