package dev.kandjistream.enricher.domain;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which app a row is about, on whatever device. */
final class AppId {
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\p{IsWhite_Space}]+");

    private AppId() {}

    /**
     * The bundle id as given; else {@code name:} and the name in NFKC, lower case, trimmed, white space folded to single
     * spaces, without {@code .app}. Null where the row has neither: such a row cannot be told from others.
     */
    static String of(AppRow row) {
        if (row.hasBundleId()) {
            return row.bundleId();
        }
        String shownName = row.shownName();
        if (shownName == null) {
            return null;
        }
        String name = normal(shownName);
        return name.isEmpty() ? null : "name:" + name;
    }

    private static String normal(String text) {
        String name = fold(Normalizer.normalize(text, Normalizer.Form.NFKC)).toLowerCase(Locale.ROOT);
        return name.endsWith(".app") ? fold(name.substring(0, name.length() - ".app".length())) : name;
    }

    private static String fold(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip();
    }
}
