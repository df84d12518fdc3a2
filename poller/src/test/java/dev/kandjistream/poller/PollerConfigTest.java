package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class PollerConfigTest {
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", "localhost:1", "schema.registry.url", "http://localhost:2");

    private static AccountConfig account(String id, String url) {
        return new AccountConfig(id, ApiUrl.parse(url, false), () -> new Password("t"), PollSettings.defaults());
    }

    private static PollerConfig config(Map<String, Object> kafka, AccountConfig... accounts) {
        return new PollerConfig(new Topics("kandji"), kafka, List.of(accounts), GroupSettings.DEFAULT, (short) -1);
    }

    @Test
    void oneTenantMayBeConfiguredOnce() {
        assertThatThrownBy(() -> config(
                        KAFKA, account("one", "acme.api.kandji.io"), account("two", "acme.clients.us-1.kandji.io")))
                .hasMessageContaining("expected one account per tenant, found one and two for acme/us");
        config(KAFKA, account("one", "acme.api.kandji.io"), account("two", "acme.api.eu.kandji.io"));
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        assertThatThrownBy(() -> config(Map.of(), account("a", "x.api.kandji.io"), account("a", "y.api.kandji.io")))
                .hasMessageContaining("bootstrap.servers")
                .hasMessageContaining("schema.registry.url")
                .hasMessageContaining("found a twice");
        assertThatThrownBy(() -> config(
                        Map.of("bootstrap.servers", "a:1, b", "schema.registry.url", "http://r"),
                        account("a", "x.api.kandji.io")))
                .hasMessage("expected host:port in bootstrap.servers, found \"b\"");
        assertThatThrownBy(() -> config(KAFKA)).hasMessageContaining("at least one account");
    }

    @Test
    void settingsAreValidOrNeverMade() {
        var defaults = PollSettings.defaults();
        assertThatThrownBy(() -> defaults.withIntervals(Duration.ZERO, Duration.ofHours(1)))
                .hasMessage("devices_interval must be positive, was PT0S");
        assertThatThrownBy(() -> defaults.withQuota(0, 20, 10_000)).hasMessageContaining("quota_share");
        assertThatThrownBy(() -> defaults.withQuota(0.5, 51, 10_000)).hasMessageContaining("requests_per_second");
        assertThatThrownBy(() -> account("Acme", "x.api.kandji.io")).hasMessageContaining("found \"Acme\"");
    }
}
