package dev.kandjistream.enricher.domain;

/** Normalizes ids and emails that become part of keys. */
final class KeyText {
    private KeyText() {}

    /**
     * Removes white space, control characters and invisible characters around the text, so that two keys never differ
     * only in them.
     *
     * @param text may be null
     * @return null if nothing is left
     */
    static String trimmed(String text) {
        if (text == null) {
            return null;
        }
        int from = 0;
        int to = text.length();
        while (from < to && isInvisible(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (from < to && isInvisible(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return from == to ? null : text.substring(from, to);
    }

    private static boolean isInvisible(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT;
    }
}
