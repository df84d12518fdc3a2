package dev.kandjistream.config;

import java.text.Normalizer;

/** Text in which every character can be seen. */
final class Visible {
    private Visible() {}

    /**
     * Shows code points, such as {@code [U+00A0]} for a no-break space, in place of characters that may be invisible or look
     * like another one: all but printable ASCII and Latin letters, which names of people and folders have.
     */
    static String of(String text) {
        if (text.chars().allMatch(Visible::isPlain)) {
            return text;
        }
        var visible = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(point ->
                        visible.append(isPlain(point) ? Character.toString(point) : "[U+%04X]".formatted(point)));
        return visible.toString();
    }

    private static boolean isPlain(int point) {
        boolean ascii = point >= ' ' && point <= '~';
        return ascii
                || Character.isLetter(point)
                        && Character.UnicodeScript.of(point) == Character.UnicodeScript.LATIN
                        && Normalizer.isNormalized(Character.toString(point), Normalizer.Form.NFKC);
    }
}
