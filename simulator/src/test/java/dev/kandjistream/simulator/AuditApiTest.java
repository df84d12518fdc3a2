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
import dev.kandjistream.simulator.http.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /audit/events}: which changes it tells, and how it is paged. */
class AuditApiTest {
    private KandjiSimulator simulator;
    private ApiClient api;
    private Fleet fleet;

    private void start(Tenant tenant) {
        simulator = KandjiSimulator.start(tenant);
        api = new ApiClient(simulator);
        fleet = simulator.fleet();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void advance(Duration by) {
        ((StoryClock) simulator.tenant().clock()).advance(by);
    }

    private Device enrol(String serial) {
        return fleet.enrol(Enrolment.of(Platform.MAC, serial, "Mac").with(App.mac("Figma", "com.figma", "1")));
    }

    /** One enrolment a minute from 08:00 on. */
    private List<String> enrolOneAMinute(int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(enrol("S" + i).id());
            advance(Duration.ofMinutes(1));
        }
        return ids;
    }

    private static List<String> targets(JsonNode page) {
        return page.path("results").findValuesAsText("target_id");
    }

    private List<String> told() {
        return StreamSupport.stream(
                        api.json("/audit/events?limit=500").path("results").spliterator(), false)
                .map(event -> event.path("action").asText() + " "
                        + event.path("target_type").asText() + " "
                        + event.path("target_component").asText() + " "
                        + event.path("target_id").asText())
                .toList();
    }

    @Test
    void aDevicesLifeIsTold() {
        start(Tenant.us("acme", 1).withDevices(0));
        Device device = enrol("C02");
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        fleet.assign(device, dana);
        fleet.unassign(device);
        Device anew = fleet.reenrol(device);
        fleet.markRemoved(anew);
        fleet.remove(anew);

        assertThat(told())
                .containsExactly(
                        "create device  " + device.id(),
                        "create user  " + dana.id(),
                        "update device user " + device.id(),
                        "update device user " + device.id(),
                        "delete device  " + device.id(),
                        "create device  " + anew.id(),
                        "update device mdm " + anew.id(),
                        "delete device  " + anew.id());
    }

    @Test
    void aDirectoryUsersChangesAreTold() {
        start(Tenant.us("acme", 1).withDevices(0));
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        fleet.hireWithoutId("Local", "local@acme.example");
        fleet.renameEmail(dana, "kim@acme.example");
        fleet.rename(dana, "Dana Berg");
        fleet.archive(dana);

        JsonNode events = api.json("/audit/events").path("results");

        assertThat(events.findValuesAsText("target_id")).hasSize(4).containsOnly(dana.id());
        assertThat(events.get(3).path("new_state"))
                .hasToString("{\"name\":\"Dana Berg\",\"email\":\"kim@acme.example\",\"archived\":true}");
    }

    @Test
    void appsInventoriesAndNamesAreNotTold() {
        start(Tenant.us("acme", 1).withDevices(0));
        Device device = enrol("C02");
        fleet.install(device, App.mac("Slack", "com.slack", "4"));
        fleet.update(device, App.mac("Figma", "com.figma", "1"), "2");
        fleet.uninstall(device, App.mac("Slack", "com.slack", "4"));
        fleet.collect(device);
        fleet.checkIn(device);
        fleet.miss(device);
        fleet.rename(device, "Another");

        assertThat(told()).containsExactly("create device  " + device.id());
    }

    @Test
    void aDeviceWhoseAppsLingerIsDeletedOnce() {
        start(Tenant.us("acme", 1).withDevices(0));
        Device device = enrol("C02");
        fleet.removeLeavingApps(device);
        fleet.remove(device);

        assertThat(told()).containsExactly("create device  " + device.id(), "delete device  " + device.id());
    }

    @Test
    void howTheFleetWasSeededIsNotTold() {
        start(Tenant.us("acme", 1).withDevices(20).withAppsPerMac(5));

        assertThat(api.get("/audit/events").body()).isEqualTo("{\"results\":[],\"previous\":null,\"next\":null}");
    }

    @Test
    void anEventHasAUlidAndItsMoment() {
        start(Tenant.us("acme", 1).withDevices(0));
        Device device = enrol("C02");

        JsonNode event = api.json("/audit/events").at("/results/0");

        // 2026-01-05T08:00:00Z is 1767600000000 ms: 01KE6JQ300 in Crockford's base 32.
        assertThat(event.path("id").asText()).matches("01KE6JQ300[0-9A-HJKMNP-TV-Z]{16}");
        assertThat(event.toString())
                .isEqualTo(
                        "{\"id\":\"" + event.path("id").asText()
                                + "\",\"action\":\"create\",\"occurred_at\":\"2026-01-05T08:00:00.000000Z\",\"actor_id\":\"\","
                                + "\"actor_type\":\"system\",\"target_id\":\"" + device.id()
                                + "\",\"target_type\":\"device\",\"target_component\":\"\","
                                + "\"new_state\":{\"serial_number\":\"C02\",\"platform\":\"Mac\",\"user_id\":null},\"metadata\":null}");
    }

    @Test
    void theOlderFormHasNullForNothing() {
        start(Tenant.eu("globex", 1).withDevices(0));
        enrol("C02");

        JsonNode event = api.json("/audit/events").at("/results/0");

        assertThat(event.path("target_component").isNull()).isTrue();
        assertThat(event.path("actor_id").isNull()).isTrue();
    }

    @Test
    void pagesAreLinkedOnTheApisHost() {
        start(Tenant.us("acme", 1).withDevices(0));
        List<String> devices = enrolOneAMinute(5);

        JsonNode first = api.json("/audit/events?limit=2&start_date=2026-01-01");
        String next = first.path("next").asText();
        assertThat(targets(first)).isEqualTo(devices.subList(0, 2));
        assertThat(next)
                .startsWith(simulator.url() + "/api/v1/audit/events?")
                .contains("limit=2", "start_date=2026-01-01", "cursor=", "%3D");
        JsonNode second = follow(next);
        assertThat(targets(second)).isEqualTo(devices.subList(2, 4));
        JsonNode third = follow(second.path("next").asText());
        assertThat(targets(third)).isEqualTo(devices.subList(4, 5));
        assertThat(third.path("next").isNull()).isTrue();
    }

    private JsonNode follow(String url) {
        return ApiClient.json(ApiClient.fetch(url, simulator.token()));
    }

    @Test
    void aKeptCursorGoesOnWithWhatCameSince() {
        start(Tenant.us("acme", 1).withDevices(0));
        enrolOneAMinute(3);
        String next = api.json("/audit/events?limit=2").path("next").asText();
        fleet.remove(fleet.devices().get(2));

        assertThat(follow(next).path("results").findValuesAsText("action")).containsExactly("create", "delete");
    }

    @Test
    void theOrderIsByMomentOrIdEitherWay() {
        start(Tenant.us("acme", 1).withDevices(0));
        List<String> devices = enrolOneAMinute(3);

        assertThat(targets(api.json("/audit/events?sort_by=occurred_at"))).isEqualTo(devices);
        assertThat(targets(api.json("/audit/events?sort_by=-occurred_at&limit=2")))
                .containsExactly(devices.get(2), devices.get(1));
        assertThat(api.json("/audit/events?sort_by=id").path("results").findValuesAsText("id"))
                .isSorted();
        assertThat(targets(api.json("/audit/events?sort_by=-id"))).startsWith(devices.get(2));
    }

    @Test
    void idsOfOneMomentAreInNoOrder() {
        start(Tenant.us("acme", 1).withDevices(0));
        for (int i = 0; i < 20; i++) {
            enrol("S" + i);
        }

        List<String> ids = api.json("/audit/events").path("results").findValuesAsText("id");

        assertThat(ids)
                .doesNotHaveDuplicates()
                .isNotEqualTo(ids.stream().sorted().toList());
    }

    @Test
    void datesBoundTheHistoryBothEndsIncluded() {
        start(Tenant.us("acme", 1).withDevices(0));
        List<String> devices = enrolOneAMinute(4);

        assertThat(targets(api.json("/audit/events?start_date=2026-01-05T08:01:00Z&end_date="
                        + encode("2026-01-05T09:02:00+01:00"))))
                .isEqualTo(devices.subList(1, 3));
        assertThat(targets(api.json("/audit/events?start_date=2026-01-05&end_date=2026-01-05")))
                .isEqualTo(devices);
        assertThat(targets(api.json("/audit/events?end_date=2026-01-04"))).isEmpty();
        assertThat(targets(api.json("/audit/events?start_date=2026-01-06"))).isEmpty();
    }

    @Test
    void theHistoryGoesAYearBack() {
        start(Tenant.us("acme", 1).withDevices(0));
        enrolOneAMinute(1);
        advance(Duration.ofDays(365));

        assertThat(told()).isEmpty();
    }

    @Test
    void whatIsAskedWronglyIsRefused() {
        start(Tenant.us("acme", 1).withDevices(0));

        assertThat(api.get("/audit/events?limit=500").statusCode()).isEqualTo(200);
        for (String query :
                List.of("limit=501", "limit=0", "sort_by=action", "start_date=yesterday", "cursor=rubbish")) {
            assertThat(api.get("/audit/events?" + query).statusCode()).as(query).isEqualTo(400);
        }
    }

    @Test
    void itIsPermittedForItself() {
        start(Tenant.us("acme", 1).withDevices(0));
        simulator.access().permit(Set.of(Endpoint.DEVICES));

        assertThat(api.get("/audit/events").statusCode()).isEqualTo(403);
    }

    @Test
    void theSameDayHasTheSameHistory() {
        start(Tenant.us("acme", 3).withDevices(20).withAppsPerMac(10));
        simulator.day().rest();
        String history = api.get("/audit/events?limit=500").body();
        simulator.close();

        start(Tenant.us("acme", 3).withDevices(20).withAppsPerMac(10));
        simulator.day().rest();
        assertThat(api.get("/audit/events?limit=500").body()).isEqualTo(history);
        assertThat(ApiClient.json(api.get("/audit/events?limit=500")).path("results"))
                .hasSizeGreaterThan(10);
    }
}
