package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.AppFacts;
import dev.kandjistream.enricher.domain.AppVariant;
import dev.kandjistream.enricher.domain.InstalledApp;
import dev.kandjistream.enricher.domain.Inventory;
import java.util.ArrayList;

/** {@link Inventory} as bytes. The first byte names the form. */
final class InventoryCodec {
    private static final int FORM = 1;
    private final BytesWriter out = new BytesWriter();

    byte[] write(Inventory inventory) {
        out.octet(FORM).number(inventory.apps().size());
        for (InstalledApp app : inventory.apps()) {
            out.text(app.appId()).flag(app.baseline()).time(app.changedAt()).time(app.collectedAt());
            out.number(app.variants().size());
            for (AppVariant variant : app.variants()) {
                writeFacts(variant.facts(), app.appId(), out);
                out.number(variant.pathLength()).texts(variant.versions());
                out.time(variant.firstSeenAt()).text(variant.suppressedBy());
            }
        }
        return out.take();
    }

    Inventory read(byte[] bytes) {
        var in = BytesReader.of(bytes, FORM);
        int count = in.count();
        var apps = new ArrayList<InstalledApp>(count);
        for (int i = 0; i < count; i++) {
            apps.add(readApp(in));
        }
        return new Inventory(apps);
    }

    private static InstalledApp readApp(BytesReader in) {
        String appId = in.text();
        boolean baseline = in.flag();
        var changedAt = in.time();
        var collectedAt = in.time();
        int count = in.count();
        var variants = new ArrayList<AppVariant>(count);
        for (int i = 0; i < count; i++) {
            variants.add(new AppVariant(readFacts(in, appId), in.count(), in.texts(), in.time(), in.text()));
        }
        return new InstalledApp(appId, baseline, changedAt, collectedAt, variants);
    }

    /** A bundle id is nearly always the app id, which stands beside it already. */
    static void writeFacts(AppFacts facts, String appId, BytesWriter out) {
        boolean same = appId.equals(facts.bundleId());
        out.flag(same);
        if (!same) {
            out.text(facts.bundleId());
        }
        out.text(facts.name()).text(facts.teamId()).text(facts.developerName());
        out.text(facts.category()).text(facts.obtainedFrom());
    }

    static AppFacts readFacts(BytesReader in, String appId) {
        String bundleId = in.flag() ? appId : in.text();
        String name = in.text();
        return new AppFacts(name, bundleId, in.text(), in.text(), in.text(), in.text());
    }
}
