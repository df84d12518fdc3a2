package dev.kandjistream.standalone.run;

import java.util.Arrays;

/**
 * Whether a dead letter's record may be written back to its topic. Where a topic keeps the latest record of each key, only the
 * latest may: an older one would overwrite what is true now. Where it keeps every record, each may once.
 */
final class RedriveRule {

    /** What becomes of a letter. */
    enum Outcome {
        /** It is written back. */
        REDRIVE(""),
        ALREADY("it was redriven before"),
        NEWER("the topic has a newer record of its key"),
        CUT(
                "it did not fit into the dead letters topic and was cut, and the topic it came from cannot replace the rest"),
        GONE("the topic no longer holds the record, so a newer one of its key cannot be excluded");

        private final String reason;

        Outcome(String reason) {
            this.reason = reason;
        }

        /** Why it is skipped. */
        String reason() {
            return reason;
        }
    }

    /** The latest record of the letter's key in its partition. */
    record Latest(long offset, Digest value) {}

    private RedriveRule() {}

    /**
     * Decides about a letter. One that was cut needs {@link #isOf} too, with the value that its topic holds.
     *
     * @param latest null where the partition has no record of the key
     * @param wasRedriven whether the partition holds the record a second time, redriven
     * @param keepsLatest whether the topic's records of one key replace each other
     */
    static Outcome of(DeadLetter letter, Latest latest, boolean wasRedriven, boolean keepsLatest) {
        if (wasRedriven) {
            return Outcome.ALREADY;
        }
        if (!keepsLatest || letter.key() == null) {
            return letter.isCut() ? Outcome.CUT : Outcome.REDRIVE;
        }
        if (latest == null || latest.offset() < letter.offset()) {
            return Outcome.GONE;
        }
        if (latest.offset() > letter.offset()) {
            return Outcome.NEWER;
        }
        // Another value at this offset: the topic was created anew.
        return letter.isCut() || latest.value().equals(Digest.of(letter.value())) ? Outcome.REDRIVE : Outcome.GONE;
    }

    /** Whether a value is that of a letter that was cut, as far as that can be known. */
    static boolean isOf(DeadLetter letter, byte[] value) {
        return value != null
                && letter.value() != null
                && value.length == letter.wholeBytes()
                && Arrays.equals(Arrays.copyOf(value, letter.value().length), letter.value());
    }
}
