package dev.kandjistream.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that a mistyped one was probably meant to be. */
public final class DidYouMean {
    private DidYouMean() {}

    /** @return the nearest word within a third of the length (at least 2) of edits; empty where none is that near */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        int reach = Math.max(2, typed.length() / 3);
        return known.stream()
                .filter(word -> edits(typed, word) <= reach)
                .min(Comparator.<String>comparingInt(word -> edits(typed, word)).thenComparing(word -> word));
    }

    /** Levenshtein's distance: insertions, deletions and replacements from one word to the other. */
    static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
