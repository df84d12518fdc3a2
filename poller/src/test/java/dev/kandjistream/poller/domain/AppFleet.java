package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Devices with app rows that need not say what is true, and a reader who folds what is published into usages. */
final class AppFleet {
    static final long HOUR = 3_600_000;

    /** What the API says in place of one true row: any number of rows. */
    interface Lie {
        List<App> instead(String deviceId, App row);
    }

    static final String INVISIBLE = "\u00a0\u200b";

    static final Lie NONE = (deviceId, row) -> List.of(row);

    final Map<String, List<App>> truth = new TreeMap<>();
    /** Apps of each device by what is published: ids as the enricher makes them, without suppressed ones. */
    final Map<String, Set<String>> usages = new TreeMap<>();

    /** Devices of which the latest sweep showed every app as it is. */
    final Set<String> shownAsTheyAre = new TreeSet<>();

    final Ledger ledger = new Ledger();
    final EvidenceRules rules = EvidenceRules.DEFAULT;
    long now = 1_700_000_000_000L;

    /** Row number {@code number} with all its fields. */
    static App app(int number) {
        return app(
                "App " + number,
                "com.example.app" + number,
                "/Applications/App " + number + ".app",
                "Bundle " + number);
    }

    static App app(String name, String bundleId, String path, String bundleName) {
        return new App(name, bundleId, "1", null, path, bundleName, null, null, null, null, null);
    }

    /** Whether it is one of the first devices. */
    static boolean isOneOf(int devices, String deviceId) {
        return Integer.parseInt(deviceId.substring("device-".length())) < devices;
    }

    static AppFleet of(int devices, int rows) {
        var fleet = new AppFleet();
        for (int device = 0; device < devices; device++) {
            var apps = new ArrayList<App>();
            for (int row = 0; row < rows; row++) {
                apps.add(app(row));
            }
            fleet.truth.put("device-" + device, apps);
        }
        fleet.sweep(NONE);
        return fleet;
    }

    Verdict sweep(Lie lie) {
        return sweep(lie, Set.of());
    }

    /** A sweep six hours after the one before. All devices have reported meanwhile; totals agree with whatever the rows are. */
    Verdict sweep(Lie lie, Set<String> unreadRows) {
        long begun = now += 6 * HOUR;
        var sweep = new AppsSweep();
        var rows = new long[1];
        shownAsTheyAre.clear();
        truth.forEach((deviceId, apps) -> {
            var told = new ArrayList<App>();
            apps.forEach(row -> told.addAll(lie.instead(deviceId, row)));
            told.forEach(row -> sweep.add(deviceId, SharedApp.of(row), 1, 1, begun - 1, begun));
            rows[0] += told.size();
            if (usages(told).equals(usages(apps)) && !unreadRows.contains(deviceId)) {
                shownAsTheyAre.add(deviceId);
            }
        });
        unreadRows.forEach(deviceId -> {
            sweep.unread(deviceId, "name twice", 1, begun);
            rows[0]++;
        });
        sweep.walk().page((int) rows[0], OptionalLong.of(rows[0]));
        sweep.walk().page(0, OptionalLong.of(rows[0]));
        now += 1000;
        Verdict verdict = AppsJudge.judge(ledger, sweep.seal(), rules, begun, now);
        apply(verdict);
        return verdict;
    }

    private void apply(Verdict verdict) {
        for (Decision decision : verdict.decisions()) {
            if (decision.publication() instanceof Decision.Apps list) {
                var told = new TreeSet<String>();
                list.apps().order().forEach(row -> usage(list.apps().app(row), told));
                if (list.keepsRows()) {
                    told.addAll(usages.getOrDefault(decision.deviceId(), Set.of()));
                }
                usages.put(decision.deviceId(), told);
            } else if (decision.publication() == Decision.Gone.APPS) {
                usages.remove(decision.deviceId());
            }
            ledger.put(decision.deviceId(), decision.after());
        }
        if (verdict.findings().retractions() != null) {
            ledger.retractions(Ledger.APPS, verdict.findings().retractions());
        }
        if (verdict.findings().recentlyAdded() != null) {
            ledger.recentlyAdded(Ledger.APPS, verdict.findings().recentlyAdded());
        }
        if (verdict.findings().filled() != null) {
            ledger.filled(Ledger.APPS, verdict.findings().filled());
        }
        ledger.complete(Ledger.APPS, ledger.complete(Ledger.APPS).and(verdict, "sweep", now, now, now));
    }

    /** The app as the documented rules make it: its bundle id, else its name in lower case; nothing for a helper. */
    private static void usage(App row, Set<String> usages) {
        boolean named = row.name() != null && !row.name().equals(INVISIBLE);
        String name = named ? row.name() : row.bundleName();
        if (name == null && row.path() != null) {
            name = row.path().substring(row.path().lastIndexOf('/') + 1).replace(".app", "");
        }
        if (name != null && name.toLowerCase(Locale.ROOT).contains("helper")) {
            return;
        }
        if (row.bundleId() != null) {
            usages.add(row.bundleId());
        } else if (name != null) {
            usages.add("name:" + name.toLowerCase(Locale.ROOT));
        }
    }

    private static Set<String> usages(List<App> rows) {
        var ids = new TreeSet<String>();
        rows.forEach(row -> usage(row, ids));
        return ids;
    }

    /** What a reader would have who knew the truth. */
    Map<String, Set<String>> wanted() {
        var wanted = new TreeMap<String, Set<String>>();
        truth.forEach((deviceId, apps) -> wanted.put(deviceId, usages(apps)));
        return wanted;
    }

    /** Usages that are true and not published. */
    Set<String> missing() {
        var missing = new TreeSet<String>();
        wanted().forEach((deviceId, ids) -> ids.stream()
                .filter(id -> !usages.getOrDefault(deviceId, Set.of()).contains(id))
                .forEach(id -> missing.add(deviceId + " " + id)));
        return missing;
    }

    void order(String action, String... deviceIds) {
        Orders.of(ledger, List.of(new OperatorCommand("command", action, Set.of(deviceIds), now)), now)
                .ordered()
                .forEach(ledger::put);
    }
}
