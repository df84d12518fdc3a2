package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code GET /devices}, {@code /devices/{id}}, {@code /devices/{id}/apps} and {@code /settings/licensing}. */
final class Devices {
    private static final int MAX_LIMIT = 300;

    /** What can be asked for by part of it, in any case, and ordered by. */
    private static final Map<String, Function<Device, String>> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put("device_id", Device::id);
        TEXTS.put("device_name", Device::name);
        TEXTS.put("serial_number", device -> device.hardware().serial());
        TEXTS.put("model", device -> device.hardware().model());
        TEXTS.put("platform", device -> device.platform().word());
        TEXTS.put("os_version", Device::osVersion);
        TEXTS.put("asset_tag", Device::assetTag);
        TEXTS.put("blueprint_id", device -> device.blueprint().id());
        TEXTS.put("blueprint_name", device -> device.blueprint().name());
        TEXTS.put("last_check_in", device -> ApiTimes.checkIn(device.lastCheckIn()));
        TEXTS.put("user", device -> user(device, Person::name) + " " + user(device, Person::email));
        TEXTS.put("user_name", device -> user(device, Person::name));
        TEXTS.put("user_email", device -> user(device, Person::email));
    }

    private final Fleet fleet;
    private final TenantForm form;
    private final Selections<Device> selections = new Selections<>();

    Devices(Fleet fleet, TenantForm form) {
        this.fleet = fleet;
        this.form = form;
    }

    /** A bare array; headers with the total on the older form alone. Limits above 300 are cut, not refused. */
    Answer list(Query query, PageShape shape, String self) {
        int asked = query.number("limit", MAX_LIMIT);
        int limit = asked < 1 ? MAX_LIMIT : Math.min(asked, MAX_LIMIT);
        int offset = Math.max(0, query.number("offset", 0));
        return fleet.reading(() -> {
            RowFaults faults = RowFaults.of(shape, fleet);
            List<Device> selected =
                    shape.has(Effect.EmptyFleet.class) ? List.of() : faults.kept(select(query), Function.identity());
            int start = shape.start(Math.min(offset, selected.size()));
            int end = shape.end(start, limit, selected.size());
            List<Device> page = shape.shown(start < end ? selected.subList(start, end) : List.of());
            Answer answer = Answer.json(200, json().rows(page, !shape.has(Effect.NoUsers.class), faults));
            return form.newer() ? answer : withTotals(answer, query, self, limit, offset, selected.size(), shape);
        });
    }

    private static Answer withTotals(
            Answer answer, Query query, String self, int limit, int offset, int size, PageShape shape) {
        Long total = shape.total(size);
        String others = query.parameters().entrySet().stream()
                .filter(entry -> !List.of("limit", "offset").contains(entry.getKey()))
                .map(entry -> "&" + entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .reduce("", String::concat);
        String base = self + "?limit=" + limit + others + "&offset=";
        String next = offset + limit < size ? base + (offset + limit) : "None";
        String previous = offset > 0 ? base + Math.max(0, offset - limit) : "None";
        Answer linked = answer.with("Link", "<" + next + ">; rel=\"next\", <" + previous + ">; rel=\"prev\"");
        return total == null
                ? linked
                : linked.with("X-Total-Count", String.valueOf(total))
                        .with("X-Total-Pages", String.valueOf((total + limit - 1) / limit));
    }

    /** Empty where there is no such device. */
    Optional<Answer> one(String id, PageShape shape) {
        boolean withUser = !shape.has(Effect.NoUsers.class);
        return fleet.reading(() -> {
            RowFaults faults = RowFaults.of(shape, fleet);
            return known(id, faults).map(device -> Answer.json(200, json().row(device, withUser, faults)));
        });
    }

    /** Empty where there is no such device. */
    Optional<Answer> apps(String id, PageShape shape) {
        return fleet.reading(
                () -> known(id, RowFaults.of(shape, fleet)).map(device -> Answer.json(200, json().apps(device))
                        .with("X-Total-Count", String.valueOf(device.rows().size()))));
    }

    private Optional<Device> known(String id, RowFaults faults) {
        return fleet.device(id).filter(device -> !faults.kept(List.of(device), Function.identity())
                .isEmpty());
    }

    Answer licensing(PageShape shape) {
        Map<Platform, Long> counts = new LinkedHashMap<>();
        List<Device> devices = shape.has(Effect.EmptyFleet.class) ? List.of() : fleet.devices();
        devices.forEach(device -> counts.merge(device.platform(), 1L, Long::sum));
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        return Answer.json(
                200,
                ("{\"counts\":{\"computers_count\":%d,\"ios_count\":%d,\"ipados_count\":%d,\"macos_count\":%d,\"tvos_count\":%d},"
                                + "\"limits\":{\"plan_type\":\"single_limit\",\"max_devices\":%d,\"max_devices_per_platform\":"
                                + "{\"macos\":0,\"ios_ipados\":0}},\"tenantOverLicenseLimit\":false}")
                        .formatted(
                                all,
                                counts.getOrDefault(Platform.IPHONE, 0L),
                                counts.getOrDefault(Platform.IPAD, 0L),
                                counts.getOrDefault(Platform.MAC, 0L),
                                counts.getOrDefault(Platform.APPLE_TV, 0L),
                                Math.max(50, all * 2)));
    }

    private DeviceJson json() {
        boolean mixed =
                form.newer() && fleet.devices().stream().anyMatch(device -> device.platform() == Platform.ANDROID);
        return new DeviceJson(form, mixed);
    }

    private List<Device> select(Query query) {
        String asked = query.without("limit", "offset");
        return selections.of(fleet.version(), asked, () -> fleet.devices().stream()
                .filter(device -> matches(device, query))
                .sorted(order(query.list("ordering")))
                .toList());
    }

    private static boolean matches(Device device, Query query) {
        return TEXTS.entrySet().stream().allMatch(entry -> contains(entry, device, query))
                && equal(query, "platform", device.platform().word())
                && equal(query, "device_id", device.id())
                && equal(query, "user_email_exact", user(device, Person::email))
                && equal(query, "user_id", user(device, Person::id));
    }

    private static boolean contains(Map.Entry<String, Function<Device, String>> text, Device device, Query query) {
        String part = query.text(text.getKey());
        return part.isEmpty()
                || text.getValue().apply(device).toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static boolean equal(Query query, String parameter, String value) {
        return query.text(parameter).isEmpty() || query.text(parameter).equalsIgnoreCase(value);
    }

    /** By the named fields, {@code -} before one reversing it; names that are not there do nothing. */
    private static Comparator<Device> order(List<String> names) {
        Comparator<Device> order = (a, b) -> 0;
        for (String name : names) {
            Function<Device, String> text = TEXTS.get(name.replaceFirst("^-", ""));
            if (text != null) {
                Comparator<Device> ascending = Comparator.comparing(text);
                order = order.thenComparing(name.startsWith("-") ? ascending.reversed() : ascending);
            }
        }
        return order;
    }

    private static String user(Device device, Function<Person, String> value) {
        String text = device.person() == null ? null : value.apply(device.person());
        return text == null ? "" : text;
    }
}
