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
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.script.Change;
import dev.kandjistream.simulator.script.Played;
import dev.kandjistream.simulator.script.Script;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /prism/apps} tells of a change when it is asked for what is newer than the last time. */
class DeltaApiTest {
    private static final App FIGMA = App.mac("Figma", "com.figma.Desktop", "125");
    private static final App SLACK = App.mac("Slack", "com.slack", "4");

    private KandjiSimulator simulator;
    private ApiClient api;
    private Fleet fleet;
    private Device mac;
    private Device other;

    /** Two Macs with two apps each; an hour later. */
    @BeforeEach
    void start() {
        simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(0));
        api = new ApiClient(simulator);
        fleet = simulator.fleet();
        mac = fleet.enrol(Enrolment.of(Platform.MAC, "A", "a").with(FIGMA, SLACK));
        other = fleet.enrol(Enrolment.of(Platform.MAC, "B", "b").with(FIGMA, SLACK));
        advance(Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void advance(Duration by) {
        ((StoryClock) simulator.tenant().clock()).advance(by);
    }

    private static String since(String column, Instant from) {
        return "/prism/apps?limit=300&cursor=&filter="
                + encode("{\"" + column + "\":{\"gte\":\"" + from.truncatedTo(ChronoUnit.MILLIS) + "\"}}");
    }

    private List<String> names(String column) {
        return api.json(since(column, fleet.now())).path("data").findValuesAsText("name");
    }

    private Set<String> devices(String column) {
        return new HashSet<>(api.json(since(column, fleet.now())).path("data").findValuesAsText("device_id"));
    }

    @Test
    void anInstallAndAnUpdateShowTheirRowsAndTheDevicesCollection() {
        fleet.install(mac, App.mac("Arc", "com.arc", "1"));
        fleet.update(mac, SLACK, "5");

        assertThat(names("updated_at")).containsExactly("Slack", "Arc");
        assertThat(names("last_collected_at")).containsExactly("Figma", "Slack", "Arc");
        assertThat(names("last_changed_at")).as("a new row never changed").containsExactly("Slack");
    }

    @Test
    void aRemovalShowsInTheDevicesCollectionAlone() {
        fleet.uninstall(mac, SLACK);

        assertThat(names("updated_at")).isEmpty();
        assertThat(names("last_collected_at")).containsExactly("Figma");
        assertThat(devices("last_collected_at")).containsExactly(mac.id());
    }

    @Test
    void theLastAppsRemovalShowsNowhere() {
        fleet.uninstall(mac, SLACK);
        fleet.uninstall(mac, FIGMA);

        assertThat(devices("last_collected_at")).isEmpty();
    }

    @Test
    void aDeviceThatGoesShowsNowhere() {
        fleet.remove(mac);

        assertThat(devices("updated_at")).isEmpty();
        assertThat(devices("last_collected_at")).isEmpty();
    }

    @Test
    void anInventoryWithoutNewsMovesNoUpdatedAt() {
        fleet.collect(other);

        assertThat(devices("updated_at")).isEmpty();
        assertThat(devices("last_collected_at")).containsExactly(other.id());
    }

    @Test
    void aNewUserMovesNothing() {
        Person dana = fleet.hire("Dana", "dana@acme.example");
        fleet.assign(mac, dana);
        fleet.rename(mac, "Another");

        assertThat(devices("updated_at")).isEmpty();
        assertThat(devices("last_collected_at")).isEmpty();
    }

    /** The law the delta lane rests on, over scripts: whose rows are new or other is exactly who is shown. */
    @Property(tries = 5)
    void updatedAtShowsExactlyTheDevicesWithNewOrOtherRows(@ForAll long seed) {
        Tenant tenant =
                Tenant.us("acme", seed).withDevices(15).withAppsPerMac(12).withLimits(RateLimits.told());
        try (var played = KandjiSimulator.start(tenant)) {
            var client = new ApiClient(played);
            Script script = played.endless();
            for (int step = 0; step < 30; step++) {
                ((StoryClock) played.tenant().clock()).advance(Duration.ofSeconds(1));
                Instant mark = played.fleet().now();
                Map<String, Set<String>> before = rows(client);

                Played change = script.next().orElseThrow();

                var changed = new HashSet<String>();
                rows(client).forEach((id, rows) -> {
                    if (!before.getOrDefault(id, Set.of()).containsAll(rows)) {
                        changed.add(id);
                    }
                });
                var shown = new HashSet<>(
                        client.json(since("updated_at", mark)).path("data").findValuesAsText("device_id"));
                assertThat(shown).as(change.description()).isEqualTo(changed);
                if (change.change() == Change.UNINSTALL || change.change() == Change.UPDATE) {
                    assertThat(client.json(since("last_collected_at", mark))
                                    .path("data")
                                    .findValuesAsText("device_id"))
                            .as(change.description())
                            .containsOnly(change.deviceId());
                }
            }
        }
    }

    /** Device to what its rows say of the apps. */
    private static Map<String, Set<String>> rows(ApiClient client) {
        var rows = new HashMap<String, Set<String>>();
        for (JsonNode row : client.walkByCursor(300, "")) {
            rows.computeIfAbsent(row.path("device_id").asText(), id -> new HashSet<>())
                    .add(row.path("bundle_id") + " " + row.path("path") + " " + row.path("version") + " "
                            + row.path("name"));
        }
        return rows;
    }

    @Test
    void aFilterCanBeIgnoredWholly() {
        simulator.faults().on(Endpoint.PRISM_APPS).ignoredFilter();

        assertThat(names("updated_at")).hasSize(4);
        assertThat(api.get("/prism/apps?filter=" + encode("{bad")).statusCode()).isEqualTo(200);
    }

    @Test
    void aFilterCanBeIgnoredInSomeColumns() {
        fleet.update(mac, SLACK, "5");
        assertThat(names("last_collected_at")).hasSize(2);

        simulator.faults().on(Endpoint.PRISM_APPS).ignoredFilter("last_collected_at", "unheard_of");

        assertThat(names("last_collected_at")).hasSize(4);
        assertThat(names("unheard_of")).hasSize(4);
        assertThat(names("updated_at")).containsExactly("Slack");
        assertThat(api.get("/prism/apps?filter=" + encode("{\"nope\":{\"eq\":1}}"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFilterOfTheWrongShapeIsRefused() {
        for (String filter : List.of(
                "{bad",
                "[]",
                "\"updated_at\"",
                "{\"updated_at\":5}",
                "{\"updated_at\":{\"gte\":[]}}",
                "{\"updated_at\":{\"gte\":\"soon\"}}",
                "{\"updated_at\":{\"since\":\"2026-01-05T08:00:00Z\"}}")) {
            assertThat(api.get("/prism/apps?filter=" + encode(filter)).statusCode())
                    .as(filter)
                    .isEqualTo(400);
        }
    }
}
