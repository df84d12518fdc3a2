package dev.kandjistream.poller;

import static dev.kandjistream.poller.Kind.APPS;
import static dev.kandjistream.poller.Kind.DELTA;
import static dev.kandjistream.poller.Kind.DEVICES;
import static dev.kandjistream.poller.Kind.TARGETED;
import static dev.kandjistream.poller.Stage.account;
import static dev.kandjistream.poller.Stage.sweep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Looks for changes between sweeps, against a simulated tenant and a real broker; each test is an account of its own. */
class ChangesIT {
    @TempDir
    static Path directory;

    private static Stage stage;

    private final TestClock clock = new TestClock();
    private final LinkedBlockingQueue<SweepReceipt> receipts = new LinkedBlockingQueue<>();
    private String id;
    private KandjiSimulator api;
    private PollerService poller;
    private List<Device> devices;

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
        // The answers' dates are real, and so must the fleet's be that are held against them.
        api = KandjiSimulator.start(Tenant.us(id, 7)
                .withBase(Instant.now())
                .withClock(InstantSource.system())
                .withLimits(RateLimits.told())
                .withDevices(40)
                .withAppsPerMac(20));
        var listener = new SweepListener() {
            @Override
            public void receipt(SweepReceipt receipt) {
                receipts.add(receipt);
            }
        };
        poller = stage.poller(clock, listener, account(id, api));
        devices = api.fleet().devices().stream()
                .filter(device -> device.person() != null && device.rows().size() > 5)
                .toList();
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

    private SweepReceipt look(Kind kind) throws Exception {
        return sweep(poller, id, kind);
    }

    private List<String> apps(Device device) {
        return stage.apps(id).get(device.id()).getApps().stream()
                .map(ChangesIT::text)
                .sorted()
                .toList();
    }

    private static String text(RawApp app) {
        return app.getPath() + " " + app.getVersion();
    }

    private static List<String> truth(Device device) {
        return device.rows().stream()
                .map(row ->
                        blankless(row.app().path()) + " " + blankless(row.app().version()))
                .sorted()
                .toList();
    }

    private static String blankless(String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private RawDevice device(Device device) {
        return stage.devices(id).get(device.id());
    }

    private long committed(Kind kind) {
        return stage.records(stage.topics.sweeps(), id).stream()
                .filter(record -> record.value().getKind().equals(kind.word()))
                .count();
    }

    @Test
    void whatWasInstalledUpdatedOrRemovedIsToldForAFewRequests() throws Exception {
        sweepBoth();
        Device gains = devices.get(0);
        Device loses = devices.get(1);
        Device updates = devices.get(2);
        AppRow other = loses.rows().get(0);
        api.fleet().install(gains, other.app().withVersion("77.7"));
        api.fleet().uninstall(loses, loses.rows().get(3).app());
        api.fleet().update(updates, updates.rows().get(2).app(), "99.9");
        SweepReceipt look = look(DELTA);
        assertThat(look.getReason()).isNull();
        assertThat(look.getVerdict()).isEqualTo("COMPLETE");
        assertThat(look.getPublished()).as("nothing is taken by one reading").isEqualTo(2);
        assertThat(look.getRetracted()).isZero();
        assertThat(look.getWithheld()).isEqualTo(1);
        assertThat(look.getRequests()).isLessThanOrEqualTo(5);
        SweepReceipt second = look(DELTA);
        assertThat(second.getPublished()).as("the second reading agrees").isEqualTo(1);
        assertThat(second.getRetracted()).isEqualTo(1);
        for (Device device : List.of(gains, loses, updates)) {
            assertThat(apps(device)).isEqualTo(truth(device));
        }
        assertThat(look(APPS).getPublished()).as("left for the sweep").isZero();
    }

    @Test
    void aLookThatFindsNothingNewCommitsNothing() throws Exception {
        sweepBoth();
        api.fleet().collect(devices.get(0));
        look(DELTA);
        long before = committed(DELTA);
        SweepReceipt quiet = look(DELTA);
        assertThat(quiet.getVerdict()).isEqualTo("COMPLETE");
        assertThat(quiet.getSweepId()).isEmpty();
        assertThat(committed(DELTA)).isEqualTo(before);
    }

    @Test
    void whereOneColumnIsNotHeededTheOtherIsTried() throws Exception {
        sweepBoth();
        api.faults().on(Endpoint.PRISM_APPS).ignoredFilter("last_collected_at");
        Device updates = devices.get(0);
        api.fleet().update(updates, updates.rows().get(2).app(), "99.9");
        assertThat(look(DELTA).getReason()).isNull();
        assertThat(apps(updates)).isEqualTo(truth(updates));
        api.requests().clear();
        look(DELTA);
        assertThat(api.requests().last())
                .as("the column that is heeded is remembered")
                .allMatch(request -> request.uri().contains("updated_at"));
    }

    @Test
    void whereNoFilterIsHeededNothingIsBelieved() throws Exception {
        sweepBoth();
        api.faults().on(Endpoint.PRISM_APPS).ignoredFilter();
        Device loses = devices.get(0);
        api.fleet().uninstall(loses, loses.rows().get(3).app());
        SweepReceipt look = look(DELTA);
        assertThat(look.getVerdict()).isEqualTo("INCOMPLETE");
        assertThat(look.getReason()).contains("does not heed the filter");
        assertThat(look.getPublished()).isZero();
        assertThat(look.getRequests()).isEqualTo(2);
    }

    @Test
    void aDeviceThatChangesHandsIsToldByItsAuditEvent() throws Exception {
        sweepBoth();
        Device device = devices.get(0);
        var other = devices.get(1).person();
        api.fleet().assign(device, other);
        receipts.clear();
        SweepReceipt look = look(TARGETED);
        assertThat(look.getVerdict()).isEqualTo("COMPLETE");
        assertThat(look.getWithheld()).isEqualTo(1);
        assertThat(look.getRequests()).as("events, and the device").isEqualTo(2);
        assertTheListWasSweptNext();
        look(DEVICES);
        assertThat(device(device).getUserEmail()).isEqualTo(other.email().toLowerCase());
        api.requests().clear();
        look(TARGETED);
        assertThat(api.requests().count(Endpoint.DEVICE))
                .as("events told before")
                .isZero();
    }

    @Test
    void aPersonWhoIsArchivedIsToldOnAllTheirDevices() throws Exception {
        sweepBoth();
        Device device = devices.stream()
                .filter(d -> d.person().id() != null)
                .findFirst()
                .orElseThrow();
        var person = api.fleet().archive(device.person());
        look(TARGETED);
        for (Device theirs : api.fleet().devicesOf(person)) {
            assertThat(device(theirs).getUserArchived()).isTrue();
        }
    }

    @Test
    void aDeviceThatIsRemovedIsGoneWithTheSecondListOfWhichTheFirstComesAtOnce() throws Exception {
        sweepBoth();
        Device gone = devices.get(0);
        api.fleet().remove(gone);
        receipts.clear();
        look(TARGETED);
        SweepReceipt asked = receipts.poll(30, TimeUnit.SECONDS);
        SweepReceipt list = receipts.poll(30, TimeUnit.SECONDS);
        assertThat(asked.getKind()).isEqualTo("targeted");
        assertThat(asked.getRetracted()).isZero();
        assertThat(list.getKind()).isEqualTo("devices");
        assertThat(list.getRetracted()).isZero();
        assertThat(look(DEVICES).getRetracted()).isEqualTo(1);
        assertThat(device(gone)).isNull();
    }

    @Test
    void aDeviceWithoutItsUserIsNobodysWithTheSecondListOfWhichTheFirstComesAtOnce() throws Exception {
        sweepBoth();
        Device device = devices.get(0);
        api.fleet().unassign(device);
        receipts.clear();
        look(TARGETED);
        assertThat(receipts.poll(30, TimeUnit.SECONDS).getRetracted()).isZero();
        SweepReceipt list = receipts.poll(30, TimeUnit.SECONDS);
        assertThat(list.getKind()).isEqualTo("devices");
        assertThat(list.getRetracted()).isZero();
        assertThat(look(DEVICES).getRetracted()).isEqualTo(1);
        assertThat(device(device).getUserId()).isNull();
    }

    @Test
    void anApiWithoutUsersTakesNoSeatOfADeviceThatAnEventNames() throws Exception {
        sweepBoth();
        Device device = devices.get(0);
        String email = device.person().email().toLowerCase();
        api.fleet().rename(device, "another name");
        api.fleet().archive(device.person());
        api.faults().on(Endpoint.DEVICES, Endpoint.DEVICE).noUsers();
        receipts.clear();
        look(TARGETED);
        assertThat(receipts.poll(30, TimeUnit.SECONDS).getKind()).isEqualTo("targeted");
        assertThat(receipts.poll(30, TimeUnit.SECONDS).getVerdict()).isEqualTo("QUARANTINED");
        assertThat(device(device).getUserEmail()).isEqualTo(email);
    }

    @Test
    void aNotFoundThatTheListContradictsTakesNothing() throws Exception {
        sweepBoth();
        Device device = devices.get(0);
        var other = devices.get(1).person();
        api.fleet().assign(device, other);
        api.faults().on(Endpoint.DEVICE).status(404);
        receipts.clear();
        look(TARGETED);
        assertTheListWasSweptNext();
        look(DEVICES);
        assertThat(device(device).getUserEmail())
                .as("as the list has it")
                .isEqualTo(other.email().toLowerCase());
    }

    @Test
    void whereManyAreNamedTheListIsReadInstead() throws Exception {
        sweepBoth();
        receipts.clear();
        api.requests().clear();
        api.fleet().devices().stream()
                .map(Device::person)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(api.fleet()::archive);
        look(TARGETED);
        assertTheListWasSweptNext();
        assertThat(api.requests().count(Endpoint.DEVICE)).isZero();
        assertThat(stage.devices(id).values())
                .filteredOn(device -> device.getUserId() != null)
                .hasSizeGreaterThan(25)
                .allMatch(RawDevice::getUserArchived);
    }

    /** It decides about what devices showed that were read by themselves. */
    private void assertTheListWasSweptNext() throws InterruptedException {
        assertThat(receipts.poll(30, TimeUnit.SECONDS).getKind()).isEqualTo("targeted");
        assertThat(receipts.poll(30, TimeUnit.SECONDS).getKind()).isEqualTo("devices");
    }

    @Test
    void aTokenThatMayNotReadEventsCostsThisLaneOnly() throws Exception {
        sweepBoth();
        var permitted = EnumSet.allOf(Endpoint.class);
        permitted.remove(Endpoint.AUDIT);
        api.access().permit(permitted);
        SweepReceipt look = look(TARGETED);
        assertThat(look.getVerdict()).isEqualTo("FAILED");
        assertThat(look.getConnection()).isEqualTo("CONNECTED");
        assertThat(look.getReason()).contains("may not read audit events", "403");
        assertThat(look.getStatus()).isEqualTo(403);
        assertThat(look(DELTA).getVerdict()).isEqualTo("COMPLETE");
        assertThat(look(DEVICES).getVerdict()).isEqualTo("COMPLETE");
    }

    @Test
    void beforeTheFirstSweepThereIsNothingToLookBehind() throws Exception {
        assertThat(look(DELTA).getReason()).contains("waits for a complete sweep of the apps");
        assertThat(look(TARGETED).getReason()).contains("waits for a complete sweep of the devices");
        assertThat(api.requests().count()).isZero();
        assertThat(receipts).isEmpty();
    }
}
