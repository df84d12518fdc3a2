package dev.kandjistream.standalone.cli;

/** The command could not do what it was asked to. The message is for the person who asked and says how to mend it. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
