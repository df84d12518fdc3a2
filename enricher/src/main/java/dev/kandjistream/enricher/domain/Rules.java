package dev.kandjistream.enricher.domain;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What counts as an app, and which devices take a seat.
 *
 * @param version grows with every other content; at least 1
 * @param suppressedWords apps whose name contains one of them, in any case, are left out; held in lower case
 * @param licenseTypes platforms whose devices take a seat, written as Kandji writes them
 * @param placeholderBundleIds texts that the API shows instead of a missing bundle id; stored in lower case, white space
 *     folded
 */
public record Rules(
        int version, Set<String> suppressedWords, Set<String> licenseTypes, Set<String> placeholderBundleIds) {
    public static final Set<String> DEFAULT_PLACEHOLDER_BUNDLE_IDS = Set.of(
            "no value",
            "(null)",
            "<null>",
            "null",
            "nil",
            "(none)",
            "none",
            "n/a",
            "not available",
            "not applicable",
            "unknown",
            "undefined",
            "no bundle id",
            "no bundle identifier");

    private static final Pattern WHITE_SPACE = Pattern.compile("[\\p{IsWhite_Space}]+");

    public Rules {
        if (version < 1) {
            throw new IllegalArgumentException("rules.version must be at least 1, was " + version);
        }
        suppressedWords = lowerCased(suppressedWords);
        licenseTypes = Set.copyOf(licenseTypes);
        placeholderBundleIds = folded(placeholderBundleIds);
        if (suppressedWords.stream().anyMatch(String::isBlank)
                || licenseTypes.stream().anyMatch(String::isBlank)
                || placeholderBundleIds.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("rules.suppressed_words, rules.license_types and"
                    + " rules.placeholder_bundle_ids must not hold blank words: a blank word would suppress every app."
                    + " Found words " + suppressedWords + ", types " + licenseTypes + ", placeholders "
                    + placeholderBundleIds);
        }
    }

    /** With {@link #DEFAULT_PLACEHOLDER_BUNDLE_IDS}. */
    public Rules(int version, Set<String> suppressedWords, Set<String> licenseTypes) {
        this(version, suppressedWords, licenseTypes, DEFAULT_PLACEHOLDER_BUNDLE_IDS);
    }

    /** The first configured word, in text order, that the app's name contains; null where it contains none. */
    String wordIn(String appName) {
        if (appName == null) {
            return null;
        }
        String name = appName.toLowerCase(Locale.ROOT);
        for (String word : suppressedWords) {
            if (name.contains(word)) {
                return word;
            }
        }
        return null;
    }

    /** The platform where it takes a seat; null where it does not. */
    String licenseType(String platform) {
        return platform != null && licenseTypes.contains(platform) ? platform : null;
    }

    /**
     * The bundle id, trimmed; null if it is missing or a placeholder. One repeated character, and a text without any letter
     * or digit, are placeholders under all rules.
     *
     * @param text as received; may be null
     */
    String bundleId(String text) {
        String trimmed = KeyText.trimmed(text);
        return trimmed == null || isPlaceholder(folded(trimmed)) ? null : trimmed;
    }

    private boolean isPlaceholder(String folded) {
        return placeholderBundleIds.contains(folded)
                || folded.codePoints().noneMatch(Character::isLetterOrDigit)
                || folded.codePoints().allMatch(character -> character == folded.codePointAt(0));
    }

    /** Whether other rules say the same under whatever version. */
    public boolean hasSameContentAs(Rules other) {
        return suppressedWords.equals(other.suppressedWords)
                && licenseTypes.equals(other.licenseTypes)
                && placeholderBundleIds.equals(other.placeholderBundleIds);
    }

    private static String folded(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private static Set<String> folded(Set<String> texts) {
        var sorted = new TreeSet<String>();
        texts.forEach(text -> sorted.add(folded(text)));
        return Collections.unmodifiableSortedSet(sorted);
    }

    private static Set<String> lowerCased(Set<String> words) {
        var sorted = new TreeSet<String>();
        words.forEach(word -> sorted.add(word.toLowerCase(Locale.ROOT)));
        return Collections.unmodifiableSortedSet(sorted);
    }
}
