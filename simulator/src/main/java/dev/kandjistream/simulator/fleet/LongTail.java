package dev.kandjistream.simulator.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The many apps that a few people have: made-up names, each rarer than the one before. */
final class LongTail {
    private static final List<String> FIRST = List.of(
            "Amber", "Atlas", "Birch", "Cobalt", "Comet", "Coral", "Delta", "Ember", "Fable", "Fjord", "Gravel",
            "Harbor", "Indigo", "Juniper", "Kestrel", "Lantern", "Meadow", "Nimbus", "Onyx", "Pebble", "Quill", "Rowan",
            "Saffron", "Tidal", "Umbra", "Vesper", "Willow", "Zephyr");
    private static final List<String> SECOND = List.of(
            "Notes",
            "Mail",
            "Board",
            "Draw",
            "Files",
            "Forms",
            "Ledger",
            "Meet",
            "Planner",
            "Player",
            "Reader",
            "Recorder",
            "Scan",
            "Sheets",
            "Studio",
            "Sync",
            "Tasks",
            "Terminal",
            "Timer",
            "Vault",
            "Viewer",
            "Writer");
    private static final List<String> CATEGORIES =
            List.of("Productivity", "Utilities", "Business", "Design", "Finance");

    private LongTail() {}

    static List<Catalogue.Entry> entries() {
        var entries = new ArrayList<Catalogue.Entry>();
        for (int i = 0; i < FIRST.size() * SECOND.size(); i++) {
            String maker = FIRST.get(i % FIRST.size());
            String kind = SECOND.get(i / FIRST.size());
            entries.add(entry(i, maker, kind));
        }
        return entries;
    }

    private static Catalogue.Entry entry(int i, String maker, String kind) {
        String bundleId = "com." + maker.toLowerCase(Locale.ROOT) + "works." + kind.toLowerCase(Locale.ROOT);
        String team = (maker + kind + "0000000000").toUpperCase(Locale.ROOT).substring(0, 10);
        var publisher = new App.Publisher(
                maker + " Works GmbH",
                team,
                i % 3 == 0 ? "App Store" : "Identified Developer",
                CATEGORIES.get(i % CATEGORIES.size()));
        String name = maker + " " + kind;
        var versions = new ArrayList<List<App>>();
        for (String version : List.of(2 + i % 7 + "." + i % 10, 2 + i % 7 + ".0", 1 + i % 7 + ".9")) {
            versions.add(List.of(App.mac(name, bundleId, version).withPublisher(publisher)));
        }
        return new Catalogue.Entry(Math.max(1, 60 / (1 + i / 10)), List.copyOf(versions));
    }
}
