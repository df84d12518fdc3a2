package dev.kandjistream.poller.kafka;

/** The ledger partition, and with it its accounts, is another poller's. */
public final class NotOwnerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotOwnerException(int partition) {
        super("the ledger partition is another poller's. partition=" + partition);
    }
}
