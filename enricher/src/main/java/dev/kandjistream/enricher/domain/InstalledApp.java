package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One app on one device: the rows that share an app id.
 *
 * @param baseline whether it was there in the account's first complete app sweep
 * @param changedAt when the poller saw what of it is not suppressed as it is now
 * @param collectedAt when the device had reported that; null where unknown
 * @param variants one per name and bundle id, in their order; at least one
 */
public record InstalledApp(
        String appId, boolean baseline, Instant changedAt, Instant collectedAt, List<AppVariant> variants) {

    /** What counts of an app. */
    public record Kept(AppFacts facts, List<String> versions, Instant firstSeenAt) {}

    public InstalledApp {
        variants = List.copyOf(variants);
    }

    /** What the rules leave of it; empty where they leave nothing. */
    Optional<Kept> kept() {
        AppVariant all = null;
        for (AppVariant variant : variants) {
            if (variant.isKept()) {
                all = all == null ? variant : all.mergedWith(variant);
            }
        }
        return Optional.ofNullable(all).map(app -> new Kept(shown(app.facts()), app.versions(), app.firstSeenAt()));
    }

    /** The facts without a placeholder: a bundle id that is not the app's id is one. */
    private AppFacts shown(AppFacts facts) {
        String bundleId = facts.bundleId();
        return bundleId == null || bundleId.equals(appId) ? facts : facts.withBundleId(null);
    }

    InstalledApp judged(Rules rules) {
        List<AppVariant> judged = variants.size() == 1
                ? List.of(variants.get(0).judged(rules))
                : variants.stream().map(variant -> variant.judged(rules)).toList();
        return new InstalledApp(appId, baseline, changedAt, collectedAt, judged);
    }

    /** Whether the rules still give this app its current id. */
    boolean hasItsIdBy(Rules rules) {
        return variants.stream().allMatch(variant -> appId.equals(AppId.of(variant.facts(), rules)));
    }

    /** One of its variants as a separate app. */
    InstalledApp only(String otherId, AppVariant variant) {
        return new InstalledApp(otherId, baseline, changedAt, collectedAt, List.of(variant));
    }

    /** Merges two apps that the rules treat as one: baseline if either is, changed when the later one changed. */
    InstalledApp mergedWith(InstalledApp other) {
        var all = new TreeMap<AppFacts, AppVariant>(AppFacts.BY_VARIANT);
        Stream.of(this, other)
                .flatMap(app -> app.variants.stream())
                .forEach(variant -> all.merge(variant.facts(), variant, AppVariant::mergedWith));
        InstalledApp later = changedAt.isBefore(other.changedAt) ? other : this;
        return new InstalledApp(
                appId, baseline || other.baseline, later.changedAt, later.collectedAt, List.copyOf(all.values()));
    }

    /** This with the variants that it had before and that are missing from it. */
    InstalledApp keeping(InstalledApp before) {
        var all = new TreeMap<AppFacts, AppVariant>(AppFacts.BY_VARIANT);
        before.variants.forEach(variant -> all.put(variant.facts(), variant));
        variants.forEach(variant -> all.put(variant.facts(), variant));
        return new InstalledApp(appId, baseline, changedAt, collectedAt, List.copyOf(all.values())).following(before);
    }

    /** This, as far as it says the same as before: then it keeps the times and the origin it had. */
    InstalledApp following(InstalledApp before) {
        boolean same = kept().equals(before.kept());
        return new InstalledApp(
                appId,
                before.baseline,
                same ? before.changedAt : changedAt,
                same ? before.collectedAt : collectedAt,
                variants);
    }
}
