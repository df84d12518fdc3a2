package dev.kandjistream.simulator;

import static dev.kandjistream.simulator.ApiClient.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /prism/apps} and {@code /prism/count} over hand-made fleets. */
class PrismAppsApiTest {
    private static final App FIGMA = App.mac("Figma", "com.figma.Desktop", "125.9.10");

    private KandjiSimulator simulator;

    private ApiClient start(Tenant tenant) {
        simulator = KandjiSimulator.start(tenant.withDevices(0));
        return new ApiClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    /** Devices with rows named a0, a1, ... on the first, b0, ... on the second. */
    private void rows(int... perDevice) {
        for (int d = 0; d < perDevice.length; d++) {
            var apps = new ArrayList<App>();
            for (int i = 0; i < perDevice[d]; i++) {
                String name = (char) ('a' + d) + "" + i;
                apps.add(App.mac(name, "com.example." + name, "1." + i));
            }
            simulator.fleet().enrol(Enrolment.of(Platform.MAC, "S" + d, "d").with(apps.toArray(App[]::new)));
        }
    }

    private static List<String> names(JsonNode page) {
        return page.path("data").findValuesAsText("name");
    }

    @Test
    void aRowShowsTheLegacyUserIdDoubleUnderscoresAndOffsetTimes() {
        ApiClient api = start(Tenant.us("acme", 1));
        Person dana = simulator.fleet().hire("Dana Kim", "Dana@acme.example");
        Device device = simulator
                .fleet()
                .enrol(Enrolment.of(Platform.MAC, "C02", "Dana’s Mac")
                        .assignedTo(dana)
                        .with(FIGMA));

        assertThat(api.get("/prism/apps?limit=300&cursor=").body())
                .startsWith("{\"offset\":null,\"limit\":300,\"total\":1,\"data\":[{\"device_id\":\"" + device.id()
                        + "\",\"device__name\":\"Dana’s Mac\",\"device__family\":\"Mac\",\"device__user_id\":\"40101\","
                        + "\"device__user_name\":\"Dana Kim\",\"device__user_email\":\"Dana@acme.example\",")
                .contains(
                        "\"created_at\":\"2026-01-05T08:00:00.000000+00:00\"",
                        "\"last_collected_at\":\"2026-01-05T08:00:00.000000+00:00\"",
                        "\"last_changed_at\":null",
                        "\"name\":\"Figma\",\"bundle_id\":\"com.figma.Desktop\",\"version\":\"125.9.10\"",
                        "\"short_version\":\"125910\"",
                        "\"path\":\"/Applications/Figma.app\"",
                        "\"count\":null",
                        "\"tags\":null")
                .endsWith("}],\"cursor\":null}");
        assertThat(dana.id()).isNotEqualTo("40101");
    }

    @Test
    void theOlderFormShowsDeviceIdsInUpperCase() {
        ApiClient api = start(Tenant.eu("globex", 1));
        rows(1);
        String id = simulator.fleet().devices().get(0).id();

        assertThat(api.json("/prism/apps").at("/data/0/device_id").asText())
                .isEqualTo(id.toUpperCase(Locale.ROOT))
                .isNotEqualTo(id);
        assertThat(api.json("/devices").get(0).path("device_id").asText()).isEqualTo(id);
    }

    @Test
    void appleTvsAreOfFamilyTvOs() {
        ApiClient api = start(Tenant.us("acme", 1));
        simulator.fleet().enrol(Enrolment.of(Platform.APPLE_TV, "T", "tv").with(App.phone("Zoom", "us.zoom", "1")));
        rows(2);

        assertThat(names(api.json("/prism/apps?limit=300&device_families=tvOS")))
                .containsExactly("Zoom");
        assertThat(names(api.json("/prism/apps?limit=300&device_families=Mac,tvOS")))
                .hasSize(3);
        assertThat(api.get("/prism/apps?limit=300&device_families=AppleTV").statusCode())
                .isEqualTo(400);
    }

    @Test
    void withoutALimitThereAre25Rows() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(30);

        assertThat(api.json("/prism/apps").path("data")).hasSize(25);
        assertThat(api.json("/prism/apps").path("limit").asInt()).isEqualTo(25);
        assertThat(api.get("/prism/apps?limit=301").statusCode()).isEqualTo(400);
        assertThat(api.get("/prism/apps?limit=0").statusCode()).isEqualTo(400);
        assertThat(api.get("/prism/apps?limit=many").statusCode()).isEqualTo(400);
    }

    @Test
    void theNewerFormCountsOnceAndHasNoCursorOnALastFullPage() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(2, 2);

        JsonNode first = api.json("/prism/apps?limit=2&cursor=");
        JsonNode last = api.json(
                "/prism/apps?limit=2&cursor=" + encode(first.path("cursor").asText()));

        assertThat(first.path("total").asInt()).isEqualTo(4);
        assertThat(names(first)).containsExactly("a0", "a1");
        assertThat(last.path("total").isNull()).isTrue();
        assertThat(names(last)).containsExactly("b0", "b1");
        assertThat(last.path("cursor").isNull()).isTrue();
    }

    @Test
    void theOlderFormAlwaysCountsAndItsLastPageLeadsToAnEmptyOneWithoutCursor() {
        ApiClient api = start(Tenant.eu("globex", 1));
        rows(3);

        JsonNode first = api.json("/prism/apps?limit=2&cursor=");
        JsonNode second = api.json(
                "/prism/apps?limit=2&cursor=" + encode(first.path("cursor").asText()));
        JsonNode third = api.json(
                "/prism/apps?limit=2&cursor=" + encode(second.path("cursor").asText()));

        assertThat(names(second)).containsExactly("a2");
        assertThat(second.path("total").asInt()).isEqualTo(3);
        assertThat(third.path("data")).isEmpty();
        assertThat(third.path("total").asInt()).isEqualTo(3);
        assertThat(third.has("cursor")).isFalse();
        assertThat(api.json("/prism/apps?limit=2").has("cursor")).isFalse();
    }

    @Test
    void aCursorIsGoodForTheSameParametersAlone() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(5);

        String cursor = api.json("/prism/apps?limit=2&cursor=").path("cursor").asText();

        assertThat(cursor).contains("+", "/", "|", "=");
        assertThat(api.get("/prism/apps?cursor=" + encode(cursor) + "&limit=2").statusCode())
                .isEqualTo(200);
        assertThat(api.get("/prism/apps?limit=3&cursor=" + encode(cursor)).statusCode())
                .isEqualTo(400);
        assertThat(api.get("/prism/apps?limit=2&device_families=Mac&cursor=" + encode(cursor))
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.get("/prism/apps?limit=2&cursor=" + cursor.replace("|", "%7C"))
                        .statusCode())
                .as("a plus that is not encoded is a space")
                .isEqualTo(400);
        assertThat(api.json("/prism/apps?limit=2&cursor=rubbish").path("detail").asText())
                .isEqualTo("Invalid cursor");
    }

    @Test
    void sortingAndCursorsDoNotGoTogether() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(3);

        assertThat(api.get("/prism/apps?limit=2&cursor=&sort_by=name").statusCode())
                .isEqualTo(400);
        assertThat(names(api.json("/prism/apps?limit=2&sort_by=-name"))).containsExactly("a2", "a1");
    }

    @Test
    void offsetsGoPastTheEndWithoutError() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(3);

        JsonNode second = api.json("/prism/apps?limit=2&offset=2");
        assertThat(second.path("offset").asInt()).isEqualTo(2);
        assertThat(names(second)).containsExactly("a2");
        assertThat(second.path("total").asInt()).isEqualTo(3);
        assertThat(second.path("cursor").isNull()).isTrue();
        assertThat(api.json("/prism/apps?limit=2&offset=10").path("data")).isEmpty();
    }

    @Test
    void anEmptyTenantHasTotalZero() {
        assertThat(start(Tenant.us("acme", 1))
                        .get("/prism/apps?limit=300&cursor=")
                        .body())
                .isEqualTo("{\"offset\":null,\"limit\":300,\"total\":0,\"data\":[],\"cursor\":null}");
    }

    @Test
    void rowsStoredLaterComeLaterWhateverTheirDevice() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(2, 2);
        Device first = simulator.fleet().devices().get(0);
        simulator.fleet().install(first, App.mac("late", "com.example.late", "1"));

        assertThat(names(api.json("/prism/apps?limit=300"))).containsExactly("a0", "a1", "b0", "b1", "late");
    }

    @Test
    void filtersCompareAnyColumn() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(3);
        Device device = simulator.fleet().devices().get(0);
        ((StoryClock) simulator.tenant().clock()).advance(Duration.ofHours(1));
        simulator.fleet().update(device, App.mac("a1", "com.example.a1", "1.1"), "2.0");

        assertThat(filtered(api, "{\"name\":{\"in\":[\"a0\",\"a2\"]}}")).containsExactly("a0", "a2");
        assertThat(filtered(api, "{\"name\":{\"not_in\":[\"a0\"]}}")).containsExactly("a1", "a2");
        assertThat(filtered(api, "{\"bundle_id\":{\"like\":[\"ple.a2\",\"ple.a1\"]}}"))
                .containsExactly("a1", "a2");
        assertThat(filtered(api, "{\"name\":{\"not_like\":[\"0\",\"1\"]}}")).containsExactly("a2");
        assertThat(filtered(api, "{\"apple_scriptable\":{\"eq\":true}}")).isEmpty();
        assertThat(filtered(api, "{\"updated_at\":{\"gte\":\"2026-01-05T09:00:00.000Z\"}}"))
                .containsExactly("a1");
        assertThat(filtered(api, "{\"updated_at\":{\"lt\":\"2026-01-05T09:00:00.000Z\"},\"version\":{\"eq\":\"1.2\"}}"))
                .containsExactly("a2");
        assertThat(filtered(
                        api,
                        "{\"created_at\":{\"or\":{\"gt\":\"2026-01-05T08:00:00Z\",\"lt\":\"2026-01-05T08:00:00Z\"}}}"))
                .isEmpty();
    }

    @Test
    void aFilterOnATimeThatNeverWasDropsTheRow() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(2);

        assertThat(filtered(api, "{\"last_changed_at\":{\"gte\":\"2000-01-01T00:00:00.000Z\"}}"))
                .isEmpty();
    }

    @Test
    void badFiltersAreRefusedButTheOlderFormIgnoresUnknownColumns() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(1);

        assertThat(api.get("/prism/apps?filter=" + encode("{bad")).statusCode()).isEqualTo(400);
        assertThat(api.get("/prism/apps?filter=" + encode("{\"nope\":{\"eq\":1}}"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.get("/prism/apps?filter=" + encode("{\"device__family\":{\"eq\":\"Mac\"}}"))
                        .statusCode())
                .isEqualTo(400);

        simulator.close();
        api = start(Tenant.eu("globex", 1));
        rows(1);
        assertThat(filtered(api, "{\"nope\":{\"eq\":1}}")).containsExactly("a0");
    }

    private static List<String> filtered(ApiClient api, String filter) {
        return names(api.json("/prism/apps?limit=300&filter=" + encode(filter)));
    }

    @Test
    void theCountHasNoFilterAndOneCategory() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(3);

        assertThat(api.get("/prism/count?category=apps").body()).isEqualTo("{\"count\":3,\"approximate\":false}");
        var bad = api.get("/prism/count?category=some%20thing");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).isEqualTo("{\"detail\":\"Invalid category: some_thing\"}");
    }

    @Test
    void bothKindsOfNobodyOccur() {
        ApiClient api = start(Tenant.us("acme", 1));
        for (int i = 0; i < 20; i++) {
            simulator.fleet().enrol(Enrolment.of(Platform.MAC, "S" + i, "d").with(FIGMA));
        }

        var emails = new ArrayList<String>();
        api.json("/prism/apps?limit=300")
                .path("data")
                .forEach(row -> emails.add(row.path("device__user_email").toString()));

        assertThat(emails).contains("null", "\"\"");
    }

    @Test
    void rowsOfADeviceThatIsGoneCanLinger() {
        ApiClient api = start(Tenant.us("acme", 1));
        rows(2);
        Fleet fleet = simulator.fleet();
        Device device = fleet.devices().get(0);

        fleet.removeLeavingApps(device);
        assertThat(api.get("/devices").body()).isEqualTo("[]");
        assertThat(api.json("/prism/apps").path("data")).hasSize(2);

        fleet.remove(device);
        assertThat(api.json("/prism/apps").path("data")).isEmpty();
    }
}
