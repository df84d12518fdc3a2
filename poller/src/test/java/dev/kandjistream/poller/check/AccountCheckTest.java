package dev.kandjistream.poller.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AppsBy;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.TestClock;
import dev.kandjistream.poller.check.AccountCheck.EndpointResult;
import dev.kandjistream.poller.check.AccountCheck.Result;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccountCheckTest {
    private static KandjiSimulator api;

    @BeforeAll
    static void start() {
        api = KandjiSimulator.start(Tenant.eu("acme", 3)
                .withLimits(RateLimits.told())
                .withDevices(100)
                .withAppsPerMac(100));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @AfterEach
    void permitAll() {
        api.access().permitAll();
        api.faults().clear();
    }

    private static Result check(String url, String token) throws InterruptedException {
        return check(url, token, AppsBy.AUTO);
    }

    private static Result check(String url, String token, AppsBy appsBy) throws InterruptedException {
        var account = new AccountConfig(
                "acme",
                ApiUrl.parse(url, true),
                () -> new Password(token),
                PollSettings.defaults()
                        .withIntervals(Duration.ofMinutes(5), Duration.ofHours(6))
                        .withAppsBy(appsBy));
        return AccountCheck.of(account, new TestClock());
    }

    private static EndpointResult endpoint(Result result, String path) {
        return result.endpoints().stream()
                .filter(e -> e.endpoint().endsWith(" /api/v1" + path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGoodTokenPassesAndTheCostIsKnown() throws Exception {
        Result result = check(api.url() + "/api/v1/", api.token(), AppsBy.CURSOR);
        assertThat(result.passed()).isTrue();
        assertThat(result.url()).isEqualTo(api.url());
        assertThat(result.estimate().devices()).hasValue(100);
        long rows =
                api.fleet().devices().stream().mapToLong(d -> d.rows().size()).sum();
        assertThat(result.estimate().appRows()).hasValue(rows);
        // 100 devices: a page and an empty one, twelve times an hour.
        assertThat(result.estimate().requests(Kind.DEVICES)).hasValue(24);
        assertThat(result.estimate().requests(Kind.APPS)).hasValue((long) Math.ceil(((rows + 299) / 300 + 1) / 6.0));
        // Two looks a minute; each row is reported once a day, and seen by some six of them.
        assertThat(result.estimate().requests(Kind.DELTA).orElseThrow()).isBetween(121L, 120 + rows / 300);
        assertThat(result.estimate().requests(Kind.TARGETED)).hasValue(120);
        assertThat(result.estimate().allowed()).isEqualTo(5_000);
        assertThat(result.estimate().fits()).isTrue();
        assertThat(result.devicesFreshness()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(endpoint(result, "/devices/{id}/apps").permitted()).isTrue();
    }

    @Test
    void anExportIsWeighedAgainstPagesAndNoneIsBegun() throws Exception {
        api.requests().clear();
        Result result = check(api.url(), api.token());
        EndpointResult export = endpoint(result, "/prism/export");
        assertThat(export.permitted()).isTrue();
        assertThat(export.required()).isFalse();
        long rows = api.fleet().rows().size();
        assertThat(export.purpose()).contains("6 requests a sweep instead of " + ((rows + 299) / 300 + 1));
        assertThat(endpoint(result, "/prism/export/{id}").permitted()).isTrue();
        assertThat(result.estimate().requests(Kind.APPS)).hasValue(1);
        assertThat(result.estimate().requests(Kind.DELTA))
                .as("looks go by cursor")
                .isEqualTo(
                        check(api.url(), api.token(), AppsBy.CURSOR).estimate().requests(Kind.DELTA));
        assertThat(api.requests().count(Endpoint.PRISM_EXPORT, 200)).isZero();
        assertThat(api.requests().count(Endpoint.PRISM_EXPORT, 400)).isEqualTo(2);
    }

    @Test
    void aTokenThatMayNotExportPaysByThePage() throws Exception {
        api.access().permit(Set.of(Endpoint.DEVICES, Endpoint.PRISM_APPS, Endpoint.PRISM_EXPORT));
        Result result = check(api.url(), api.token());
        assertThat(endpoint(result, "/prism/export").permitted()).isTrue();
        assertThat(endpoint(result, "/prism/export/{id}").permitted()).isFalse();
        assertThat(endpoint(result, "/prism/export/{id}").status()).isEqualTo(403);
        assertThat(result.estimate().requests(Kind.APPS).orElse(0)).isGreaterThan(3);
    }

    @Test
    void aTokenWithoutOptionalPermissionsPassesAndTheyAreNamed() throws Exception {
        api.access().permit(Set.of(Endpoint.DEVICES, Endpoint.PRISM_APPS));
        Result result = check(api.url(), api.token());
        assertThat(result.passed()).isTrue();
        EndpointResult licensing = endpoint(result, "/settings/licensing");
        assertThat(result.estimate().requests(Kind.TARGETED)).hasValue(0);
        assertThat(licensing.required()).isFalse();
        assertThat(licensing.permitted()).isFalse();
        assertThat(licensing.status()).isEqualTo(403);
        assertThat(licensing.mending().orElseThrow()).contains("permissions");
    }

    @Test
    void aTokenWithoutAppsDoesNotPass() throws Exception {
        api.access().permit(Set.of(Endpoint.DEVICES));
        Result result = check(api.url(), api.token());
        assertThat(result.passed()).isFalse();
        assertThat(endpoint(result, "/devices").permitted()).isTrue();
        assertThat(endpoint(result, "/prism/apps").permitted()).isFalse();
    }

    @Test
    void aWrongTokenIsToldFromAWrongUrl() throws Exception {
        EndpointResult wrongToken = endpoint(check(api.url(), "wrong"), "/devices");
        assertThat(wrongToken.status()).isEqualTo(401);
        assertThat(wrongToken.mending().orElseThrow()).contains("token");
        assertThat(wrongToken.found().orElseThrow()).doesNotContain("Bearer wrong");

        api.faults().on().status(404);
        EndpointResult wrongUrl = endpoint(check(api.url(), api.token()), "/devices");
        assertThat(wrongUrl.status()).isEqualTo(404);
        assertThat(wrongUrl.mending().orElseThrow()).contains("URL");
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        EndpointResult result = endpoint(check("http://127.0.0.1:1", "t"), "/devices");
        assertThat(result.permitted()).isFalse();
        assertThat(result.status()).isZero();
        assertThat(result.mending().orElseThrow()).contains("network");
    }
}
