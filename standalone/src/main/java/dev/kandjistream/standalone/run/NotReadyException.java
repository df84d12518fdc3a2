package dev.kandjistream.standalone.run;

/** A part of the pipeline has stopped, or takes too long to start. The message names the part and its reason. */
public final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message) {
        super(message);
    }
}
