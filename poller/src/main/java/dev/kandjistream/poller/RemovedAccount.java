package dev.kandjistream.poller;

/**
 * An account that is not polled any more.
 *
 * @param id it was polled under
 */
public record RemovedAccount(String id, OnRemoval onRemoval) {
    /** What becomes of what was published of it. */
    public enum OnRemoval {
        /** It stays as it is. */
        KEEP,
        /** It is retracted, all of it, with cause {@code ACCOUNT_REMOVED}. */
        RETRACT
    }

    boolean isRetracted() {
        return onRemoval == OnRemoval.RETRACT;
    }
}
