package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hand-made fleets, seen through {@code /devices} and its neighbours as the facts sheet describes them. */
class DevicesApiTest {
    private KandjiSimulator simulator;

    private ApiClient start(Tenant tenant) {
        simulator = KandjiSimulator.start(tenant.withDevices(0));
        return new ApiClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private Device enrol(Platform platform, String serial) {
        return simulator.fleet().enrol(Enrolment.of(platform, serial, serial + "’s " + platform.word()));
    }

    @Test
    void aRowOfTheNewerFormHasAllFieldsInItsOwnFormats() {
        ApiClient api = start(Tenant.us("acme", 1));
        Person dana = simulator.fleet().hire("Dana Kim", "Dana.Kim@Acme.example");
        Device device = simulator
                .fleet()
                .enrol(Enrolment.of(Platform.MAC, "C02AB12", "Dana’s Mac").assignedTo(dana));
        simulator.fleet().checkIn(device);

        assertThat(api.get("/devices?limit=300").body())
                .isEqualTo("[{\"device_id\":\"" + device.id() + "\",\"device_name\":\"Dana’s Mac\","
                        + "\"model\":\"MacBook Air (M2, 2022)\",\"serial_number\":\"C02AB12\",\"platform\":\"Mac\","
                        + "\"os_version\":\"15.6\",\"supplemental_build_version\":\"\",\"supplemental_os_version_extra\":\"\","
                        + "\"last_check_in\":\"2026-01-05T08:00:00.000000Z\",\"user\":{\"email\":\"Dana.Kim@Acme.example\","
                        + "\"name\":\"Dana Kim\",\"id\":\"" + dana.id()
                        + "\",\"is_archived\":false},\"asset_tag\":\"\","
                        + "\"blueprint_id\":\"0f3c2f7e-52a4-4e0b-9a55-6d2a3f1b7c01\",\"mdm_enabled\":true,"
                        + "\"agent_installed\":true,\"is_missing\":false,\"is_removed\":false,"
                        + "\"agent_version\":\"4.8.0 (5400)\",\"first_enrollment\":\"2026-01-05 08:00:00+00:00\","
                        + "\"last_enrollment\":\"2026-01-05 08:00:00+00:00\",\"blueprint_name\":\"Everybody\","
                        + "\"lost_mode_status\":\"\",\"tags\":[]}]");
        assertThat(dana.id()).matches("[0-9a-f-]{36}");
    }

    @Test
    void theOlderFormHasNumericUserIdsAndFewerFields() {
        ApiClient api = start(Tenant.eu("globex", 1));
        Person dana = simulator.fleet().hire("Dana Kim", "dana@globex.example");
        simulator.fleet().archive(dana);
        simulator.fleet().enrol(Enrolment.of(Platform.IPHONE, "F17", "Phone").assignedTo(dana));

        JsonNode row = api.json("/devices?limit=300").get(0);

        assertThat(row.at("/user/id").isNumber()).isTrue();
        assertThat(row.at("/user/id").asText()).isEqualTo(dana.id());
        assertThat(row.at("/user/is_archived").asBoolean()).isTrue();
        assertThat(row.has("tags")).isFalse();
        assertThat(row.has("lost_mode_status")).isFalse();
        assertThat(row.has("supplemental_build_version")).isFalse();
    }

    @Test
    void nobodyIsAnEmptyText() {
        ApiClient api = start(Tenant.us("acme", 1));
        enrol(Platform.MAC, "A1");

        assertThat(api.json("/devices").get(0).get("user").isTextual()).isTrue();
        assertThat(api.json("/devices").get(0).get("user").asText()).isEmpty();
    }

    @Test
    void aSerialNumberIsLookedUpByPartOfIt() {
        ApiClient api = start(Tenant.us("acme", 1));
        enrol(Platform.MAC, "XAB12Y");
        enrol(Platform.MAC, "AB12");
        enrol(Platform.MAC, "ZZZ");

        assertThat(api.json("/devices?serial_number=ab12").findValuesAsText("serial_number"))
                .containsExactly("XAB12Y", "AB12");
        assertThat(api.json("/devices?serial_number=nothing")).isEmpty();
    }

    @Test
    void exactFiltersAreExactAndUnknownParametersDoNothing() {
        ApiClient api = start(Tenant.us("acme", 1));
        Fleet fleet = simulator.fleet();
        Person dana = fleet.hire("Dana Kim", "Dana@acme.example");
        Person danaToo = fleet.hire("Dana Kim", "yet.dana@acme.example");
        fleet.enrol(Enrolment.of(Platform.MAC, "A1", "a").assignedTo(dana));
        fleet.enrol(Enrolment.of(Platform.IPAD, "A2", "b").assignedTo(danaToo));

        assertThat(api.json("/devices?user_email=dana@acme.example")).hasSize(2);
        assertThat(api.json("/devices?user_email_exact=dana@acme.example")).hasSize(1);
        assertThat(api.json("/devices?user_id=" + danaToo.id()).findValuesAsText("serial_number"))
                .containsExactly("A2");
        assertThat(api.json("/devices?platform=iPad")).hasSize(1);
        assertThat(api.json("/devices?sort=serial_number&whatever=1")).hasSize(2);
    }

    @Test
    void orderingTakesAListWithReversals() {
        ApiClient api = start(Tenant.us("acme", 1));
        enrol(Platform.MAC, "B");
        enrol(Platform.IPAD, "A");
        enrol(Platform.MAC, "C");

        assertThat(api.json("/devices?ordering=serial_number").findValuesAsText("serial_number"))
                .containsExactly("A", "B", "C");
        assertThat(api.json("/devices?ordering=-platform,-serial_number").findValuesAsText("serial_number"))
                .containsExactly("A", "C", "B");
    }

    @Test
    void pagesGoOnUntilAnEmptyOneAndLongLimitsAreCut() {
        ApiClient api = start(Tenant.us("acme", 1));
        for (int i = 0; i < 301; i++) {
            enrol(Platform.IPAD, "S" + i);
        }

        assertThat(api.json("/devices")).hasSize(300);
        assertThat(api.json("/devices?limit=1000")).hasSize(300);
        assertThat(api.json("/devices?limit=300&offset=300")).hasSize(1);
        assertThat(api.get("/devices?limit=300&offset=600").body()).isEqualTo("[]");
    }

    @Test
    void theOlderFormTellsTotalsAndLinksToNone() {
        ApiClient api = start(Tenant.eu("globex", 1));
        for (int i = 0; i < 5; i++) {
            enrol(Platform.IPAD, "S" + i);
        }

        var all = api.get("/devices?limit=300").headers();
        assertThat(all.firstValue("X-Total-Count")).contains("5");
        assertThat(all.firstValue("X-Total-Pages")).contains("1");
        assertThat(all.firstValue("Link")).contains("<None>; rel=\"next\", <None>; rel=\"prev\"");

        var middle = api.get("/devices?limit=2&offset=2").headers();
        assertThat(middle.firstValue("Link"))
                .contains("<" + simulator.url() + "/api/v1/devices?limit=2&offset=4>; rel=\"next\", <" + simulator.url()
                        + "/api/v1/devices?limit=2&offset=0>; rel=\"prev\"");

        var beyond = api.get("/devices?limit=2&offset=100").headers();
        assertThat(beyond.firstValue("X-Total-Count")).contains("5");
        assertThat(beyond.map()).doesNotContainKey("x-ratelimit-limit-hour");
    }

    @Test
    void theNewerFormTellsNoTotals() {
        ApiClient api = start(Tenant.us("acme", 1));
        enrol(Platform.MAC, "A");

        assertThat(api.get("/devices").headers().map()).doesNotContainKeys("x-total-count", "link");
    }

    @Test
    void oneDeviceIsTheSameRowAsInTheListAndGoneIsNotFound() {
        ApiClient api = start(Tenant.us("acme", 1));
        Device device = enrol(Platform.MAC, "A");

        assertThat(api.json("/devices/" + device.id()))
                .isEqualTo(api.json("/devices").get(0));
        simulator.fleet().remove(device);
        var gone = api.get("/devices/" + device.id());
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).isEqualTo("{\"detail\":\"Not found.\"}");
    }

    @Test
    void theOlderFormAnswersNotFoundWithAPage() {
        var gone = start(Tenant.eu("globex", 1)).get("/devices/none");

        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    }

    @Test
    void appsOfOneDeviceAreAllText() {
        ApiClient api = start(Tenant.us("acme", 1));
        Device device = simulator
                .fleet()
                .enrol(Enrolment.of(Platform.MAC, "A", "a")
                        .with(App.mac("Figma", "com.figma.Desktop", "125.9"), App.mac("Tool", "No value", "1")));

        var answer = api.get("/devices/" + device.id() + "/apps");
        JsonNode json = ApiClient.json(answer);
        var kinds = new ArrayList<Boolean>();
        json.path("apps").forEach(app -> app.forEach(value -> kinds.add(value.isTextual())));

        assertThat(json.path("device_id").asText()).isEqualTo(device.id());
        assertThat(json.findValuesAsText("app_name")).containsExactly("Figma", "Tool");
        assertThat(json.findValuesAsText("bundle_id")).containsExactly("com.figma.Desktop", "No value");
        assertThat(json.findValuesAsText("app_id")).containsExactly("1", "2");
        assertThat(kinds).containsOnly(true);
        assertThat(answer.headers().firstValue("X-Total-Count")).contains("2");
    }

    @Test
    void licensingCountsPlatformsAndComputersAreAllOfThem() {
        ApiClient api = start(Tenant.us("acme", 1));
        List.of(Platform.MAC, Platform.MAC, Platform.IPHONE, Platform.APPLE_TV)
                .forEach(platform -> enrol(platform, platform.word()));

        JsonNode licensing = api.json("/settings/licensing");

        assertThat(licensing.at("/counts/computers_count").asInt()).isEqualTo(4);
        assertThat(licensing.at("/counts/macos_count").asInt()).isEqualTo(2);
        assertThat(licensing.at("/counts/tvos_count").asInt()).isEqualTo(1);
        assertThat(licensing.path("tenantOverLicenseLimit").isBoolean()).isTrue();
    }

    @Test
    void aMixedTenantShowsOtherPlatformsFieldsOnAllRows() {
        ApiClient api = start(Tenant.us("acme", 1));
        enrol(Platform.MAC, "A");
        assertThat(api.json("/devices").get(0).has("windows_edition")).isFalse();

        enrol(Platform.ANDROID, "B");

        assertThat(api.json("/devices").findValuesAsText("windows_edition")).containsExactly("", "");
    }

    @Test
    void aDeviceThatNeverCheckedInHasAnEmptyDate() {
        simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(40).withAppsPerMac(1));

        assertThat(new ApiClient(simulator).json("/devices").findValuesAsText("last_check_in"))
                .contains("");
    }
}
