package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.TopicMismatchException;
import org.apache.kafka.common.KafkaException;

/** A sweep could not be published: nothing of the transaction is visible, and the publisher must be opened again. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1L;

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether broker, registry or topics are to blame, and no fault in the program. */
    public boolean isOfCluster() {
        return getCause() == null
                || getCause() instanceof KafkaException
                || getCause() instanceof TopicLimitException
                || isOfTopics();
    }

    /** Whether trying again is of no use until somebody has changed the topics. */
    public boolean isOfTopics() {
        return getCause() instanceof TopicMismatchException;
    }
}
