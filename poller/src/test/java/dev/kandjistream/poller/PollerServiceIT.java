package dev.kandjistream.poller;

import static dev.kandjistream.poller.Kind.APPS;
import static dev.kandjistream.poller.Kind.DEVICES;
import static dev.kandjistream.poller.Stage.account;
import static dev.kandjistream.poller.Stage.sweep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The poller between a simulated tenant and a real broker; each test is an account of its own. */
class PollerServiceIT {
    @TempDir
    static Path directory;

    private static Stage stage;

    private final TestClock clock = new TestClock();
    private String id;
    private KandjiSimulator api;
    private PollerService poller;

    @BeforeAll
    static void startBroker() {
        stage = new Stage(directory);
    }

    @AfterAll
    static void stopBroker() {
        stage.close();
    }

    @BeforeEach
    void startPoller(TestInfo test) {
        id = test.getTestMethod().orElseThrow().getName().toLowerCase();
        api = KandjiSimulator.start(
                Tenant.us(id, 7).withLimits(RateLimits.told()).withDevices(30).withAppsPerMac(20));
        poller = stage.poller(clock, account(id, api));
    }

    @AfterEach
    void stopPoller() {
        poller.close();
        api.close();
    }

    private void sweepBoth() throws Exception {
        assertThat(sweep(poller, id, DEVICES).getReason()).isNull();
        assertThat(sweep(poller, id, APPS).getReason()).isNull();
    }

    private void restart() {
        poller.close();
        poller = stage.poller(clock, account(id, api));
    }

    private void assertTopicsTellTheFleet() {
        var told = told(stage.devices(id), stage.apps(id));
        var wanted = wanted();
        assertThat(told.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach((deviceId, text) -> assertThat(told.get(deviceId)).isEqualTo(text));
    }

    /** Device id to its name, its user's email and its rows, by the simulator's own objects. */
    private Map<String, String> wanted() {
        var wanted = new TreeMap<String, String>();
        for (Device device : api.fleet().devices()) {
            var person = device.person();
            List<String> rows = device.rows().stream()
                    .map(row -> blankless(row.app().name()) + " "
                            + blankless(row.app().version()))
                    .sorted()
                    .toList();
            String email = person == null || blankless(person.email()) == null
                    ? null
                    : person.email().toLowerCase();
            wanted.put(device.id().toLowerCase(), device.name() + "|" + email + "|" + rows);
        }
        return wanted;
    }

    private static String blankless(String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static Map<String, String> told(Map<String, RawDevice> devices, Map<String, RawDeviceApps> apps) {
        var told = new TreeMap<String, String>();
        devices.forEach((deviceId, device) -> {
            List<String> rows = apps.containsKey(deviceId)
                    ? apps.get(deviceId).getApps().stream()
                            .map(app -> app.getName() + " " + app.getVersion())
                            .sorted()
                            .toList()
                    : List.of();
            told.put(deviceId, device.getDeviceName() + "|" + device.getUserEmail() + "|" + rows);
        });
        return told;
    }

    @Test
    void theTopicsTellTheFleet() throws Exception {
        sweepBoth();
        assertTopicsTellTheFleet();
        assertThat(stage.devices(id).values()).allMatch(RawDevice::getBaseline);
        assertThat(stage.apps(id).values()).allMatch(RawDeviceApps::getBaseline);
    }

    @Test
    void equalSweepsPublishNothing() throws Exception {
        sweepBoth();
        int devices = stage.records(stage.topics.rawDevices(), id).size();
        SweepReceipt again = sweep(poller, id, DEVICES);
        assertThat(again.getPublished()).isZero();
        assertThat(again.getUnchanged()).isEqualTo(devices);
        assertThat(again.getRawEndOffsets()).isEmpty();
        assertThat(sweep(poller, id, APPS).getPublished()).isZero();
        assertThat(stage.records(stage.topics.rawDevices(), id)).hasSize(devices);
    }

    @Test
    void aRestartedPollerRemembersWhatWasPublished() throws Exception {
        sweepBoth();
        restart();
        assertThat(sweep(poller, id, DEVICES).getPublished()).isZero();
        assertThat(sweep(poller, id, APPS).getPublished()).isZero();
    }

    @Test
    void changesAfterTheBaselineAreNews() throws Exception {
        sweepBoth();
        Device mac = api.fleet().devices().get(0);
        api.fleet().rename(mac, "Renamed");
        api.fleet().uninstall(mac, mac.rows().get(0).app());
        assertThat(sweep(poller, id, DEVICES).getPublished()).isEqualTo(1);
        assertThat(sweep(poller, id, APPS).getPublished()).isEqualTo(1);
        assertTopicsTellTheFleet();
        assertThat(stage.devices(id).get(mac.id()).getBaseline()).isFalse();
        assertThat(stage.apps(id).get(mac.id()).getBaseline()).isFalse();
    }

    @Test
    void theReceiptNamesWhereItsRecordsEnd() throws Exception {
        SweepReceipt receipt = sweep(poller, id, DEVICES);
        var last = new TreeMap<Integer, Long>();
        stage.records(stage.topics.rawDevices(), id)
                .forEach(record -> last.merge(record.partition(), record.offset() + 1, Math::max));
        var named = new TreeMap<Integer, Long>();
        receipt.getRawEndOffsets().forEach(end -> named.put(end.getPartition(), end.getOffset()));
        assertThat(named).isEqualTo(last);
        assertThat(stage.records(stage.topics.sweeps(), id))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(receipt));
    }

    @Test
    void aDeviceIsGoneAfterTheSecondSweepWithoutIt() throws Exception {
        sweepBoth();
        Device gone = api.fleet().devices().get(3);
        api.fleet().remove(gone);
        SweepReceipt first = sweep(poller, id, DEVICES);
        assertThat(first.getWithheld()).isEqualTo(1);
        assertThat(stage.devices(id)).containsKey(gone.id());
        SweepReceipt second = sweep(poller, id, DEVICES);
        assertThat(second.getRetracted()).isEqualTo(1);
        assertThat(stage.devices(id)).doesNotContainKey(gone.id());
        assertThat(stage.apps(id)).doesNotContainKey(gone.id());
        sweep(poller, id, APPS);
        assertTopicsTellTheFleet();
    }

    @Test
    void aUserGoneIsRetractedByTheSecondCompleteSweepLikeADevice() throws Exception {
        sweepBoth();
        Device device = api.fleet().devices().stream()
                .filter(d -> d.person() != null)
                .findFirst()
                .orElseThrow();
        api.fleet().unassign(device);
        SweepReceipt first = sweep(poller, id, DEVICES);
        assertThat(first.getRetracted()).isZero();
        assertThat(first.getWithheldRetractions()).singleElement().satisfies(item -> {
            assertThat(item.getWhat()).isEqualTo("USER");
            assertThat(item.getBefore()).isNotBlank();
        });
        assertThat(sweep(poller, id, DEVICES).getRetracted()).isEqualTo(1);
        assertTopicsTellTheFleet();
    }

    @Test
    void anEmptyAnswerIsQuarantinedHoweverLongItStands() throws Exception {
        sweepBoth();
        var fleet = stage.devices(id).keySet();
        api.faults().on().emptyFleet();
        for (Kind kind : List.of(DEVICES, APPS)) {
            SweepReceipt receipt = sweep(poller, id, kind);
            assertThat(receipt.getVerdict()).isEqualTo("QUARANTINED");
            assertThat(receipt.getReason()).contains("withheld");
            assertThat(receipt.getRetracted()).isZero();
        }
        clock.advance(Duration.ofHours(60));
        restart();
        for (int hour = 0; hour < 26; hour++) {
            clock.advance(Duration.ofHours(1));
            SweepReceipt receipt = sweep(poller, id, DEVICES);
            assertThat(receipt.getVerdict()).isEqualTo("QUARANTINED");
            assertThat(receipt.getRetracted()).isZero();
        }
        assertThat(stage.devices(id).keySet()).isEqualTo(fleet);
        api.faults().clear();
        assertThat(sweep(poller, id, DEVICES).getVerdict()).isEqualTo("COMPLETE");
    }

    @Test
    void aListWithoutUsersTakesNoSeatWhileOtherChangesFlow() throws Exception {
        sweepBoth();
        Device device = api.fleet().devices().stream()
                .filter(d -> d.person() != null && d.person().email() != null)
                .findFirst()
                .orElseThrow();
        String email = stage.devices(id).get(device.id()).getUserEmail();
        api.faults().on(Endpoint.DEVICES).noUsers();
        api.fleet().rename(device, "Renamed meanwhile");
        assertThat(sweep(poller, id, DEVICES).getVerdict()).isEqualTo("QUARANTINED");
        RawDevice told = stage.devices(id).get(device.id());
        assertThat(told.getDeviceName()).isEqualTo("Renamed meanwhile");
        assertThat(told.getUserEmail()).isEqualTo(email);
        api.faults().clear();
        assertThat(sweep(poller, id, DEVICES).getVerdict()).isEqualTo("COMPLETE");
        assertTopicsTellTheFleet();
    }

    @Test
    void aFailingPageMakesTheSweepIncompleteAndRetractsNothing() throws Exception {
        sweepBoth();
        String before = stage.apps(id).toString();
        api.faults().on(Endpoint.PRISM_APPS).after(1).status(500);
        SweepReceipt receipt = sweep(poller, id, APPS);
        assertThat(receipt.getVerdict()).isEqualTo("INCOMPLETE");
        assertThat(receipt.getConnection()).isEqualTo("UNREACHABLE");
        assertThat(receipt.getEndpoint()).isEqualTo("GET /api/v1/prism/apps");
        assertThat(receipt.getStatus()).isEqualTo(500);
        assertThat(receipt.getRetracted()).isZero();
        assertThat(stage.apps(id)).hasToString(before);
    }

    @Test
    void aRevokedTokenFailsItsAccountOnlyAndTheNewOneIsPickedUp() throws Exception {
        poller.close();
        var token = new AtomicReference<>(api.token());
        try (var otherApi = KandjiSimulator.start(
                        Tenant.us("other", 8).withLimits(RateLimits.told()).withDevices(5));
                var both = stage.poller(
                        clock, account(id, api, () -> new Password(token.get())), account("other", otherApi))) {
            api.access().revokeToken();
            SweepReceipt refused = sweep(both, id, DEVICES);
            assertThat(refused.getVerdict()).isEqualTo("FAILED");
            assertThat(refused.getConnection()).isEqualTo("UNAUTHORIZED");
            assertThat(refused.getStatus()).isEqualTo(401);
            assertThat(refused.getReason()).doesNotContain(token.get());
            assertThat(sweep(both, "other", DEVICES).getVerdict()).isEqualTo("COMPLETE");

            api.access().replaceToken("renewed");
            token.set("renewed");
            assertThat(sweep(both, id, DEVICES).getVerdict()).isEqualTo("COMPLETE");
        }
    }

    @Test
    void aMissingPermissionIsNamed() throws Exception {
        api.access().permit(Set.of(Endpoint.DEVICES));
        assertThat(sweep(poller, id, DEVICES).getVerdict()).isEqualTo("COMPLETE");
        SweepReceipt receipt = sweep(poller, id, APPS);
        assertThat(receipt.getVerdict()).isEqualTo("FAILED");
        assertThat(receipt.getConnection()).isEqualTo("FORBIDDEN");
        assertThat(receipt.getEndpoint()).isEqualTo("GET /api/v1/prism/apps");
    }

    @Test
    void aPollerClosedWhileReadingLeavesNoTrace() throws Exception {
        var underWay = new CountDownLatch(1);
        api.faults().on(Endpoint.PRISM_APPS).after(1).before(underWay::countDown);
        api.faults().on(Endpoint.PRISM_APPS).after(1).delay(Duration.ofSeconds(30));
        CompletableFuture<SweepReceipt> cancelled = poller.sweepNow(id, APPS);
        assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        poller.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> cancelled.get(5, TimeUnit.SECONDS))
                .isInstanceOfAny(CancellationException.class, ExecutionException.class);
        assertThat(stage.records(stage.topics.rawApps(), id)).isEmpty();
        assertThat(stage.records(stage.topics.sweeps(), id)).isEmpty();
        api.faults().clear();
        restart();
        sweepBoth();
        assertTopicsTellTheFleet();
    }

    @Test
    void aDeviceWhoseLastAppWentIsConfirmedByItsOwnEndpoint() throws Exception {
        sweepBoth();
        Device device = api.fleet().devices().stream()
                .filter(d -> !d.rows().isEmpty())
                .findFirst()
                .orElseThrow();
        while (!device.rows().isEmpty()) {
            api.fleet().uninstall(device, device.rows().get(0).app());
        }
        assertThat(sweep(poller, id, APPS).getRetracted()).isEqualTo(1);
        assertThat(stage.apps(id).get(device.id()).getApps()).isEmpty();
        assertThat(api.requests().count(Endpoint.DEVICE_APPS)).isEqualTo(1);
        assertThat(sweep(poller, id, APPS).getPublished()).isZero();
    }

    @Test
    void metricsTellWhatHappenedAndAListenerMayFail() throws Exception {
        poller.close();
        var metrics = new SimpleMeterRegistry();
        var listener = new SweepListener() {
            @Override
            public void progress(String account, Kind kind, long rows, OptionalLong total) {
                throw new IllegalStateException("not my day");
            }
        };
        try (var counted = stage.poller(clock, listener, metrics, account(id, api))) {
            assertThat(metrics.get("poller.freshness.seconds")
                            .tags("kind", "devices")
                            .gauge()
                            .value())
                    .isNaN();
            sweep(counted, id, DEVICES);
            assertThat(metrics.get("poller.requests")
                            .tags("account", id, "status", "200")
                            .counter()
                            .count())
                    .isEqualTo(2);
            assertThat(metrics.get("poller.rows.read")
                            .tags("kind", "devices")
                            .counter()
                            .count())
                    .isEqualTo(30);
            assertThat(metrics.get("poller.records.published").counter().count())
                    .isEqualTo(30);
            assertThat(metrics.get("poller.sweeps")
                            .tags("verdict", "COMPLETE")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(metrics.get("poller.freshness.seconds")
                            .tags("kind", "devices")
                            .gauge()
                            .value())
                    .isBetween(0.0, 60.0);
            assertThat(metrics.get("poller.connected")
                            .tags("kind", "devices")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(metrics.get("poller.quota.spent.requests").gauge().value())
                    .isEqualTo(2);
            assertThat(metrics.get("poller.accounts.owned").gauge().value()).isEqualTo(1);
        }
    }

    @Test
    void aSweepThatTakesLongIsToldOfUntilItEnds() throws Exception {
        poller.close();
        var told = new CountDownLatch(1);
        SweepListener slow = new SweepListener() {
            @Override
            public void reached(String account, Kind kind, Reached reached) {
                clock.advance(ProgressBoard.STEP);
                try {
                    assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException giveUp) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        var startedAt = clock.now();
        try (var telling = stage.poller(clock, slow, account(id, api))) {
            var receipt = telling.sweepNow(id, DEVICES);
            List<ConsumerRecord<String, SweepProgress>> records;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            do {
                assertThat(System.nanoTime()).as("time until it is told").isLessThan(deadline);
                records = stage.records(stage.topics.progress(), id);
            } while (records.isEmpty());
            told.countDown();
            SweepProgress first = records.get(0).value();
            assertThat(records.get(0).key()).isEqualTo(id + "/devices");
            assertThat(first.getKind()).isEqualTo("devices");
            assertThat(first.getRows()).isEqualTo(30);
            assertThat(first.getClaimedTotal())
                    .as("this form of the API claims none")
                    .isNull();
            assertThat(first.getRequests()).isEqualTo(1);
            assertThat(first.getStartedAt()).isBetween(startedAt, startedAt.plus(ProgressBoard.STEP));
            assertThat(first.getToldAt()).isAfter(first.getStartedAt());
            assertThat(first.getPoller()).isNotBlank();
            assertThat(first.getEndedAt()).isNull();
            receipt.get(60, TimeUnit.SECONDS);
        }
        var all = stage.records(stage.topics.progress(), id);
        assertThat(all.get(all.size() - 1).value().getEndedAt()).isNotNull();
    }

    @Test
    void startSweepsDevicesFirstThenApps() throws Exception {
        poller.close();
        var order = new LinkedBlockingQueue<String>();
        try (var scheduled = stage.poller(
                clock,
                new SweepListener() {
                    @Override
                    public void receipt(SweepReceipt receipt) {
                        order.add(receipt.getKind());
                    }
                },
                account(id, api))) {
            scheduled.start();
            assertThat(order.poll(60, TimeUnit.SECONDS)).isEqualTo("devices");
            assertThat(order.poll(60, TimeUnit.SECONDS)).isEqualTo("apps");
            assertThat(scheduled.notReady()).isEmpty();
            assertThat(scheduled.failure()).isEmpty();
        }
    }

    /** Some 7,000 rows, and exports that are of the day when they are asked for. */
    private void aLargeTenant() {
        poller.close();
        api.close();
        api = KandjiSimulator.start(Tenant.us(id, 7)
                .withClock(InstantSource.system())
                .withLimits(RateLimits.told())
                .withDevices(90)
                .withAppsPerMac(110));
    }

    @Test
    void aLargeTenantsFirstAppsComeByExportAndItsDevicesBeforeThem() throws Exception {
        aLargeTenant();
        var devices = new CountDownLatch(1);
        var receipts = new LinkedBlockingQueue<SweepReceipt>();
        api.faults().on(Endpoint.EXPORT_FILE).before(() -> await(devices));
        SweepListener listener = new SweepListener() {
            @Override
            public void receipt(SweepReceipt receipt) {
                receipts.add(receipt);
                devices.countDown();
            }
        };
        poller = stage.poller(clock, listener, account(id, api));
        poller.start();
        assertThat(receipts.poll(60, TimeUnit.SECONDS).getKind()).isEqualTo("devices");
        SweepReceipt apps = receipts.poll(60, TimeUnit.SECONDS);
        assertThat(apps.getReason()).isNull();
        assertThat(apps.getRequests()).isEqualTo(5);
        assertThat(apps.getRows()).isEqualTo(api.fleet().rows().size()).isEqualTo(apps.getClaimedTotal());
        assertThat(api.requests().count(Endpoint.PRISM_APPS)).isZero();
        assertTopicsTellTheFleet();
        assertThat(stage.apps(id).values()).allMatch(RawDeviceApps::getBaseline);
    }

    @Test
    void anExportThatIsForbiddenMidWayIsFinishedByCursorAndNothingIsNews() throws Exception {
        aLargeTenant();
        poller = stage.poller(clock, account(id, api));
        assertThat(sweep(poller, id, APPS).getPages()).isEqualTo(1);
        var allowed = EnumSet.complementOf(EnumSet.of(Endpoint.PRISM_EXPORT_STATUS));
        api.faults().on(Endpoint.PRISM_EXPORT_STATUS).times(1).before(() -> api.access()
                .permit(allowed));
        SweepReceipt byCursor = sweep(poller, id, APPS);
        assertThat(api.requests().count(Endpoint.PRISM_EXPORT_STATUS, 403)).isEqualTo(1);
        assertThat(byCursor.getVerdict()).isEqualTo("COMPLETE");
        assertThat(byCursor.getConnection()).isEqualTo("CONNECTED");
        assertThat(byCursor.getPages()).isGreaterThan(20);
        assertThat(byCursor.getPublished()).isZero();
        assertThat(sweep(poller, id, APPS).getPages()).isGreaterThan(20);
        assertThat(api.requests().count(Endpoint.PRISM_EXPORT)).isEqualTo(2);
    }

    @Test
    void devicesThatTheLicensingPageStillCountsAreNotTakenAway() throws Exception {
        sweepBoth();
        api.faults().on(Endpoint.DEVICES).shift(2);
        assertThat(sweep(poller, id, DEVICES).getWithheld()).isEqualTo(2);
        assertThat(api.requests().count(Endpoint.LICENSING)).isZero();

        SweepReceipt contradicted = sweep(poller, id, DEVICES);
        assertThat(contradicted.getVerdict()).isEqualTo("COMPLETE");
        assertThat(contradicted.getRetracted()).isZero();
        assertThat(contradicted.getReason()).contains("the licensing page counts 30 devices where the list shows 28");
        assertThat(contradicted.getRequests()).isEqualTo(3);
        assertThat(stage.devices(id)).hasSize(30);

        api.access().permit(Set.of(Endpoint.DEVICES, Endpoint.PRISM_APPS));
        assertThat(sweep(poller, id, DEVICES).getRetracted()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void appsThatAreNotDueAreNotSweptAgainByARestart() throws Exception {
        sweepBoth();
        poller.close();
        var kinds = new LinkedBlockingQueue<String>();
        SweepListener listener = new SweepListener() {
            @Override
            public void receipt(SweepReceipt receipt) {
                kinds.add(receipt.getKind());
            }
        };
        try (var restarted = stage.poller(clock, listener, account(id, api))) {
            restarted.start();
            assertThat(kinds.poll(60, TimeUnit.SECONDS)).isEqualTo("devices");
            assertThat(sweep(restarted, id, DEVICES).getVerdict()).isEqualTo("COMPLETE");
        }
        assertThat(kinds).containsOnly("devices");
    }

    @Test
    void aPollerIsReadyBeforeItSweeps() throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (poller.notReady().isPresent()) {
            assertThat(System.nanoTime())
                    .as("time until it is ready: %s", poller.notReady())
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(stage.records(stage.topics.sweeps(), id)).isEmpty();
    }
}
