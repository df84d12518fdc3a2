package dev.kandjistream.poller.domain;

/** What an operator decided about one absence. The words of receipts and, by ordinal, of the ledger: never reordered. */
public enum Order {
    /** Believed: the next complete sweep that shows the same absence retracts. */
    APPROVED,
    /** Not believed: held until it returns or is approved. */
    REJECTED
}
