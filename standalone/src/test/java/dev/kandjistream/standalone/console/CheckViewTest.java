package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.check.AccountCheck.EndpointResult;
import dev.kandjistream.poller.check.AccountCheck.Estimate;
import dev.kandjistream.poller.check.AccountCheck.LaneCost;
import dev.kandjistream.poller.check.AccountCheck.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CheckViewTest {
    private static final EndpointResult DEVICES = new EndpointResult(
            "GET /api/v1/devices", true, true, "devices, users and seats", 200, Optional.empty(), Optional.empty());
    private static final EndpointResult LICENSING = new EndpointResult(
            "GET /api/v1/settings/licensing",
            false,
            false,
            "a second count of devices",
            403,
            Optional.of("403 forbidden"),
            Optional.of("permit it for the token"));
    private static final EndpointResult NO_APPS = new EndpointResult(
            "GET /api/v1/prism/apps",
            true,
            false,
            "installed apps",
            401,
            Optional.of("401 unauthorized"),
            Optional.of("renew the token"));
    private static final Estimate ESTIMATE = new Estimate(
            OptionalLong.of(1000),
            OptionalLong.of(150_000),
            List.of(
                    new LaneCost(Kind.DEVICES, Duration.ofMinutes(5), OptionalLong.of(60)),
                    new LaneCost(Kind.TARGETED, Duration.ofSeconds(30), OptionalLong.of(120)),
                    new LaneCost(Kind.DELTA, Duration.ofSeconds(30), OptionalLong.of(246)),
                    new LaneCost(Kind.APPS, Duration.ofHours(6), OptionalLong.of(84))),
            5000,
            Duration.ofMillis(250),
            Duration.ofSeconds(25));

    private final CheckView view =
            new CheckView(Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void anAccountThatLacksOnlyWhatIsOptionalCanBePolled() {
        assertThat(String.join("\n", view.lines("acme", result(ESTIMATE, DEVICES, LICENSING))))
                .isEqualTo("""
                ✔ acme  https://acme.api.kandji.io  can be polled
                    ✔ GET /api/v1/devices             required  permitted      devices, users and seats
                    - GET /api/v1/settings/licensing  optional  not permitted  a second count of devices
                        found 403 forbidden
                    to mend    permit it for the token
                    cost       requests an hour, of a share of 5,000:
                                60  the device list, every 5m, 1,000 devices: never slowed down
                               120  audit events, every 30s, and the devices they name
                               246  apps of devices that reported, every 30s, about daily each: slows second
                                84  all app rows, every 6h, 150,000 of them: slows first
                    freshness  devices at most 5m1s old, apps at most 6h25s, beside what devices have not reported yet""");
    }

    @Test
    void anAccountThatLacksWhatIsRequiredCannotAndCostsNothing() {
        assertThat(String.join("\n", view.lines("acme", result(ESTIMATE, DEVICES, NO_APPS))))
                .isEqualTo("""
                ✘ acme  https://acme.api.kandji.io  cannot be polled
                    ✔ GET /api/v1/devices             required  permitted      devices, users and seats
                    ✘ GET /api/v1/prism/apps          required  not permitted  installed apps
                        found 401 unauthorized
                    to mend    renew the token""");
    }

    @Test
    void intervalsThatCostMoreThanTheShareAreWarnedOf() {
        var dear = new Estimate(
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(
                        new LaneCost(Kind.DEVICES, Duration.ofMinutes(5), OptionalLong.of(6000)),
                        new LaneCost(Kind.APPS, Duration.ofHours(6), OptionalLong.empty())),
                5000,
                Duration.ZERO,
                Duration.ZERO);
        assertThat(view.lines("acme", result(dear, DEVICES)))
                .anyMatch(line -> line.contains("6,000  the device list, every 5m, an unknown number of devices"))
                .anyMatch(line -> line.contains("?  all app rows"))
                .anyMatch(line -> line.contains("more than its share"));
    }

    private static Result result(Estimate estimate, EndpointResult... endpoints) {
        return new Result(
                "acme",
                "https://acme.api.kandji.io",
                List.of(endpoints),
                estimate,
                Duration.ofMinutes(5).plusMillis(250),
                Duration.ofHours(6).plusSeconds(25));
    }
}
