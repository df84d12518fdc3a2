package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All apps of one device, suppressed ones included, in the order of their ids. What is suppressed is kept so that other
 * rules can be applied without asking Kandji again.
 */
public record Inventory(List<InstalledApp> apps) {
    public static final Inventory EMPTY = new Inventory(List.of());

    public Inventory {
        apps = List.copyOf(apps);
    }

    /**
     * The rows of one reading, collapsed and judged. Rows with neither bundle id nor any name are left out: nothing
     * tells which app they are.
     *
     * @param before the inventory that this one follows, judged by the same rules: what says the same keeps its times
     * @param baseline whether the reading belongs to the account's first complete sweep
     * @param observedAt when the poller read the rows
     * @param collectedAt when the device had reported them; null where unknown
     */
    static Inventory following(
            Inventory before,
            List<AppRow> rows,
            Rules rules,
            boolean baseline,
            Instant observedAt,
            Instant collectedAt) {
        var known = before.apps.iterator();
        InstalledApp old = next(known);
        var apps = new ArrayList<InstalledApp>();
        for (var group : collapsed(rows).entrySet()) {
            var variants = List.copyOf(group.getValue().values());
            var app = new InstalledApp(group.getKey(), baseline, observedAt, collectedAt, variants).judged(rules);
            while (old != null && TextOrder.compare(old.appId(), app.appId()) < 0) {
                old = next(known);
            }
            apps.add(old != null && old.appId().equals(app.appId()) ? app.following(old) : app);
        }
        return new Inventory(apps);
    }

    /** The same apps by other rules. */
    Inventory judged(Rules rules) {
        return new Inventory(apps.stream().map(app -> app.judged(rules)).toList());
    }

    /** The word of each variant that is suppressed here and was not before, one entry a variant. */
    List<String> newlySuppressed(Inventory before) {
        var suppressedBefore = new TreeSet<String>();
        before.apps.forEach(app -> suppressedNames(app).forEach((name, word) -> suppressedBefore.add(name)));
        var words = new ArrayList<String>();
        for (InstalledApp app : apps) {
            suppressedNames(app).forEach((name, word) -> {
                if (!suppressedBefore.contains(name)) {
                    words.add(word);
                }
            });
        }
        return words;
    }

    private static Map<String, String> suppressedNames(InstalledApp app) {
        Map<String, String> words = Map.of();
        for (AppVariant variant : app.variants()) {
            if (!variant.isKept()) {
                words = words.isEmpty() ? new HashMap<>() : words;
                words.put(app.appId() + '\n' + variant.facts().name(), variant.suppressedBy());
            }
        }
        return words;
    }

    /** Per app id one variant a name, both in text order. */
    private static SortedMap<String, SortedMap<String, AppVariant>> collapsed(List<AppRow> rows) {
        var groups = new TreeMap<String, SortedMap<String, AppVariant>>(TextOrder.ASCENDING);
        for (AppRow row : rows) {
            String appId = AppId.of(row);
            if (appId != null) {
                AppVariant variant = AppVariant.of(row);
                groups.computeIfAbsent(appId, id -> new TreeMap<>(TextOrder.NULLS_FIRST))
                        .merge(variant.facts().name(), variant, AppVariant::mergedWith);
            }
        }
        return groups;
    }

    private static <T> T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
