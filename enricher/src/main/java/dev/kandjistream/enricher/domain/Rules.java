package dev.kandjistream.enricher.domain;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What counts as an app, and which devices take a seat.
 *
 * @param version grows with every other content; at least 1
 * @param suppressedWords apps whose name contains one of them, in any case, are left out; held in lower case
 * @param licenseTypes platforms whose devices take a seat, written as Kandji writes them
 */
public record Rules(int version, Set<String> suppressedWords, Set<String> licenseTypes) {
    public Rules {
        if (version < 1) {
            throw new IllegalArgumentException("rules.version must be at least 1, was " + version);
        }
        suppressedWords = lowerCased(suppressedWords);
        licenseTypes = Set.copyOf(licenseTypes);
        if (suppressedWords.stream().anyMatch(String::isBlank)
                || licenseTypes.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("rules.suppressed_words and rules.license_types must not hold blank"
                    + " words: a blank word would suppress every app. Found words " + suppressedWords + ", types "
                    + licenseTypes);
        }
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

    /** Whether other rules say the same under whatever version. */
    public boolean hasSameContentAs(Rules other) {
        return suppressedWords.equals(other.suppressedWords) && licenseTypes.equals(other.licenseTypes);
    }

    private static Set<String> lowerCased(Set<String> words) {
        var sorted = new TreeSet<String>();
        words.forEach(word -> sorted.add(word.toLowerCase(Locale.ROOT)));
        return Collections.unmodifiableSortedSet(sorted);
    }
}
