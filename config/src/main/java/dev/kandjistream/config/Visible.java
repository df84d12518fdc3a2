package dev.kandjistream.config;

/** Text in which every character can be seen. */
final class Visible {
    private Visible() {}

    /**
     * Names every character that is not printable ASCII by its code point, such as {@code [U+00A0]} for a no-break space: it may
     * be invisible, or look like the character that was meant.
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
        return point >= ' ' && point <= '~';
    }
}
