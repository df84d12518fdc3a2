package dev.kandjistream.enricher.domain;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Id of an app, the same on every device. */
final class AppId {
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\p{IsWhite_Space}]+");

    private AppId() {}

    /**
     * The bundle id, trimmed, unless the rules call it a placeholder; else {@code name:} and the name in NFKC, lower
     * case, trimmed, white space folded to single spaces, without {@code .app}. Null if there is neither: such an app
     * cannot be distinguished from others.
     */
    static String of(AppFacts facts, Rules rules) {
        String bundleId = rules.bundleId(facts.bundleId());
        if (bundleId != null) {
            return bundleId;
        }
        if (facts.name() == null) {
            return null;
        }
        String name = normal(facts.name());
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
