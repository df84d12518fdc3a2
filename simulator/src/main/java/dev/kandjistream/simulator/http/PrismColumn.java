package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Micros;
import dev.kandjistream.simulator.fleet.Person;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One column of {@code /prism/apps}: what is shown, filtered and sorted by.
 *
 * @param time whether the value is {@link Micros}
 * @param value text, number, boolean or null
 */
record PrismColumn(String name, boolean time, Function<AppRow, Object> value) {
    /** The same in all rows of a device. */
    static final List<PrismColumn> OF_DEVICE = List.of(
            device("device_id", Device::id),
            device("device__name", Device::name),
            device("device__family", device -> device.platform().family()),
            device("device__user_id", device -> user(device, Person::legacyId)),
            device("device__user_name", device -> user(device, Person::name)),
            device("device__user_email", device -> user(device, Person::email)),
            device("blueprint_id", device -> device.blueprint().id()),
            device("blueprint_name", device -> device.blueprint().name()),
            device("tags", device -> null),
            device("asset_tag", device -> device.assetTag().isEmpty() && oddly(device) ? null : device.assetTag()),
            device("serial_number", device -> device.hardware().serial()),
            device("model_id", device -> device.hardware().modelId()),
            device("count", device -> null),
            new PrismColumn("last_collected_at", true, row -> row.device().lastCollectedAt()));

    /** Of the row alone. */
    static final List<PrismColumn> OF_ROW = List.of(
            new PrismColumn("created_at", true, AppRow::createdAt),
            new PrismColumn("updated_at", true, AppRow::updatedAt),
            new PrismColumn("last_changed_at", true, row -> row.changedAt() == Micros.NEVER ? null : row.changedAt()));

    /** The same in all rows of an app. The recordings' {@code short_version} is the build, without dots. */
    static final List<PrismColumn> OF_APP = List.of(
            app("name", App::name),
            app("bundle_id", App::bundleId),
            app("version", App::version),
            app(
                    "short_version",
                    app -> app.version() == null ? null : app.version().replaceAll("[^0-9]", "")),
            app("path", app -> app.path()),
            app("signature", app -> app.publisher().teamId() == null ? null : "signed"),
            app("executable", App::bundleName),
            app("bundle_name", App::bundleName),
            app("bundle_type", app -> app.path() == null ? null : "APPL"),
            app("bundle_region", app -> app.path() == null ? null : "en"),
            app("bundle_display_name", App::name),
            app(
                    "bundle_size",
                    app -> app.path() == null ? null : 1_048_576L + Math.floorMod(app.hashCode(), 900_000_000)),
            app("dynamic_size", app -> null),
            app("obtained_from", app -> app.publisher().obtainedFrom()),
            app("developer_name", app -> app.publisher().developerName()),
            app("team_id", app -> app.publisher().teamId()),
            app("category", app -> app.publisher().category()),
            app(
                    "copyright",
                    app -> app.path() == null ? null : "© " + app.publisher().developerName()),
            app("minimum_system_version", app -> app.path() == null ? null : "12.0"),
            app("compiler", app -> null),
            app("info", app -> null),
            app("ad_hoc_code_signed", app -> app.path() == null ? false : null),
            app("app_store_vendable", app -> "App Store".equals(app.publisher().obtainedFrom())),
            app("beta_app", app -> app.path() == null ? false : null),
            app("device_based_vpp", app -> app.path() == null ? true : null),
            app("download_cancelled", app -> null),
            app("download_failed", app -> null),
            app("download_paused", app -> null),
            app("download_waiting", app -> null),
            app("has_update_available", app -> app.path() == null ? false : null),
            app("installing", app -> app.path() == null ? false : null),
            app("app_clip", app -> app.path() == null ? false : null),
            app("validated", app -> app.path() == null ? true : null),
            app("apple_scriptable", app -> app.path() == null ? null : false));

    private static final Map<String, PrismColumn> BY_NAME = new LinkedHashMap<>();

    static {
        for (List<PrismColumn> columns : List.of(OF_DEVICE, OF_ROW, OF_APP)) {
            columns.forEach(column -> BY_NAME.put(column.name, column));
        }
    }

    /** All, in the order of a row. */
    static List<PrismColumn> all() {
        return List.copyOf(BY_NAME.values());
    }

    /**
     * The value as the tenant's API shows it: times as text.
     *
     * @param withUser false to show the device as nobody's
     */
    Object shown(AppRow row, TenantForm form, boolean withUser) {
        if (name.startsWith("device__user") && !withUser) {
            return "";
        }
        Object shown = value.apply(row);
        if (time && shown != null) {
            return ApiTimes.prism((Long) shown);
        }
        // The case of an id may differ between the two services.
        return name.equals("device_id") && !form.newer() ? row.device().id().toUpperCase(Locale.ROOT) : shown;
    }

    /** Null if there is none of the name. */
    static PrismColumn named(String name) {
        return BY_NAME.get(name);
    }

    private static PrismColumn device(String name, Function<Device, Object> value) {
        return new PrismColumn(name, false, row -> value.apply(row.device()));
    }

    private static PrismColumn app(String name, Function<App, Object> value) {
        return new PrismColumn(name, false, row -> value.apply(row.app()));
    }

    /** Both kinds of nothing occur in recordings. */
    private static Object user(Device device, Function<Person, String> value) {
        if (device.person() == null) {
            return oddly(device) ? null : "";
        }
        return value.apply(device.person());
    }

    private static boolean oddly(Device device) {
        return device.id().charAt(0) % 2 == 1;
    }
}
