package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.OsVersion;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says how to fix a text that {@link OsVersion#parse} refuses. */
final class VersionText {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)*)(?: ?(\\([a-z]+\\)))?");
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");
    private static final int GREATEST_DIGITS =
            String.valueOf(OsVersion.GREATEST_NUMBER).length();

    private VersionText() {}

    static String mend(String text) {
        String plain = plain(text);
        if (OsVersion.parse(plain).isPresent()) {
            return "write \"" + plain + '"';
        }
        Matcher form = FORM.matcher(plain);
        if (!form.matches()) {
            return "write at most " + OsVersion.MOST_NUMBERS
                    + " numbers with dots between them, and no other text than a suffix such as (a)";
        }
        String[] numbers = form.group(1).split("\\.");
        if (Arrays.stream(numbers).anyMatch(number -> number.length() > GREATEST_DIGITS)) {
            return "write no number above " + OsVersion.GREATEST_NUMBER;
        }
        return numbers.length > OsVersion.MOST_NUMBERS
                ? "write at most " + OsVersion.MOST_NUMBERS + " numbers, not " + numbers.length
                : "write a suffix of one or two letters, such as (a)";
    }

    /** The version that was probably meant, in its usual characters: no zeros before numbers, one space before the suffix. */
    private static String plain(String text) {
        String usual = INVISIBLE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .replaceAll("");
        return usual.strip()
                .replace(',', '.')
                .toLowerCase(Locale.ROOT)
                .replaceAll("(^|\\.)0+(?=\\d)", "$1")
                .replaceAll("\\s*\\(\\s*([a-z]+)\\s*\\)", " ($1)");
    }
}
