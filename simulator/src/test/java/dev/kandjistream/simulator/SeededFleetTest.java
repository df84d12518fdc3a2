package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.http.TenantForm;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Seeded fleets: reproducible, whole, and as odd as real ones. */
class SeededFleetTest {
    private static Tenant tenant(TenantForm form, long seed) {
        Tenant tenant = form == TenantForm.US ? Tenant.us("acme", seed) : Tenant.eu("acme", seed);
        return tenant.withLimits(RateLimits.told());
    }

    @Property(tries = 6)
    void theSameSeedGivesTheSameBytesBeforeAndAfterTheScriptedDay(@ForAll TenantForm form, @ForAll long seed) {
        try (var one = KandjiSimulator.start(tenant(form, seed).withDevices(20).withAppsPerMac(12));
                var two =
                        KandjiSimulator.start(tenant(form, seed).withDevices(20).withAppsPerMac(12))) {
            assertThat(everything(one)).isEqualTo(everything(two));
            assertThat(one.day().rest()).isEqualTo(two.day().rest()).hasSizeGreaterThan(10);
            assertThat(everything(one)).isEqualTo(everything(two));
        }
    }

    private static List<String> everything(KandjiSimulator simulator) {
        var api = new ApiClient(simulator);
        return List.of(
                api.get("/devices?limit=300").body(),
                api.get("/prism/apps?limit=300&cursor=").body(),
                api.get("/prism/apps?limit=300&offset=100").body(),
                api.get("/settings/licensing").body());
    }

    @Property(tries = 8)
    void aWalkByCursorOrOffsetYieldsExactlyTheFleetsRows(
            @ForAll TenantForm form, @ForAll @IntRange(min = 11, max = 300) int limit) {
        try (var simulator =
                KandjiSimulator.start(tenant(form, limit).withDevices(12).withAppsPerMac(30))) {
            var api = new ApiClient(simulator);
            List<String> rows = simulator.fleet().rows().stream()
                    .map(SeededFleetTest::identity)
                    .toList();

            assertThat(api.walkByCursor(limit, ""))
                    .extracting(SeededFleetTest::identity)
                    .isEqualTo(rows);
            assertThat(api.walkByOffset(limit))
                    .extracting(SeededFleetTest::identity)
                    .isEqualTo(rows);
            assertThat(api.walkByCursor(limit, "&device_families=Mac").size()
                            + api.walkByCursor(limit, "&device_families=iPhone,iPad,tvOS")
                                    .size())
                    .isEqualTo(rows.size());
            assertThat(api.walkDevices(limit, "&ordering=device_id"))
                    .extracting(row -> row.path("device_id").asText())
                    .isEqualTo(simulator.fleet().devices().stream()
                            .map(Device::id)
                            .sorted()
                            .toList());
        }
    }

    private static String identity(AppRow row) {
        return String.join(
                "|",
                row.device().id(),
                row.app().name(),
                row.app().bundleId(),
                row.app().version(),
                row.app().path());
    }

    private static String identity(JsonNode row) {
        return List.of("device_id", "name", "bundle_id", "version", "path").stream()
                .map(field -> row.path(field).asText("null"))
                .collect(Collectors.joining("|"))
                // The older form shows ids, and nothing else that begins a row here, in upper case.
                .transform(text -> text.substring(0, 36).toLowerCase(Locale.ROOT) + text.substring(36));
    }

    @Test
    void aFleetIsAsOddAsARealOne() {
        try (var simulator = KandjiSimulator.start(tenant(TenantForm.US, 42).withDevices(300))) {
            Fleet fleet = simulator.fleet();
            List<Device> devices = fleet.devices();
            List<Person> users = devices.stream()
                    .map(Device::person)
                    .filter(Objects::nonNull)
                    .toList();

            assertThat(devices).extracting(Device::platform).contains(Platform.values());
            assertThat(devices).extracting(Device::person).containsNull();
            assertThat(devices)
                    .anyMatch(Device::removed)
                    .anyMatch(Device::missing)
                    .anyMatch(device -> !device.mdmEnabled());
            assertThat(devices.stream().filter(d -> d.hardware().serial().equals("ZVM0SHARED1")))
                    .hasSizeGreaterThan(1);
            assertThat(devices).anyMatch(device -> device.hardware().serial().isEmpty());
            assertThat(users).anyMatch(Person::archived).anyMatch(person -> person.id() == null);
            assertThat(users).anyMatch(person -> person.email().isEmpty());
            assertThat(users)
                    .anyMatch(person -> !person.email().equals(person.email().toLowerCase(Locale.ROOT)));
            assertThat(users.stream().filter(p -> p.name().equals("Front Desk Kiosk")))
                    .hasSize(12);
            var names = new HashSet<>(users).stream().map(Person::name).toList();
            assertThat(names.size()).as("several people of one name").isGreaterThan(new HashSet<>(names).size());
        }
    }

    @Test
    void theAppsAreAsOddAsRealOnes() {
        try (var simulator = KandjiSimulator.start(tenant(TenantForm.US, 42).withDevices(200))) {
            List<AppRow> rows = simulator.fleet().rows();

            assertThat(rows.size()).isBetween(200 * 72 / 100 * 135, 200 * 72 / 100 * 165 + 60 * 40);
            assertThat(rows).extracting(row -> row.app().bundleId()).contains(null, "", "No value");
            assertThat(rows).extracting(row -> row.app().name()).containsNull();
            assertThat(rows)
                    .extracting(row -> row.app().name())
                    .contains("Google Chrome Helper (Renderer)", "Microsoft AutoUpdate", "UPDATER", "Übersicht", "微信");
            assertThat(rows.stream().anyMatch(SeededFleetTest::hasASecondVersion))
                    .isTrue();
            assertThat(straddling(rows))
                    .as("devices whose rows lie on several pages")
                    .isNotEmpty();
        }
    }

    private static boolean hasASecondVersion(AppRow row) {
        return row.device().rows().stream()
                .anyMatch(other -> other != row
                        && Objects.equals(other.app().bundleId(), row.app().bundleId())
                        && Objects.equals(other.app().name(), row.app().name())
                        && !Objects.equals(other.app().version(), row.app().version()));
    }

    /** Devices on the first page that are on the last one too. */
    private static Set<Device> straddling(List<AppRow> rows) {
        Set<Device> both = rows.subList(0, 300).stream().map(AppRow::device).collect(Collectors.toSet());
        both.retainAll(rows.subList(rows.size() - 300, rows.size()).stream()
                .map(AppRow::device)
                .collect(Collectors.toSet()));
        return both;
    }

    /** Otherwise two devices of one user could disagree about an app, and the truth would depend on who looked when. */
    @Test
    void oneBundleIdHasOnePublisherAndOneUnsuppressedName() {
        try (var simulator = KandjiSimulator.start(tenant(TenantForm.US, 7).withDevices(300))) {
            simulator.day().rest();
            var words = simulator.fleet().rows().stream()
                    .map(AppRow::app)
                    .filter(app -> app.bundleId() != null && app.bundleId().contains("."))
                    .filter(app -> app.name() == null
                            || !app.name().toLowerCase(Locale.ROOT).matches(".*(helper|updater).*"))
                    .collect(Collectors.groupingBy(
                            app -> app.bundleId(),
                            Collectors.mapping(app -> app.name() + app.publisher(), Collectors.toSet())));

            assertThat(words).isNotEmpty().allSatisfy((bundleId, variants) -> assertThat(variants)
                    .as(bundleId)
                    .hasSize(1));
        }
    }
}
