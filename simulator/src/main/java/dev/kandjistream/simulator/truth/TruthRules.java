package dev.kandjistream.simulator.truth;

import java.util.Set;

/**
 * The words and types that decide what counts.
 *
 * @param suppressedWords an app whose name contains one, in any case, does not count
 * @param licenseTypes platforms of which a device is a seat
 */
public record TruthRules(Set<String> suppressedWords, Set<String> licenseTypes) {
    public TruthRules {
        suppressedWords = Set.copyOf(suppressedWords);
        licenseTypes = Set.copyOf(licenseTypes);
    }

    /** Unless somebody says otherwise. */
    public static TruthRules standard() {
        return new TruthRules(Set.of("helper", "updater"), Set.of("Mac", "iPhone", "iPad"));
    }
}
