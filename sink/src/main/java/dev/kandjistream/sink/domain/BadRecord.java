package dev.kandjistream.sink.domain;

/** A record that no retry makes better: it goes to the dead letters with this message as its cause. */
public final class BadRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadRecord(String message) {
        super(message);
    }

    public BadRecord(String message, Throwable cause) {
        super(message, cause);
    }
}
