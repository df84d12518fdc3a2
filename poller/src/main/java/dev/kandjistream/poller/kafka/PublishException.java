package dev.kandjistream.poller.kafka;

/** A sweep could not be published: nothing of the transaction is visible, and the publisher must be opened again. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1L;

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
