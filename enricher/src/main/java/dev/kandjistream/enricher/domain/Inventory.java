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
        for (var group : collapsed(rows, rules).entrySet()) {
            var variants = List.copyOf(group.getValue().values());
            var app = new InstalledApp(group.getKey(), baseline, observedAt, collectedAt, variants).judged(rules);
            while (old != null && TextOrder.compare(old.appId(), app.appId()) < 0) {
                old = next(known);
            }
            apps.add(old != null && old.appId().equals(app.appId()) ? app.following(old) : app);
        }
        return new Inventory(apps);
    }

    /**
     * These apps, and the apps and variants of an earlier inventory that are not among them. By variants, not by apps: which rows
     * are one app depends on the rules, and a record that is read again under others must come to the same.
     */
    Inventory keeping(Inventory before) {
        var byId = new TreeMap<String, InstalledApp>(TextOrder.ASCENDING);
        before.apps.forEach(app -> byId.put(app.appId(), app));
        apps.forEach(app -> byId.merge(app.appId(), app, (old, now) -> now.keeping(old)));
        return new Inventory(List.copyOf(byId.values()));
    }

    /**
     * The same apps under other rules. With other placeholder bundle ids, apps can get another id, split or merge. An app that
     * can no longer be identified is skipped.
     */
    Inventory judged(Rules rules) {
        boolean sameIds = apps.stream().allMatch(app -> app.hasItsIdBy(rules));
        return new Inventory((sameIds ? apps : byIds(rules))
                .stream().map(app -> app.judged(rules)).toList());
    }

    private List<InstalledApp> byIds(Rules rules) {
        var byId = new TreeMap<String, InstalledApp>(TextOrder.ASCENDING);
        for (InstalledApp app : apps) {
            for (AppVariant variant : app.variants()) {
                AppVariant trimmed = variant.trimmed();
                String appId = AppId.of(trimmed.facts(), rules);
                if (appId != null) {
                    byId.merge(appId, app.only(appId, trimmed), InstalledApp::mergedWith);
                }
            }
        }
        return List.copyOf(byId.values());
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

    /** For each app id, one variant for each name and bundle id, all in text order. */
    private static SortedMap<String, SortedMap<AppFacts, AppVariant>> collapsed(List<AppRow> rows, Rules rules) {
        var groups = new TreeMap<String, SortedMap<AppFacts, AppVariant>>(TextOrder.ASCENDING);
        for (AppRow row : rows) {
            AppVariant variant = AppVariant.of(row);
            String appId = AppId.of(variant.facts(), rules);
            if (appId != null) {
                groups.computeIfAbsent(appId, id -> new TreeMap<>(AppFacts.BY_VARIANT))
                        .merge(variant.facts(), variant, AppVariant::mergedWith);
            }
        }
        return groups;
    }

    private static <T> T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
