package dev.kandjistream.poller;

import static dev.kandjistream.poller.Kind.APPS;
import static dev.kandjistream.poller.Kind.DEVICES;
import static dev.kandjistream.poller.Stage.account;
import static dev.kandjistream.poller.Stage.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger topic is deleted while pollers run and while they do not. */
@Tag("recovery")
class LostLedgerIT {
    /** Below the longest gap that counts, an eighth of a day. */
    private static final Duration GAP = Duration.ofMinutes(170);

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Stage stage;
    private KandjiSimulator api;
    private PollerService poller;

    @BeforeEach
    void start() throws Exception {
        stage = new Stage(directory);
        api = KandjiSimulator.start(Tenant.us("acme", 7)
                .withLimits(RateLimits.told())
                .withDevices(30)
                .withAppsPerMac(20));
        poller = poller();
        sweep(poller, "acme", DEVICES);
        sweep(poller, "acme", APPS);
        sweep(poller, "acme", DEVICES);
    }

    @AfterEach
    void stop() {
        poller.close();
        api.close();
        stage.close();
    }

    private PollerService poller() {
        return stage.poller(clock, SweepListener.NONE, metrics, account("acme", api));
    }

    @Test
    void whatWentBeforeTheLedgerWasDeletedUnderAPollerEndsOnceByEvidence() throws Exception {
        Went went = deviceAndAppGo();
        deleteLedger();
        assertTheyEndOnceByEvidence(went);
    }

    @Test
    void whatWentWhileThePollerWasStoppedEndsOnceByEvidence() throws Exception {
        poller.close();
        Went went = deviceAndAppGo();
        deleteLedger();
        poller = poller();
        assertTheyEndOnceByEvidence(went);
    }

    @Test
    void anAccountThatIsNewIsABaselineAlsoAfterTheLoss() throws Exception {
        deleteLedger();
        poller.close();
        try (var other = KandjiSimulator.start(
                Tenant.us("other", 8).withLimits(RateLimits.told()).withDevices(5))) {
            poller = stage.poller(clock, SweepListener.NONE, metrics, account("acme", api), account("other", other));
            assertThat(sweep(poller, "other", DEVICES).getReason()).isNull();
            assertThat(stage.devices("other").values()).hasSize(5).allMatch(device -> device.getBaseline());
            assertThat(sweep(poller, "acme", DEVICES).getReason()).contains("the ledger topic lost records");
        }
    }

    @Test
    void aRecordThatNobodyCanReadHindersNoRecovery() throws Exception {
        Set<String> devices = stage.devices("acme").keySet();
        try (var producer = new KafkaProducer<>(stage.kafka, new StringSerializer(), new ByteArraySerializer())) {
            for (var topic : List.of(stage.topics.rawDevices(), stage.topics.rawApps())) {
                producer.send(new ProducerRecord<>(topic.name(), "acme/garbage", new byte[7]))
                        .get();
            }
        }
        deleteLedger();
        SweepReceipt receipt = sweep(poller, "acme", DEVICES);
        assertThat(receipt.getReason()).contains("the ledger topic lost records of the account");
        assertThat(receipt.getPublished()).isEqualTo(devices.size());
        assertThat(receipt.getWithheld()).isZero();
    }

    private record Went(Device device, Device owner, String app, Set<String> others) {}

    private Went deviceAndAppGo() {
        List<Device> devices = api.fleet().devices();
        Device device = devices.get(3);
        Device owner = devices.stream()
                .filter(one -> one != device && one.rows().size() > 2)
                .findFirst()
                .orElseThrow();
        var app = owner.rows().get(0).app();
        api.fleet().remove(device);
        api.fleet().uninstall(owner, app);
        Set<String> others = stage.devices("acme").keySet().stream()
                .filter(id -> !id.equals(device.id().toLowerCase()))
                .collect(Collectors.toSet());
        return new Went(device, owner, app.name(), others);
    }

    private void assertTheyEndOnceByEvidence(Went went) throws Exception {
        String id = went.device().id().toLowerCase();
        String ownerId = went.owner().id().toLowerCase();
        SweepReceipt first = sweep(poller, "acme", DEVICES);
        assertThat(first.getReason()).contains("the ledger topic lost records of the account");
        assertThat(first.getWithheld()).isEqualTo(1);
        assertThat(stage.devices("acme").get(went.others().iterator().next()).getBaseline())
                .isFalse();
        assertThat(metrics.counter("poller.ledger.recoveries", "account", "acme")
                        .count())
                .isEqualTo(1);
        for (int i = 0; i < 4; i++) {
            sweepBoth();
            assertThat(stage.devices("acme")).as("soon").containsKey(id);
            assertThat(apps(ownerId)).as("soon").contains(went.app());
        }
        for (int i = 0; i < 62; i++) {
            sweepBoth();
        }
        assertThat(stage.devices("acme").keySet()).isEqualTo(went.others());
        assertThat(apps(ownerId)).doesNotContain(went.app());
        assertThat(stage.records(stage.topics.rawDevices(), "acme"))
                .filteredOn(record -> record.value() == null)
                .singleElement()
                .satisfies(record -> assertThat(Keys.split(record.key()).get(1)).isEqualTo(id));
        SweepReceipt last = sweep(poller, "acme", DEVICES);
        assertThat(last.getReason()).isNull();
        assertThat(last.getPublished()).isZero();
    }

    private void sweepBoth() throws Exception {
        clock.advance(GAP);
        sweep(poller, "acme", DEVICES);
        sweep(poller, "acme", APPS);
    }

    private Set<String> apps(String deviceId) {
        return stage.apps("acme").get(deviceId).getApps().stream()
                .map(RawApp::getName)
                .collect(Collectors.toSet());
    }

    /** Returns when the cluster has forgotten it, or has another one. */
    private void deleteLedger() throws Exception {
        String topic = stage.topics.ledger().name();
        try (var admin = Admin.create(Map.of("bootstrap.servers", stage.kafka.get("bootstrap.servers")))) {
            var before = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
            admin.deleteTopics(List.of(topic)).all().get();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (admin.listTopics().listings().get().stream()
                    .anyMatch(listed -> listed.topicId().equals(before))) {
                assertThat(System.nanoTime()).as("time until it is gone").isLessThan(deadline);
                Thread.sleep(50);
            }
        }
    }
}
