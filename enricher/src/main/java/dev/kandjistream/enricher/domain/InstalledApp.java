package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One app on one device: the rows that share an app id.
 *
 * @param baseline whether it was there in the account's first complete app sweep
 * @param changedAt when the poller saw what of it is not suppressed as it is now
 * @param collectedAt when the device had reported that; null where unknown
 * @param variants one per name, in the order of names; at least one
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
        return Optional.ofNullable(all).map(app -> new Kept(app.facts(), app.versions(), app.firstSeenAt()));
    }

    InstalledApp judged(Rules rules) {
        List<AppVariant> judged = variants.size() == 1
                ? List.of(variants.get(0).judged(rules))
                : variants.stream().map(variant -> variant.judged(rules)).toList();
        return new InstalledApp(appId, baseline, changedAt, collectedAt, judged);
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
