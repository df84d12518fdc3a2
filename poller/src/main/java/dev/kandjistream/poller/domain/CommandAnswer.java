package dev.kandjistream.poller.domain;

/**
 * What became of a command.
 *
 * @param action as written; empty where it could not be read
 * @param devices devices whose withheld retractions it decided, or whose records are published again
 */
public record CommandAnswer(String commandId, String action, Outcome outcome, long devices) {

    /** The words of the receipt. */
    public enum Outcome {
        /** The order is remembered; what follows from it is the next complete sweep's. */
        APPLIED,
        /** Nothing that it names is withheld. */
        NOTHING_WITHHELD,
        /** Read too long after it was issued. */
        EXPIRED,
        /** None of approve, reject and republish. */
        UNKNOWN_ACTION,
        /** Not a command. */
        UNREADABLE
    }
}
