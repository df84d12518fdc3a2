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
        if (KeyText.trimmed(name) != null) {
            return name;
        }
        if (KeyText.trimmed(bundleName) != null) {
            return bundleName;
        }
        if (path == null) {
            return null;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        String shown = last.endsWith(".app") ? last.substring(0, last.length() - ".app".length()) : last;
        return KeyText.trimmed(shown) == null ? null : shown;
    }
}
