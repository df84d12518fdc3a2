package dev.kandjistream.poller.domain;

import java.util.Locale;

/**
 * What is unusual about one field over all rows of a sweep.
 *
 * @param field named as in the API; parts of an object after a dot
 * @param rows with this problem
 * @param of rows it is compared with
 * @param quarantines whether it is on so many rows that what depends on the field is withheld
 */
public record FieldProblem(String field, Problem problem, long rows, long of, boolean quarantines) {
    /** The words of the receipt. */
    public enum Problem {
        /** Rows lack it that had it, or that nearly all had. */
        LOST("lost it"),
        /** It has another type or form than documented. */
        UNREADABLE("have it in a form that cannot be read"),
        /** Its value is none of the known words. */
        UNKNOWN_WORD("have an unknown value"),
        /** Its text is longer than the limit. */
        CUT("have a text longer than the limit");

        private final String words;

        Problem(String words) {
            this.words = words;
        }
    }

    /** For the receipt's reason. */
    String inWords() {
        return String.format(Locale.ROOT, "%s: %,d of %,d rows %s", field, rows, of, problem.words);
    }
}
