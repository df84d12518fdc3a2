package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import java.io.UncheckedIOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands before the API: routes, token, permissions, rate limits. */
class GatewayTest {
    private KandjiSimulator simulator;

    private ApiClient start(Tenant tenant) {
        simulator = KandjiSimulator.start(tenant.withDevices(3).withAppsPerMac(2));
        return new ApiClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void aWrongMissingOrRevokedTokenIsUnauthorized() {
        ApiClient api = start(Tenant.us("acme", 1));
        String token = simulator.token();

        assertThat(api.send("GET", "/api/v1/devices", "wrong", "").statusCode()).isEqualTo(401);
        assertThat(api.send("GET", "/api/v1/devices", null, "").body()).isEqualTo("{\"error\":\"Unauthorized\"}");
        simulator.access().revokeToken();
        assertThat(api.send("GET", "/api/v1/devices", token, "").statusCode()).isEqualTo(401);
        simulator.access().replaceToken("new-token");
        assertThat(api.send("GET", "/api/v1/devices", token, "").statusCode()).isEqualTo(401);
        assertThat(api.get("/devices").statusCode()).isEqualTo(200);
    }

    @Test
    void aTokenPermitsEndpointByEndpoint() {
        ApiClient api = start(Tenant.us("acme", 1));
        simulator.access().permit(Set.of(Endpoint.DEVICES));

        assertThat(api.get("/devices").statusCode()).isEqualTo(200);
        var forbidden = api.get("/prism/apps");
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(ApiClient.json(forbidden).has("detail")).isTrue();
        simulator.access().permitAll();
        assertThat(api.get("/prism/apps").statusCode()).isEqualTo(200);
        assertThat(api.get("/users").statusCode()).as("never permitted").isEqualTo(403);
    }

    @Test
    void unroutedPathsGetKongsWordsOnTheNewerForm() {
        ApiClient api = start(Tenant.us("acme", 1));

        var doubled = api.get("/api/v1/devices");
        assertThat(doubled.statusCode()).isEqualTo(404);
        assertThat(doubled.body()).startsWith("{\"message\":\"no Route matched with those values\",\"request_id\":\"");
        assertThat(api.send("GET", "/", null, "").statusCode()).isEqualTo(404);
    }

    @Test
    void unroutedPathsGetAPageOnTheOlderForm() {
        assertThat(start(Tenant.eu("globex", 1)).get("/nothing").body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void aTrailingSlashWorks() {
        ApiClient api = start(Tenant.us("acme", 1));

        assertThat(api.json("/devices/")).isEqualTo(api.json("/devices"));
    }

    @Test
    void theNewerGatewayTellsTheSecondAndTheHour() {
        var headers = start(Tenant.us("acme", 1)).get("/devices").headers();

        assertThat(headers.firstValue("RateLimit-Limit")).contains("50");
        assertThat(headers.firstValue("RateLimit-Reset")).contains("1");
        assertThat(headers.firstValue("RateLimit-Remaining")).contains("49");
        assertThat(headers.firstValue("X-RateLimit-Limit-Hour")).contains("10000");
        assertThat(headers.firstValue("X-RateLimit-Remaining-Hour")).contains("9999");
        assertThat(headers.firstValue("X-RateLimit-Limit-Second")).contains("50");
    }

    @Test
    void beyondTheHourlyLimitIsTooManyUntilTheNextHour() {
        ApiClient api = start(Tenant.us("acme", 1).withLimits(new RateLimits(100, 50, true)));
        simulator.budget().spend(99);

        assertThat(api.get("/devices").statusCode()).isEqualTo(200);
        var refused = api.get("/devices");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).isEqualTo("{\"message\":\"API rate limit exceeded\"}");
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 3600L);
        assertThat(refused.headers().firstValue("X-RateLimit-Remaining-Hour")).contains("0");
        assertThat(simulator.requests().count(Endpoint.DEVICES, 429)).isEqualTo(1);
        simulator.budget().limit(RateLimits.told());
        assertThat(api.get("/devices").statusCode()).isEqualTo(200);
    }

    @Test
    void theOlderFormSaysWhenToRetryAsADate() {
        ApiClient api = start(Tenant.eu("globex", 1).withLimits(new RateLimits(1, 50, true)));
        simulator.budget().spend(1);

        assertThat(api.get("/devices").headers().firstValue("Retry-After").orElseThrow())
                .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    }

    @Test
    void otherMethodsAreNotAllowed() {
        ApiClient api = start(Tenant.us("acme", 1));

        assertThat(api.send("POST", "/api/v1/devices", simulator.token(), "{}").statusCode())
                .isEqualTo(405);
    }

    @Test
    void requestsAreCountedByEndpoint() {
        ApiClient api = start(Tenant.us("acme", 1));
        api.get("/devices?limit=1");
        api.get("/devices?limit=1&offset=1");
        api.get("/prism/apps");

        assertThat(simulator.requests().count(Endpoint.DEVICES)).isEqualTo(2);
        assertThat(simulator.requests().count(Endpoint.PRISM_APPS, 200)).isEqualTo(1);
        assertThat(simulator.requests().last().get(1).uri()).isEqualTo("/api/v1/devices?limit=1&offset=1");
        assertThat(simulator.budget().spentThisHour()).isEqualTo(3);
    }

    @Test
    void aBusyPortSaysSo() {
        start(Tenant.us("acme", 1));

        assertThatThrownBy(() -> KandjiSimulator.start(Tenant.us("other", 1).withDevices(0), simulator.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(String.valueOf(simulator.port()))
                .hasMessageContaining("Choose another port");
    }

    @Test
    void aTenantDoesNotPrintItsToken() {
        start(Tenant.us("acme", 1).withToken("s3cret-token"));

        assertThat(simulator.tenant().toString()).doesNotContain("s3cret-token");
    }
}
