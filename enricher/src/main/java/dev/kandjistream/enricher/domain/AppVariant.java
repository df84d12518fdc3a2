package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of one app on one device with the same name and the same bundle id, which may be a placeholder. Names decide about
 * suppression and bundle ids identify the app, so such rows stay or go together. Nothing finer is needed when the rules
 * change.
 *
 * @param facts of the row with the shortest path
 * @param pathLength of that row in characters; 0 where it has none
 * @param versions distinct, in text order
 * @param firstSeenAt least of the rows; null where none tells
 * @param suppressedBy the word that leaves this variant out; null where it counts
 */
public record AppVariant(
        AppFacts facts, int pathLength, List<String> versions, Instant firstSeenAt, String suppressedBy) {

    /** The one that gives the app its name comes first. */
    static final Comparator<AppVariant> BY_PATH_THEN_NAME =
            Comparator.comparingInt(AppVariant::pathLength).thenComparing(AppVariant::facts, AppFacts.BY_NAME);

    public AppVariant {
        versions = List.copyOf(versions);
    }

    boolean isKept() {
        return suppressedBy == null;
    }

    AppVariant judged(Rules rules) {
        String word = rules.wordIn(facts.name());
        return word == null ? kept() : new AppVariant(facts, pathLength, versions, firstSeenAt, word);
    }

    private AppVariant kept() {
        return suppressedBy == null ? this : new AppVariant(facts, pathLength, versions, firstSeenAt, null);
    }

    /** Both as one; suppression is that of this. */
    AppVariant mergedWith(AppVariant other) {
        AppVariant first = BY_PATH_THEN_NAME.compare(this, other) <= 0 ? this : other;
        return new AppVariant(
                first.facts,
                first.pathLength,
                Merge.versions(versions, other.versions),
                Merge.earlier(firstSeenAt, other.firstSeenAt),
                suppressedBy);
    }

    /** This variant with its bundle id trimmed: an earlier version stored it as received. */
    AppVariant trimmed() {
        AppFacts trimmed = facts.withBundleId(KeyText.trimmed(facts.bundleId()));
        return new AppVariant(trimmed, pathLength, versions, firstSeenAt, suppressedBy);
    }

    static AppVariant of(AppRow row) {
        var facts = new AppFacts(
                row.shownName(),
                KeyText.trimmed(row.bundleId()),
                row.teamId(),
                row.developerName(),
                row.category(),
                row.obtainedFrom());
        int pathLength = row.path() == null ? 0 : row.path().length();
        List<String> versions = row.version() == null ? List.of() : List.of(row.version());
        return new AppVariant(facts, pathLength, versions, row.createdAt(), null);
    }
}
