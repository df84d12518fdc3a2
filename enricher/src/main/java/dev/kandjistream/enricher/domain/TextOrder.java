package dev.kandjistream.enricher.domain;

import java.util.Comparator;

/**
 * Text by code points, which is also the order of its UTF-8 bytes. {@link String#compareTo} differs from it beyond the
 * basic plane; what is sorted in memory and what is sorted as keys of a store must agree.
 */
public final class TextOrder {
    /** Code points ascending. */
    public static final Comparator<String> ASCENDING = TextOrder::compare;

    /** The same, missing text first. */
    static final Comparator<String> NULLS_FIRST = Comparator.nullsFirst(ASCENDING);

    private TextOrder() {}

    /** Negative, zero or positive, as {@link Comparator#compare}. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return rank(x) - rank(y);
            }
        }
        return a.length() - b.length();
    }

    /** Surrogates stand for code points above all others, though their own numbers are lower than U+E000. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
