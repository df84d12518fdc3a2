package dev.kandjistream.posture.kafka;

/** A record that nothing can be made of, now or later. The message is fit for logs: it repeats nothing of the record. */
final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
