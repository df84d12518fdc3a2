package dev.kandjistream.poller.kafka;

/** A sweep could not be published: nothing of the transaction is visible, and the publisher must be opened again. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean fenced;

    PublishException(String message, boolean fenced, Throwable cause) {
        super(message, cause);
        this.fenced = fenced;
    }

    /** Whether somebody else took the transactional id. */
    public boolean fenced() {
        return fenced;
    }
}
