package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.standalone.run.Pipeline.Part.ENRICHER;
import static dev.kandjistream.standalone.run.Pipeline.Part.POLLER;
import static dev.kandjistream.standalone.run.Pipeline.Part.SINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A shorter week, in which every service and then everything stops and comes again at the worst of times. The events are
 * the same as without: each once, none lost. Each test continues where the one before it ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartIT {
    private final Account acme =
            Account.start(Tenant.us("acme", 17).withDevices(60).withAppsPerMac(25), Account.onDemand());
    private final Account globex =
            Account.start(Tenant.eu("globex", 18).withDevices(25).withAppsPerMac(25), Account.onDemand());
    private final Map<Account, Cast> casts = new LinkedHashMap<>();
    private Stack stack;
    private int before;

    @BeforeAll
    void start(@TempDir Path directory) {
        for (Account account : List.of(acme, globex)) {
            casts.put(account, new Cast(account.fleet()));
        }
        stack = Stack.start(directory, List.of(acme, globex));
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
    }

    private void happens(Consumer<Cast> change) {
        before = stack.read();
        casts.forEach((account, cast) -> {
            account.timePasses(Duration.ofHours(1));
            change.accept(cast);
        });
    }

    private void expectEverywhere(String... lines) {
        casts.keySet().forEach(account -> assertThat(stack.lines(account, before))
                .as("events of %s", account.id())
                .containsExactlyInAnyOrder(lines));
    }

    /** Publishes both kinds of all accounts and does not wait for what follows. */
    private List<SweepReceipt> publishBoth() {
        var receipts = new ArrayList<SweepReceipt>();
        receipts.addAll(stack.publish(Kind.DEVICES).values());
        receipts.addAll(stack.publish(Kind.APPS).values());
        return receipts;
    }

    @Test
    @Order(1)
    void aBaselineComesThroughThoughEnricherAndSinkComeLaterThanIt() {
        stack.stop(ENRICHER);
        stack.stop(SINK);
        List<SweepReceipt> receipts = publishBoth();
        stack.start(SINK, ENRICHER);
        receipts.forEach(stack::awaitApplied);
        stack.judgeAll();
        casts.keySet().forEach(account -> assertThat(stack.events(account, 0))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.text("cause")).isEqualTo("BASELINE")));
    }

    @Test
    @Order(2)
    void anEnricherThatStopsOverAnEnrolmentTellsItOnce() {
        happens(Cast::adaJoins);
        List<SweepReceipt> receipts = publishBoth();
        stack.stop(ENRICHER);
        stack.start(ENRICHER);
        receipts.forEach(stack::awaitApplied);
        stack.judgeAll();
        expectEverywhere(
                "device.attributed c DEVICE_ENROLLED ada-mac",
                "license.assigned c DEVICE_ENROLLED ada-mac",
                "user.discovered c DEVICE_ENROLLED Ada",
                "usage.started c DEVICE_ENROLLED Figma of ada@x.example",
                "usage.started c DEVICE_ENROLLED Slack of ada@x.example");
    }

    @Test
    @Order(3)
    void aSinkThatStopsOverAnAssignmentWritesItOnce() {
        happens(cast -> cast.fleet().assign(cast.spareMac, cast.ben));
        List<SweepReceipt> receipts = publishBoth();
        stack.stop(SINK);
        stack.start(SINK);
        receipts.forEach(stack::awaitApplied);
        stack.judgeAll();
        expectEverywhere(
                "device.attributed c USER_ASSIGNED spare-mac",
                "license.assigned c USER_ASSIGNED spare-mac",
                "user.updated u USER_ASSIGNED Ben",
                "usage.updated u USER_ASSIGNED Slack of ben@x.example",
                "usage.started c USER_ASSIGNED Zoom of ben@x.example");
    }

    @Test
    @Order(4)
    void nothingIsSeenOfASweepDuringWhichThePollerStopped() throws InterruptedException {
        happens(cast -> cast.fleet().install(cast.bensMac, Cast.NOTION));
        var midway = new CountDownLatch(1);
        acme.simulator().faults().on(Endpoint.PRISM_APPS).after(2).times(1).before(() -> {
            midway.countDown();
            pause(Duration.ofSeconds(2));
        });
        int raw = rawRecords();
        CompletableFuture<SweepReceipt> sweep = stack.pipeline().sweepNow(acme.id(), Kind.APPS);
        assertThat(midway.await(Stack.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        stack.stop(POLLER);
        acme.simulator().faults().clear();
        assertThatThrownBy(() -> Stack.await(sweep)).isInstanceOf(IllegalStateException.class);
        assertThat(rawRecords())
                .as("raw records, those of the sweep cut short included")
                .isEqualTo(raw);

        stack.start(POLLER);
        stack.sweepWhole();
        stack.judgeAll();
        expectEverywhere("usage.started c APP_INSTALLED Notion of ben@x.example");
    }

    private int rawRecords() {
        stack.read();
        return stack.judge().states().mark();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Order(5)
    void thePollerRemembersOverARestartWhatWasGoneOnce() {
        happens(cast -> cast.fleet().remove(cast.adasMac));
        stack.sweepWhole();
        stack.stop(POLLER);
        stack.start(POLLER);
        stack.judgeLaws();
        expectEverywhere();

        stack.sweepWhole();
        stack.judgeAll();
        expectEverywhere(
                "device.released d DEVICE_REMOVED ada-mac",
                "license.revoked d DEVICE_REMOVED ada-mac",
                "user.removed d DEVICE_REMOVED Ada",
                "usage.ended d DEVICE_REMOVED Figma of ada@x.example",
                "usage.ended d DEVICE_REMOVED Slack of ada@x.example");
    }

    @Test
    @Order(6)
    void anEnricherThatLostItsDiskResumesFromItsChangelog() throws IOException {
        happens(cast -> cast.cleo = cast.fleet().archive(cast.cleo));
        List<SweepReceipt> receipts = publishBoth();
        stack.restartEnricherWithoutItsDisk();
        receipts.forEach(stack::awaitApplied);
        stack.judgeAll();
        expectEverywhere(
                "device.updated u USER_ARCHIVED cleo-ipad",
                "license.updated u USER_ARCHIVED cleo-ipad",
                "user.updated u USER_ARCHIVED Cleo");
    }

    @Test
    @Order(7)
    void everythingStopsRightAfterTheSweepsAndContinuesOnTheSameDirectory() {
        happens(cast -> {
            cast.fleet().assign(cast.spareMac, cast.cleo);
            cast.fleet().uninstall(cast.bensMac, Cast.NOTION);
        });
        // Another user needs a second sweep that agrees.
        stack.sweepWhole();
        List<SweepReceipt> receipts = publishBoth();
        stack.down();
        stack.up();
        receipts.forEach(stack::awaitApplied);
        stack.judgeAll();
        expectEverywhere(
                "device.updated u USER_ASSIGNED spare-mac",
                "license.reassigned u USER_ASSIGNED spare-mac",
                "user.updated u USER_UNASSIGNED Ben",
                "usage.updated u USER_UNASSIGNED Slack of ben@x.example",
                "usage.ended d USER_UNASSIGNED Zoom of ben@x.example",
                "usage.ended d APP_REMOVED Notion of ben@x.example",
                "user.updated u USER_ASSIGNED Cleo",
                "usage.started c USER_ASSIGNED Slack of cleo@x.example",
                "usage.started c USER_ASSIGNED Zoom of cleo@x.example");

        int mark = stack.read();
        List<SweepReceipt> again = stack.sweepWhole();
        assertThat(stack.read()).as("records after equal sweeps").isEqualTo(mark);
        assertThat(again)
                .allSatisfy(receipt -> assertThat(receipt.getPublished()).isZero());
    }

    @Test
    @Order(8)
    void higherRulesAreAppliedAfterARestartAndLowerOnesLeaveTheStoreAlone() {
        before = stack.read();
        var higher = new Rules(2, Set.of("helper", "updater", "quibble"), Stack.RULES.licenseTypes());
        stack.restartWith(higher);
        stack.awaitTruth();
        stack.judgeAll();
        casts.keySet().forEach(account -> {
            assertThat(stack.lines(account, before).stream().filter(Cast::isIn))
                    .containsExactly("usage.ended d RULES_CHANGED Quibble of ben@x.example");
            assertThat(stack.events(account, before))
                    .allSatisfy(event -> assertThat(event.text("cause")).isEqualTo("RULES_CHANGED"));
        });

        stack.restartEnricherWith(Stack.RULES);
        happens(cast ->
                cast.fleet().install(cast.bensMac, Cast.NOTION, App.mac("Quibble Pro", "example.quibble.pro", "1.0")));
        stack.sweepWhole();
        stack.judgeAll();
        expectEverywhere("usage.started c APP_INSTALLED Notion of ben@x.example");
    }

    @Test
    @Order(9)
    void theSameVersionOfRulesWithOtherContentDoesNotStart() {
        before = stack.read();
        stack.restartEnricherWith(new Rules(2, Set.of("helper"), Stack.RULES.licenseTypes()));
        assertThat(stack.awaitEnricherFailure()).hasMessageContaining("2");
        stack.judgeLaws();
        expectEverywhere();
    }
}
