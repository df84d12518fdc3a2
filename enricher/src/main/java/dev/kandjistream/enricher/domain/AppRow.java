package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * One row of a device's app inventory: a bundle at a path. Everything may be null.
 *
 * @param createdAt when Kandji first stored the row
 */
public record AppRow(
        String name,
        String bundleId,
        String version,
        String path,
        String bundleName,
        String developerName,
        String teamId,
        String obtainedFrom,
        String category,
        Instant createdAt) {

    /** The name, else the bundle's name, else the last part of the path without {@code .app}; null if all are missing. */
    String shownName() {
        if (!isBlank(name)) {
            return name;
        }
        if (!isBlank(bundleName)) {
            return bundleName;
        }
        if (isBlank(path)) {
            return null;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        String shown = last.endsWith(".app") ? last.substring(0, last.length() - ".app".length()) : last;
        return isBlank(shown) ? null : shown;
    }

    /** Whether the bundle id tells something: the API writes the text {@code No value} where it has none. */
    boolean hasBundleId() {
        return !isBlank(bundleId) && !bundleId.equals("No value");
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
