package dev.kandjistream.posture.kafka;

import org.apache.kafka.common.KafkaException;

/** Decisions cannot be written until an operator fixes the cause. The message contains nothing of a decision, so it may be logged. */
final class NotRecordedException extends KafkaException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    /** @param advice what to change, in words */
    NotRecordedException(String reason, String advice, Throwable cause) {
        super(reason, cause);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
