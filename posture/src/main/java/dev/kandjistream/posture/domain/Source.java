package dev.kandjistream.posture.domain;

/** Where a value comes from. */
public enum Source {
    /** The latest state that was published. */
    VIEW,
    /** Asked of the account's API for this decision, or for one a moment ago. */
    LIVE,
    /** Said by whoever asks. */
    REQUEST;

    /** As answers and events say it. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
