package dev.kandjistream.simulator.script;

import static dev.kandjistream.simulator.script.Cast.played;
import static dev.kandjistream.simulator.script.Cast.thing;
import static dev.kandjistream.simulator.script.Cast.user;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Catalogue;
import dev.kandjistream.simulator.fleet.Device;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Changes of the apps on Macs. Each is empty where the fleet has nothing it could happen to. */
final class AppPlays {
    private static final String COPIES = "/Users/Shared/Old Apps/";
    private static final int TRIES = 20;

    private final Cast cast;

    AppPlays(Cast cast) {
        this.cast = cast;
    }

    Optional<Played> install() {
        return cast.mac().flatMap(device -> {
            for (int i = 0; i < TRIES; i++) {
                List<App> apps = Catalogue.drawOne(cast.random);
                if (!has(device, apps.get(0))) {
                    return Optional.of(install(Change.INSTALL, device, apps.toArray(App[]::new)));
                }
            }
            return Optional.empty();
        });
    }

    Optional<Played> installHelper() {
        return installNested(Change.INSTALL_HELPER, " Extension Helper", ".extension.HELPER");
    }

    Optional<Played> installUpdater() {
        return installNested(Change.INSTALL_UPDATER, " AutoUpdater", ".autoupd");
    }

    private Optional<Played> installNested(Change change, String nameEnding, String idEnding) {
        return cast.mac().flatMap(device -> topLevel(device).flatMap(parent -> {
            String name = parent.bundleName() + nameEnding;
            App nested = new App(
                    name,
                    "com.example."
                            + parent.bundleName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + idEnding,
                    "1.0",
                    parent.path() + "/Contents/Library/LoginItems/" + name + ".app",
                    parent.publisher());
            return has(device, nested) ? Optional.empty() : Optional.of(install(change, device, nested));
        }));
    }

    Optional<Played> secondCopy() {
        return cast.mac().flatMap(device -> topLevel(device).flatMap(app -> {
            App copy = app.withPath(COPIES + app.bundleName() + ".app").withVersion("1.0 (b3)");
            return has(device, copy) ? Optional.empty() : Optional.of(install(Change.SECOND_COPY, device, copy));
        }));
    }

    private Played install(Change change, Device device, App... apps) {
        cast.fleet.install(device, apps);
        String what = shown(apps[0]) + (change == Change.SECOND_COPY ? ", a second copy," : "");
        return played(change, device, what + " appears on the " + thing(device) + " of " + user(device));
    }

    Optional<Played> update() {
        return cast.mac().flatMap(device -> topLevel(device).map(app -> {
            String version = (app.version() + " ").split("[ .(]")[0] + "." + (100 + cast.random.nextInt(900));
            cast.fleet.update(device, app, version);
            return played(
                    Change.UPDATE,
                    device,
                    shown(app) + " on the " + thing(device) + " of " + user(device) + " is updated to " + version);
        }));
    }

    Optional<Played> uninstall() {
        return cast.mac().flatMap(device -> topLevel(device).map(app -> {
            cast.fleet.uninstall(device, app);
            return played(
                    Change.UNINSTALL,
                    device,
                    shown(app) + " is uninstalled from the " + thing(device) + " of " + user(device));
        }));
    }

    /** Something somebody might have installed: not Apple's, not inside another bundle. */
    private Optional<App> topLevel(Device device) {
        return cast.anyOf(device.rows().stream()
                .map(AppRow::app)
                .filter(app -> app.path() != null && app.path().matches("/Applications/[^/]+"))
                .filter(app -> !"Apple".equals(app.publisher().developerName()))
                .toList());
    }

    private static boolean has(Device device, App app) {
        return device.rows().stream()
                .anyMatch(row -> app.path().equals(row.app().path()));
    }

    private static String shown(App app) {
        return app.bundleName() + " " + app.version();
    }
}
