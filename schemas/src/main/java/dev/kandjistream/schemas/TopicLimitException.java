package dev.kandjistream.schemas;

import org.apache.kafka.common.KafkaException;

/** A topic allows only records that are too small to work with. Goes away once the topic is altered. */
public final class TopicLimitException extends KafkaException {
    private static final long serialVersionUID = 1L;

    TopicLimitException(String message) {
        super(message);
    }
}
