package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.Effect;
import dev.kandjistream.simulator.http.Endpoint;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can go wrong with exports, their files and the audit history. */
class ExportFaultsTest {
    private static final String ALL = "{\"category\":\"apps\"}";

    private KandjiSimulator simulator;
    private ApiClient api;

    /** Five Macs of one app row each, app names 0 to 4. */
    @BeforeEach
    void start() {
        simulator = KandjiSimulator.start(Tenant.us("acme", 1).withDevices(0));
        api = new ApiClient(simulator);
        simulator.exports().pendingFor(0);
        for (int i = 0; i < 5; i++) {
            var person = simulator.fleet().hire("P" + i, "p" + i + "@acme.example");
            simulator
                    .fleet()
                    .enrol(Enrolment.of(Platform.MAC, "" + i, "d" + i)
                            .assignedTo(person)
                            .with(App.mac("" + i, "com.example." + i, "1")));
        }
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private String begin() {
        return ApiClient.json(api.post("/prism/export", ALL)).path("id").asText();
    }

    private JsonNode look(String id) {
        return api.json("/prism/export/" + id);
    }

    private String link() {
        return look(begin()).path("signed_url").asText();
    }

    private static HttpResponse<String> fetch(String link) {
        return ApiClient.fetch(link, null);
    }

    private static List<String> column(String name, HttpResponse<String> file) {
        return PlainCsv.read(file.body()).stream().map(row -> row.get(name)).toList();
    }

    @Test
    void theRequestAndTheLookCanFailEachForItself() {
        simulator.faults().on(Endpoint.PRISM_EXPORT).times(1).status(503);
        assertThat(api.post("/prism/export", ALL).statusCode()).isEqualTo(503);
        String id = begin();
        simulator.faults().on(Endpoint.PRISM_EXPORT_STATUS).times(1).status(502);
        assertThat(api.get("/prism/export/" + id).statusCode()).isEqualTo(502);
        assertThat(look(id).path("status").asText()).isEqualTo("success");
    }

    @Test
    void anExportCanEndInFailure() {
        simulator.faults().on(Endpoint.PRISM_EXPORT).times(1).failedExport("Out of memory");
        simulator.exports().pendingFor(1);
        String id = begin();

        assertThat(look(id).path("error_msg").isNull()).isTrue();
        JsonNode failed = look(id);
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.path("error_msg").asText()).isEqualTo("Out of memory");
        assertThat(failed.path("signed_url").isNull()).isTrue();
        assertThat(failed.path("path").isNull()).isTrue();
    }

    @Test
    void theWordOfAFailureCanBeAnyOther() {
        simulator.faults().on(Endpoint.PRISM_EXPORT).with(new Effect.FailedExport("error", "?"));

        assertThat(look(begin()).path("status").asText()).isEqualTo("error");
    }

    @Test
    void anExportCanBePendingAsLongAsWished() {
        simulator.faults().on(Endpoint.PRISM_EXPORT_STATUS).times(2).pendingExport();
        String id = begin();

        assertThat(List.of(status(id), status(id), status(id))).containsExactly("pending", "pending", "success");
    }

    private String status(String id) {
        return look(id).path("status").asText();
    }

    @Test
    void theBodyMayLackItsId() {
        simulator.faults().on(Endpoint.PRISM_EXPORT_STATUS).unnamedExport();

        JsonNode body = look(begin());

        assertThat(body.has("id")).isFalse();
        assertThat(body.path("status").asText()).isEqualTo("success");
    }

    @Test
    void theRowsMayBeFewerNoneOrWithoutUsers() {
        simulator.faults().on(Endpoint.PRISM_EXPORT).times(1).shortPage(2);
        assertThat(column("name", fetch(link()))).containsExactly("0", "1");
        simulator.faults().on(Endpoint.PRISM_EXPORT).times(1).emptyFleet();
        assertThat(column("name", fetch(link()))).isEmpty();
        simulator.faults().on(Endpoint.PRISM_EXPORT).times(1).noUsers();
        assertThat(column("device__user_email", fetch(link()))).containsOnly("");
        assertThat(column("device__user_email", fetch(link()))).contains("p0@acme.example");
    }

    @Test
    void anExportsFilterCanBeIgnored() {
        simulator.faults().on(Endpoint.PRISM_EXPORT).ignoredFilter();
        String id = ApiClient.json(
                        api.post("/prism/export", "{\"category\":\"apps\",\"filter\":{\"name\":{\"eq\":\"3\"}}}"))
                .path("id")
                .asText();

        assertThat(column("name", fetch(look(id).path("signed_url").asText()))).hasSize(5);
    }

    @Test
    void aFileCanExpireEarlyFailOrBeAPage() {
        String link = link();
        simulator.faults().on(Endpoint.EXPORT_FILE).times(1).expiredLink();
        assertThat(fetch(link).body()).contains("<Message>Request has expired</Message>");
        simulator.faults().on(Endpoint.EXPORT_FILE).times(1).status(503);
        assertThat(fetch(link).body()).contains("<Code>SlowDown</Code>");
        simulator.faults().on(Endpoint.EXPORT_FILE).times(1).html();
        assertThat(fetch(link).headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
        assertThat(fetch(link).statusCode()).isEqualTo(200);
    }

    @Test
    void aFileCanBeCutOrMissing() {
        String link = link();
        simulator.faults().on(Endpoint.EXPORT_FILE).times(1).cutBody();
        assertThatThrownBy(() -> fetch(link)).hasCauseInstanceOf(IOException.class);
        simulator.faults().on(Endpoint.EXPORT_FILE).times(2).hangUp();
        assertThatThrownBy(() -> fetch(link)).hasCauseInstanceOf(IOException.class);
        assertThat(simulator.requests().count(Endpoint.EXPORT_FILE, 0)).isPositive();
    }

    @Test
    void aFileCanBeSlowAndIsWholeAllTheSame() {
        String link = link();
        String whole = fetch(link).body();
        int pieces = whole.getBytes(StandardCharsets.UTF_8).length / 500;
        simulator.faults().on(Endpoint.EXPORT_FILE).slowBody(500, Duration.ofMillis(20));

        long start = System.nanoTime();
        assertThat(fetch(link).body()).isEqualTo(whole);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(20L * pieces));
    }

    @Test
    void aPageCanBeSlowToo() {
        simulator.faults().on(Endpoint.DEVICES).slowBody(1000, Duration.ofMillis(5));

        assertThat(api.json("/devices")).hasSize(5);
    }

    @Test
    void aFileCanBeHugeWithoutSayingSo() {
        String link = link();
        String whole = fetch(link).body();
        simulator.faults().on(Endpoint.EXPORT_FILE).hugeFile(3_000_000);

        var huge = fetch(link);

        assertThat(huge.headers().firstValue("Content-Length")).isEmpty();
        assertThat(huge.body().getBytes(StandardCharsets.UTF_8)).hasSize(3_000_000);
        String last = whole.substring(whole.lastIndexOf("\r\n", whole.length() - 3) + 2);
        assertThat(huge.body()).startsWith(whole + last + last);
    }

    @Test
    void theAuditHistorysPagesCanGoWrongAsOthersDo() {
        simulator.faults().on(Endpoint.AUDIT).times(1).status(500);
        assertThat(api.get("/audit/events").statusCode()).isEqualTo(500);
        simulator.faults().on(Endpoint.AUDIT).times(1).emptyPage();
        assertThat(api.get("/audit/events?limit=2").body())
                .isEqualTo("{\"results\":[],\"previous\":null,\"next\":null}");
        simulator.faults().on(Endpoint.AUDIT).times(1).noCursor();
        assertThat(api.json("/audit/events?limit=2").path("next").isNull()).isTrue();
        simulator.faults().on(Endpoint.AUDIT).times(1).foreignNext();
        assertThat(api.json("/audit/events?limit=2").path("next").asText())
                .startsWith("https://elsewhere.invalid/api/v1/audit/events?");
    }

    @Test
    void anAuditCursorCanRepeatOrExpire() {
        String second = api.json("/audit/events?limit=2").path("next").asText();
        simulator.faults().on(Endpoint.AUDIT).times(1).repeatedCursor();
        assertThat(ApiClient.json(ApiClient.fetch(second, simulator.token()))
                        .path("next")
                        .asText())
                .isEqualTo(second);
        simulator.faults().on(Endpoint.AUDIT).expiredCursor();
        assertThat(ApiClient.fetch(second, simulator.token()).statusCode()).isEqualTo(400);
        assertThat(api.get("/audit/events?limit=2").statusCode()).isEqualTo(200);
    }

    private void rowFault(String json) {
        assertThat(api.send("POST", "/simulator/faults", null, json).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFieldThatAllRowsLoseIsAMissingColumnAndElseEmpty() {
        rowFault("{\"effect\":\"lose\",\"field\":\"bundle_id\"}");
        rowFault("{\"effect\":\"lose\",\"field\":\"version\",\"serials\":[\"2\"]}");
        rowFault("{\"effect\":\"twice\",\"field\":\"name\"}");
        rowFault("{\"effect\":\"rename\",\"field\":\"path\",\"to\":\"app_path\"}");

        var file = fetch(link());
        assertThat(file.body().lines().findFirst().orElseThrow().split(","))
                .contains("version", "app_path")
                .doesNotContain("bundle_id", "path");
        assertThat(column("version", file)).containsExactly("1", "1", "", "1", "1");
        assertThat(column("name", file)).containsExactly("0", "1", "2", "3", "4");
        assertThat(file.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isEqualTo(file.body().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void anExportWithAFaultInOneRowIsElseTheSame() {
        var before = PlainCsv.read(fetch(link()).body());
        rowFault("{\"effect\":\"set\",\"field\":\"name\",\"to\":\"other\",\"serials\":[\"2\"]}");

        var after = PlainCsv.read(fetch(link()).body());
        assertThat(after.get(2)).containsEntry("name", "other");
        assertThat(after.remove(2)).isNotEqualTo(before.remove(2));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void anExportCanLackDevicesAndRows() {
        rowFault("{\"effect\":\"drop\",\"serials\":[\"1\"]}");
        rowFault("{\"effect\":\"partial-apps\",\"rows\":0,\"serials\":[\"3\"]}");

        assertThat(column("name", fetch(link()))).containsExactly("0", "2", "4");
    }
}
