package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.TopicMismatchException;

/** A sweep could not be published: nothing of the transaction is visible, and the publisher must be opened again. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1L;

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether trying again is of no use until somebody has changed the topics. */
    public boolean isOfTopics() {
        return getCause() instanceof TopicMismatchException;
    }
}
