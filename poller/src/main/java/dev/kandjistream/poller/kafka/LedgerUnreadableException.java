package dev.kandjistream.poller.kafka;

/** The ledger holds what this poller did not write. Going on would republish or retract wrongly: somebody must look. */
public final class LedgerUnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerUnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
