package dev.kandjistream.simulator.truth;

import dev.kandjistream.simulator.fleet.App;
import java.text.Normalizer;
import java.util.Locale;

/** Which rows are one app, in the contract's words. */
final class AppIdentity {
    private AppIdentity() {}

    /** The trimmed bundle id, else {@code name:} and the folded name. */
    static String idOf(App app) {
        String bundleId = bundleIdOf(app);
        if (bundleId != null) {
            return bundleId;
        }
        String name = nameOf(app);
        String folded = Normalizer.normalize(name == null ? "" : name, Normalizer.Form.NFKC)
                .strip()
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
        return "name:" + (folded.endsWith(".app") ? folded.substring(0, folded.length() - 4) : folded);
    }

    /** Trimmed; null if it is blank or {@code No value}, the only placeholder that the fleet has. */
    static String bundleIdOf(App app) {
        String bundleId = app.bundleId() == null ? "" : app.bundleId().strip();
        return bundleId.isEmpty() || bundleId.equals("No value") ? null : bundleId;
    }

    /** The name; where it is missing, the bundle name, as clients of the API fall back. */
    static String nameOf(App app) {
        return app.name() == null || app.name().isBlank() ? app.bundleName() : app.name();
    }
}
