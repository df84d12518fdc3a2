package dev.kandjistream.poller;

import static dev.kandjistream.poller.Kind.APPS;
import static dev.kandjistream.poller.Kind.DEVICES;
import static dev.kandjistream.poller.Stage.account;
import static dev.kandjistream.poller.Stage.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away and comes back. */
@Tag("recovery")
class BrokerTroubleIT {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private Stage stage;
    private KandjiSimulator api;

    @BeforeEach
    void start() {
        stage = new Stage(directory);
        api = KandjiSimulator.start(Tenant.us("acme", 7)
                .withLimits(RateLimits.told())
                .withDevices(20)
                .withAppsPerMac(10));
    }

    @AfterEach
    void stop() {
        api.close();
        stage.close();
    }

    @Test
    void aSweepReadWhileTheBrokerIsAwayIsPublishedWhenItIsBack() throws Exception {
        try (var poller = stage.poller(clock, account("acme", api))) {
            assertThat(poller.notReady()).isPresent();
            sweep(poller, "acme", DEVICES);
            assertThat(poller.notReady()).isEmpty();

            stage.stopBroker();
            CompletableFuture<SweepReceipt> waiting = poller.sweepNow("acme", APPS);
            stage.startBroker();
            SweepReceipt receipt = waiting.get(120, TimeUnit.SECONDS);
            assertThat(receipt.getVerdict()).isEqualTo("COMPLETE");
            assertThat(stage.apps("acme")).hasSize((int) receipt.getDevices());
            assertThat(poller.failure()).isEmpty();
        }
    }
}
