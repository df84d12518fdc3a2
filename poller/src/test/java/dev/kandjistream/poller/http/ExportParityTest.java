package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.poller.TestClock;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.RateLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.config.types.Password;

/** Whatever an inventory holds, pages and export bring the same rows: a sweep may go either way and nothing is news. */
class ExportParityTest {
    private final HttpClient http = KandjiClient.newHttpClient(Duration.ofSeconds(5));

    /** What needs quotes in CSV, escapes in JSON, or looks like nothing; texts that are cut. */
    @Provide
    Arbitrary<String> text() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars(",\"\r\n\t ';=@\\\u0000é漢a\u2028")
                        .ofMaxLength(12),
                Arbitraries.strings().withCharRange(' ', '\uD7FF').ofMaxLength(12),
                Arbitraries.of(
                        "",
                        " ",
                        "\uFEFF",
                        "null",
                        "No value",
                        "1e5",
                        "true",
                        "\uD83D\uDE00",
                        "x".repeat(501),
                        "x".repeat(499) + "\uD83D\uDE00",
                        "y".repeat(5_000)));
    }

    @Provide
    Arbitrary<List<App>> apps() {
        Arbitrary<String> text = text().injectNull(0.1);
        return Combinators.combine(text, text, text, text, text)
                .as((name, bundle, version, path, maker) ->
                        new App(name, bundle, version, path, new App.Publisher(maker, path, bundle, name)))
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 25, seed = "4")
    void exportAndCursorGiveEqualSweeps(
            @ForAll("apps") List<App> some, @ForAll("apps") List<App> others, @ForAll boolean newer) throws Exception {
        Tenant tenant = (newer ? Tenant.us("acme", 3) : Tenant.eu("acme", 3))
                .withClock(InstantSource.system())
                .withLimits(RateLimits.told())
                .withDevices(3)
                .withAppsPerMac(5);
        try (var api = KandjiSimulator.start(tenant)) {
            enrol(api, Platform.MAC, some);
            enrol(api, Platform.IPHONE, others);
            AppsSweep byExport = byExport(api);
            AppsSweep byCursor =
                    new AppsWalk(client(api), (rows, total) -> {}).read().sweep();
            assertThat(SweepContents.of(byExport)).isEqualTo(SweepContents.of(byCursor));
            assertThat(byExport.walk().rows()).isEqualTo(byCursor.walk().rows());
            // Rows that came twice are no doubt only where the pages claim a total, and a file has none.
            assertThat(byCursor.isSound() || !byExport.isSound()).isTrue();
        }
    }

    private static void enrol(KandjiSimulator api, Platform platform, List<App> apps) {
        api.fleet().enrol(Enrolment.of(platform, platform.name(), "device").with(apps.toArray(App[]::new)));
    }

    private AppsSweep byExport(KandjiSimulator api) throws Exception {
        KandjiClient client = client(api);
        var optional = new OptionalEndpoints(() -> new Password(api.token()), client.waiting());
        return new AppsExport(client, new RowCounts(client, optional), (rows, total) -> {})
                .read(api.fleet().rows().size())
                .sweep();
    }

    private KandjiClient client(KandjiSimulator api) {
        var clock = new TestClock();
        return new KandjiClient(
                http,
                URI.create(api.url()),
                () -> new Password(api.token()),
                new QuotaGovernor(1_000_000, 1, 50, clock),
                Urgency.SWEEP_OF_APPS,
                new KandjiClient.Settings(1, Duration.ofSeconds(5)),
                clock,
                status -> {});
    }
}
