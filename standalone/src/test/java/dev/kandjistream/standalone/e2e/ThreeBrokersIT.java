package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.standalone.run.Pipeline.Part.ENRICHER;
import static dev.kandjistream.standalone.run.Pipeline.Part.SINK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.standalone.config.KafkaSettings;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every topic on three brokers, two of which must have a record. The one that leads is killed while the services work: the
 * outcome is the same as without. Each test continues where the one before it ended, with all three brokers.
 */
@Tag("recovery")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeBrokersIT {
    private static final String RAW_APPS = "kandji.raw.apps";

    private final Account acme =
            Account.start(Tenant.us("acme", 71).withDevices(60).withAppsPerMac(40), Account.onDemand());
    private final Cast cast = new Cast(acme.fleet());
    private Brokers brokers;
    private Stack stack;

    @BeforeAll
    void start(@TempDir Path directory) {
        brokers = Brokers.start(directory.resolve("brokers"));
        stack = Stack.startOnThree(
                directory.resolve("stack"), List.of(acme), new KafkaSettings(brokers.bootstrapServers(), Map.of()));
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
        if (brokers != null) {
            brokers.close();
        }
    }

    @Test
    @Order(1)
    void everyTopicHasThreeReplicas() throws Exception {
        stack.sweepWhole();
        stack.judgeAll();
        assertThat(brokers.replicas("kandji"))
                .isNotEmpty()
                .allSatisfy((topic, replicas) -> assertThat(replicas).as(topic).isEqualTo(3));
    }

    @Test
    @Order(2)
    void leaderThatIsKilledWhileASweepIsPublishedChangesNothing() throws Exception {
        int before = happened(cast::adaJoins);
        int leader = brokers.leader(RAW_APPS);
        acme.simulator().faults().on(Endpoint.PRISM_APPS).after(1).times(1).before(() -> brokers.kill(leader));

        stack.sweepWhole();

        acme.simulator().faults().clear();
        stack.judgeAll();
        assertThat(stack.lines(acme, before))
                .containsExactlyInAnyOrder(
                        "device.attributed c DEVICE_ENROLLED ada-mac",
                        "license.assigned c DEVICE_ENROLLED ada-mac",
                        "user.discovered c DEVICE_ENROLLED Ada",
                        "usage.started c DEVICE_ENROLLED Figma of ada@x.example",
                        "usage.started c DEVICE_ENROLLED Slack of ada@x.example");
        comesAgain(leader);
    }

    @Test
    @Order(3)
    void leadersThatAreKilledWhileEnricherAndSinkWorkChangeNothing() throws Exception {
        int round = 0;
        for (String topic : List.of("kandji.usage", "__transaction_state", "__consumer_offsets")) {
            String name = "Round " + ++round;
            App app = App.mac(name, "example.round" + round, "1.0");
            stack.stop(ENRICHER);
            stack.stop(SINK);
            int before = happened(() -> acme.fleet().install(cast.bensMac, app));
            List<SweepReceipt> receipts = publishBoth();
            int leader = brokers.leader(topic);

            var killed = CompletableFuture.runAsync(() -> brokers.kill(leader));
            stack.start(SINK, ENRICHER);
            killed.get(1, TimeUnit.MINUTES);

            receipts.forEach(stack::awaitApplied);
            stack.judgeAll();
            assertThat(stack.lines(acme, before))
                    .as("leader of %s killed", topic)
                    .containsExactly("usage.started c APP_INSTALLED " + name + " of ben@x.example");
            comesAgain(leader);
        }
    }

    private int happened(Runnable change) {
        int before = stack.read();
        acme.timePasses(Duration.ofHours(1));
        change.run();
        return before;
    }

    private List<SweepReceipt> publishBoth() {
        var receipts = new ArrayList<SweepReceipt>();
        receipts.addAll(stack.publish(Kind.DEVICES).values());
        receipts.addAll(stack.publish(Kind.APPS).values());
        return receipts;
    }

    private void comesAgain(int broker) {
        brokers.start(broker);
        brokers.awaitAll();
    }
}
