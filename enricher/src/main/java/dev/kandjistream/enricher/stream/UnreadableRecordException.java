package dev.kandjistream.enricher.stream;

/** A raw record that nothing can be made of, ever: it goes to the dead letters. */
final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kind of fault, as counted. */
    enum Fault {
        /** The value is not what the topic's schema says. */
        VALUE("value"),
        /** The key is not {@code account/device_id}. */
        KEY("key"),
        /** Value and key speak of different devices, or the value lacks an id. */
        CONTENT("content");

        private final String word;

        Fault(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final Fault fault;

    UnreadableRecordException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    UnreadableRecordException(Fault fault, String message) {
        this(fault, message, null);
    }

    Fault fault() {
        return fault;
    }
}
