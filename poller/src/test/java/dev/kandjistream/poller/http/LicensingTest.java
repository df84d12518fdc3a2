package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LicensingTest {
    private final FakeApi api = new FakeApi();
    private final Licensing licensing =
            new Licensing(new OptionalEndpoints(() -> new Password("secret-token"), api.clock));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theSumOverAllPlatformsIsRead() throws Exception {
        api.answers(
                200,
                "{\"counts\":{\"computers_count\":12,\"ios_count\":2,\"ipados_count\":1,\"macos_count\":9,\"tvos_count\":0},"
                        + "\"limits\":{\"plan_type\":\"single_limit\",\"max_devices\":50},\"tenantOverLicenseLimit\":false}");
        assertThat(licensing.devices(api.client())).hasValue(12);
        assertThat(api.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"counts\":{\"computers_count\":\"12\"}}",
                "{\"counts\":{\"computers_count\":-1}}",
                "{\"counts\":{\"computers_count\":1e3}}",
                "{\"counts\":{\"computers_count\":99999999999999999999}}",
                "{\"counts\":[12]}"
            })
    void whatIsNoCountSaysNothing(String answer) throws Exception {
        api.answers(200, answer);
        assertThat(licensing.devices(api.client())).isEmpty();
    }

    @Test
    void aTokenThatMayNotAskDoesSoOnceADay() throws Exception {
        api.answers(403, "{\"detail\":\"You do not have permission\"}");
        assertThat(licensing.devices(api.client())).isEmpty();
        assertThat(licensing.devices(api.client())).isEmpty();
        assertThat(api.asked).hasSize(1);
        api.clock.advance(Duration.ofHours(25));
        api.answers(200, "{\"counts\":{\"computers_count\":12}}");
        assertThat(licensing.devices(api.client())).hasValue(12);
    }

    @Test
    void aPageThatIsDownForAWhileTakesNothingBack() throws Exception {
        api.answers(200, "{\"counts\":{\"computers_count\":12}}");
        assertThat(licensing.devices(api.client())).hasValue(12);
        for (int i = 0; i < 6; i++) {
            api.answers(503, "");
        }
        assertThat(licensing.devices(api.client())).hasValue(12);
        api.clock.advance(Duration.ofHours(2));
        assertThat(licensing.devices(api.client())).isEmpty();
    }
}
