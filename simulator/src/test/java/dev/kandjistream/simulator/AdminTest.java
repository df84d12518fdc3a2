package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The simulator's own HTTP paths, beside the API and without a token. */
class AdminTest {
    private final KandjiSimulator simulator =
            KandjiSimulator.start(Tenant.us("acme", 3).withDevices(30).withAppsPerMac(20));
    private final ApiClient api = new ApiClient(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return api.send(method, "/simulator" + path, null, body);
    }

    @Test
    void faultsGoOnAndOff() {
        var standing = send(
                "POST",
                "/faults",
                "{\"endpoints\":[\"prism-apps\"],\"after\":1,\"times\":2,\"effect\":\"status\",\"status\":502}");
        assertThat(standing.body()).contains("Status[status=502", "on prism-apps, after 1 requests, for 2 requests");
        assertThat(api.get("/prism/apps").statusCode()).isEqualTo(200);
        assertThat(api.get("/prism/apps").statusCode()).isEqualTo(502);

        send("DELETE", "/faults", "");

        assertThat(api.get("/prism/apps").statusCode()).isEqualTo(200);
    }

    @Test
    void everyEffectHasItsWord() {
        for (String effect : new String[] {
            "\"delay\",\"millis\":1",
            "\"hang-up\"",
            "\"cut-body\"",
            "\"html\"",
            "\"empty-page\"",
            "\"short-page\",\"rows\":1",
            "\"capped-page\",\"rows\":1",
            "\"empty-fleet\"",
            "\"no-users\"",
            "\"repeated-cursor\"",
            "\"expired-cursor\"",
            "\"no-cursor\"",
            "\"shift\",\"rows\":-1",
            "\"total\",\"total\":null",
            "\"ignored-filter\",\"columns\":[\"updated_at\"]",
            "\"foreign-next\"",
            "\"slow-body\",\"bytes\":1000,\"millis\":1",
            "\"failed-export\",\"error_msg\":\"no\"",
            "\"pending-export\"",
            "\"unnamed-export\"",
            "\"expired-link\"",
            "\"huge-file\",\"bytes\":1000"
        }) {
            assertThat(send("POST", "/faults", "{\"effect\":" + effect + "}").statusCode())
                    .as(effect)
                    .isEqualTo(200);
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(send("POST", "/faults", "{\"effect\":\"flood\"}").body())
                .contains("No such effect: flood; expected one of [status, delay, ");
        assertThat(send("POST", "/faults", "{\"effect\":\"status\"}").body()).contains("whole number");
        assertThat(send("POST", "/faults", "{\"endpoints\":[\"x\"],\"effect\":\"html\"}")
                        .body())
                .contains("No such endpoint: x; expected one of");
        assertThat(send("POST", "/faults", "{").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/nothing", "").body()).contains("GET /simulator lists them");
        assertThat(send("POST", "/changes", "{\"change\":\"explode\"}").body())
                .contains("No such change: explode; expected one of [ENROL, ASSIGN");
    }

    @Test
    void everyRouteItTellsIsThere() {
        JsonNode told = ApiClient.json(send("GET", "", ""));
        assertThat(told.path("tenant").asText()).isEqualTo("acme");
        assertThat(told.path("routes")).hasSizeGreaterThan(10);
        told.path("routes").fieldNames().forEachRemaining(route -> {
            String[] parts = route.split(" /simulator");
            String body = parts[0].equals("POST") ? "{\"effect\":\"html\",\"times\":1}" : "";
            assertThat(send(parts[0], parts.length == 1 ? "" : parts[1], body).statusCode())
                    .as(route)
                    .isEqualTo(200);
        });
        assertThat(told.path("effects")).anyMatch(effect -> effect.asText().equals("slow-body bytes millis"));
    }

    @Test
    void scriptsPlayAndTheTruthFollows() {
        String before = send("GET", "/truth", "").body();

        assertThat(ApiClient.json(send("POST", "/changes", "{\"change\":\"reassign\"}"))
                        .get(0)
                        .asText())
                .contains(" goes from ");
        assertThat(ApiClient.json(send("POST", "/changes", "{\"steps\":3}"))).hasSize(3);
        assertThat(ApiClient.json(send("POST", "/changes", "{\"day\":true}"))).hasSizeGreaterThan(15);

        assertThat(send("GET", "/truth", "").body()).isNotEqualTo(before);
    }

    @Test
    void theTruthSpeaksInTheContractsColumns() {
        JsonNode truth = ApiClient.json(send("GET", "/truth?words=&types=Mac", ""));

        assertThat(truth.path("licenses").findValuesAsText("license_type")).containsOnly("Mac");
        assertThat(truth.path("usages").get(0).path("first_seen_at").asText()).matches("\\d{4}-.*\\.\\d{3}Z");
        assertThat(truth.path("users").get(0).has("device_count")).isTrue();
    }

    @Test
    void tokenPermissionsAndLimitsChange() {
        send("POST", "/token", "{\"token\":\"other\"}");
        assertThat(simulator.token()).isEqualTo("other");
        send("POST", "/permissions", "{\"endpoints\":[\"devices\"]}");
        assertThat(api.get("/prism/count?category=apps").statusCode()).isEqualTo(403);
        send("POST", "/permissions", "{\"endpoints\":null}");
        assertThat(api.get("/prism/count?category=apps").statusCode()).isEqualTo(200);
        send("POST", "/limits", "{\"per_hour\":1}");
        assertThat(api.get("/devices").statusCode()).isEqualTo(429);
        send("POST", "/token", "{\"token\":null}");
        assertThat(simulator.token()).isNull();
        assertThat(ApiClient.json(send("GET", "/requests", ""))
                        .at("/endpoints/devices/429")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void exportsTakeAsLongAsTheyAreToldTo() {
        send("POST", "/exports", "{\"polls\":0}");
        assertThat(statusOfANewExport()).isEqualTo("success");
        send("POST", "/exports", "{\"polls\":0,\"seconds\":60}");
        assertThat(statusOfANewExport()).isEqualTo("pending");
    }

    private String statusOfANewExport() {
        String id = ApiClient.json(api.post("/prism/export", "{\"category\":\"apps\"}"))
                .path("id")
                .asText();
        return api.json("/prism/export/" + id).path("status").asText();
    }
}
