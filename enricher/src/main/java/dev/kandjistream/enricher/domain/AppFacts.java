package dev.kandjistream.enricher.domain;

import java.util.Comparator;

/**
 * Name and origin of an app as in one row. Every part may be null.
 *
 * @param bundleId trimmed; in an {@link AppVariant} as the API has it, placeholders included
 */
public record AppFacts(
        String name, String bundleId, String teamId, String developerName, String category, String obtainedFrom) {

    /** What rows of one app must share to be one variant of it. */
    static final Comparator<AppFacts> BY_VARIANT = Comparator.comparing(AppFacts::name, TextOrder.NULLS_FIRST)
            .thenComparing(AppFacts::bundleId, TextOrder.NULLS_FIRST);

    /** By name, missing names last; then by the rest, so that equal rows in any order give equal facts. */
    static final Comparator<AppFacts> BY_NAME = Comparator.comparing(
                    AppFacts::name, Comparator.nullsLast(TextOrder.ASCENDING))
            .thenComparing(AppFacts::bundleId, TextOrder.NULLS_FIRST)
            .thenComparing(AppFacts::teamId, TextOrder.NULLS_FIRST)
            .thenComparing(AppFacts::developerName, TextOrder.NULLS_FIRST)
            .thenComparing(AppFacts::category, TextOrder.NULLS_FIRST)
            .thenComparing(AppFacts::obtainedFrom, TextOrder.NULLS_FIRST);

    AppFacts withBundleId(String other) {
        return new AppFacts(name, other, teamId, developerName, category, obtainedFrom);
    }
}
