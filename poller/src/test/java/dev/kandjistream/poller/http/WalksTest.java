package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.poller.TestClock;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Walks over a simulated tenant with faults; what they prove is asked of the judges, over an empty ledger. */
class WalksTest {
    private static KandjiSimulator api;
    /** An older tenant, whose device list claims a total. */
    private static KandjiSimulator older;

    private final TestClock clock = new TestClock();

    @BeforeAll
    static void start() {
        // 400 devices are two pages, some 5,000 rows seventeen.
        api = KandjiSimulator.start(Tenant.us("acme", 3)
                .withLimits(RateLimits.told())
                .withDevices(400)
                .withAppsPerMac(16));
        older = KandjiSimulator.start(Tenant.eu("globex", 3)
                .withLimits(RateLimits.told())
                .withDevices(400)
                .withAppsPerMac(1));
    }

    @AfterAll
    static void stop() {
        api.close();
        older.close();
    }

    @AfterEach
    void mend() {
        api.faults().clear();
        older.faults().clear();
    }

    private KandjiClient client() {
        return client(api);
    }

    private KandjiClient client(KandjiSimulator api) {
        return new KandjiClient(
                KandjiClient.newHttpClient(Duration.ofSeconds(5)),
                URI.create(api.url()),
                () -> new Password(api.token()),
                new QuotaGovernor(1_000_000, 1, 50, clock),
                Urgency.DEVICES,
                new KandjiClient.Settings(3, Duration.ofSeconds(2)),
                clock,
                status -> {});
    }

    private Reading<DevicesSweep> devices() throws InterruptedException {
        return new DevicesWalk(client(), (rows, total) -> {}).read();
    }

    private Reading<DevicesSweep> olderDevices() throws InterruptedException {
        return new DevicesWalk(client(older), (rows, total) -> {}).read();
    }

    private Reading<AppsSweep> apps() throws InterruptedException {
        return new AppsWalk(client(), (rows, total) -> {}).read();
    }

    private static Verdict judged(Reading<AppsSweep> reading) {
        return AppsJudge.judge(new Ledger(), reading.sweep(), EvidenceRules.DEFAULT, 0);
    }

    private static Verdict judgedDevices(Reading<DevicesSweep> reading) {
        return DevicesJudge.judge(new Ledger(), reading.sweep(), EvidenceRules.DEFAULT, 0);
    }

    private static long rowsOfTheFleet() {
        return api.fleet().devices().stream().mapToLong(d -> d.rows().size()).sum();
    }

    private void assertWhole(Reading<AppsSweep> reading) {
        assertThat(judged(reading).reason()).isNull();
        long rows = reading.sweep().devices().stream().mapToLong(d -> d.size()).sum();
        assertThat(rows).isEqualTo(rowsOfTheFleet());
    }

    private static void assertIncomplete(Verdict verdict, String reason) {
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains(reason);
    }

    @Test
    void theDeviceListIsReadToAnEmptyPage() throws Exception {
        var reading = devices();
        assertThat(judgedDevices(reading).reason()).isNull();
        assertThat(reading.sweep().devices()).isEqualTo(400);
        assertThat(reading.pages()).isEqualTo(3);
    }

    @Test
    void allAppRowsAreReadByCursor() throws Exception {
        api.requests().clear();
        assertWhole(apps());
        assertThat(api.requests().last())
                .filteredOn(r -> r.endpoint() == Endpoint.PRISM_APPS)
                .allMatch(r -> r.uri().contains("cursor="));
    }

    @Test
    void passingFaultsAreOvercome() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(1).times(1).status(502);
        api.faults().on(Endpoint.PRISM_APPS).after(3).times(1).cutBody();
        api.faults().on(Endpoint.PRISM_APPS).after(5).times(1).html();
        api.faults().on(Endpoint.PRISM_APPS).after(7).times(1).hangUp();
        api.faults().on(Endpoint.PRISM_APPS).after(9).times(1).status(429);
        assertWhole(apps());
    }

    @Test
    void aSlowAnswerIsGivenUpAndAskedAgain() throws Exception {
        api.faults().on(Endpoint.DEVICES).times(1).delay(Duration.ofSeconds(20));
        assertThat(judgedDevices(devices()).reason()).isNull();
    }

    @Test
    void htmlWithStatus200IsNoAnswer() throws Exception {
        api.faults().on(Endpoint.DEVICES).after(1).html();
        var reading = devices();
        assertIncomplete(judgedDevices(reading), "no sound JSON");
        assertThat(reading.failure().orElseThrow().connection()).isEqualTo(Connection.CONNECTED);
        assertThat(reading.sweep().devices()).isEqualTo(300);
    }

    @Test
    void aPageThatKeepsFailingEndsTheWalk() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(2).status(503);
        var reading = apps();
        assertIncomplete(judged(reading), "answered 503");
        assertThat(reading.pages()).isEqualTo(2);
    }

    @Test
    void aShortListDisagreesWithItsTotal() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(2).times(1).shortPage(100);
        assertIncomplete(judged(apps()), "different rows where the API claims");
        older.faults().on(Endpoint.DEVICES).emptyFleet();
        older.faults().on(Endpoint.DEVICES).total(400L);
        assertIncomplete(judgedDevices(olderDevices()), "different rows where the API claims");
    }

    @Test
    void devicesLostFromAShortPageAreAskedForAgain() throws Exception {
        api.faults().on(Endpoint.DEVICES).times(1).shortPage(100);
        var reading = devices();
        assertThat(judgedDevices(reading).reason()).isNull();
        assertThat(reading.sweep().devices()).isEqualTo(400);
    }

    @Test
    void anApiThatCapsThePageIsReadWhole() throws Exception {
        api.faults().on(Endpoint.DEVICES).cappedPage(150);
        var reading = devices();
        assertThat(judgedDevices(reading).reason()).isNull();
        assertThat(reading.sweep().devices()).isEqualTo(400);
    }

    private Reading<AppsSweep> countedApps() throws InterruptedException {
        var client = client();
        var optional = new OptionalEndpoints(() -> new Password(api.token()), clock);
        return new AppsWalk(client, (rows, total) -> {}, new RowCounts(client, optional)).read();
    }

    @Test
    void wherePagesClaimNoTotalTheCountTellsWhatIsMissing() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).total(null);
        assertWhole(countedApps());
        assertThat(countedApps().sweep().walk().claimedTotal()).hasValue(rowsOfTheFleet());

        api.faults().on(Endpoint.PRISM_APPS).after(2).times(1).shortPage(100);
        assertIncomplete(judged(countedApps()), "different rows where the API counts " + rowsOfTheFleet());
    }

    @Test
    void aCountThatMovedExplainsWhatCameMeanwhile() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).total(null);
        api.faults().on(Endpoint.PRISM_COUNT).times(1).total(rowsOfTheFleet() - 5);
        assertWhole(countedApps());
        api.faults().on(Endpoint.PRISM_COUNT).times(1).total(rowsOfTheFleet() + 5);
        api.faults().on(Endpoint.PRISM_APPS).after(2).times(1).shortPage(100);
        assertIncomplete(judged(countedApps()), " at first, +0 -5 meanwhile");
    }

    @Test
    void aCountThatCannotBeHadIsNoneAndOneThatNobodyNeedsIsNotAskedFor() throws Exception {
        api.requests().clear();
        assertWhole(countedApps());
        assertThat(api.requests().count(Endpoint.PRISM_COUNT)).isZero();

        api.faults().on(Endpoint.PRISM_APPS).total(null);
        api.faults().on(Endpoint.PRISM_COUNT).after(1).status(403);
        assertWhole(countedApps());
        assertThat(countedApps().sweep().walk().claimedTotal()).isEmpty();
    }

    @Test
    void anEmptyPageInTheMiddleDisagreesWithTheTotal() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(4).times(1).emptyPage();
        assertIncomplete(judged(apps()), "different rows where the API claims");
    }

    @Test
    void aCursorMissingOnAFullPageIsReplacedByTheOffset() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(3).times(1).noCursor();
        assertWhole(apps());
    }

    @Test
    void withoutAnyCursorTheWalkGoesByOffset() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).noCursor();
        assertWhole(apps());
    }

    @Test
    void pagesShorterThanAskedForAreStillPages() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).cappedPage(200);
        assertWhole(apps());
    }

    @Test
    void aCursorThatComesTwiceEndsTheWalk() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(2).repeatedCursor();
        assertIncomplete(judged(apps()), "cursor that had come before");
    }

    @Test
    void anEndlessListOfFreshCursorsIsNoticedByItsRows() throws Exception {
        try (var endless = new FakeApi()) {
            for (int i = 0; i < 50; i++) {
                endless.answers(
                        200,
                        "{\"data\":[{\"device_id\":\"a\",\"name\":\"Slack\"}],\"total\":null,\"cursor\":\"c" + i
                                + "\"}");
            }
            var reading = new AppsWalk(endless.client(), (rows, total) -> {}).read();
            assertIncomplete(judged(reading), "very rows of an earlier page");
            assertThat(reading.pages()).isEqualTo(2);
        }
    }

    @Test
    void anExpiredCursorStartsTheWalkAnewOnce() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).after(5).times(1).expiredCursor();
        assertWhole(apps());
        api.faults().on(Endpoint.PRISM_APPS).expiredCursor();
        assertIncomplete(judged(apps()), "answered 400");
    }

    @Test
    void aListWithoutTotalsIsJudgedByItsChain() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).total(null);
        assertWhole(apps());
    }

    @Test
    void rowsThatComeTwiceWithoutATotalAreASignOfShiftedPages() throws Exception {
        api.faults().on(Endpoint.PRISM_APPS).total(null);
        api.faults().on(Endpoint.PRISM_APPS).after(2).times(1).shift(-50);
        assertIncomplete(judged(apps()), "came twice");
    }

    @Test
    void skippedDevicesDisagreeWithTheTotal() throws Exception {
        older.faults().on(Endpoint.DEVICES).after(1).times(1).shift(5);
        assertIncomplete(judgedDevices(olderDevices()), "different rows where the API claims");
    }

    @Test
    void aDeviceListThatChangesUnderTheWalkIsNoEvidence() throws Exception {
        Device[] gone = new Device[1];
        older.faults().on(Endpoint.DEVICES).after(1).times(1).before(() -> {
            gone[0] = older.fleet().devices().get(0);
            older.fleet().remove(gone[0]);
        });
        assertIncomplete(judgedDevices(olderDevices()), "claimed total moved");
    }

    @Test
    void devicesThatComeTwiceAreASignOfShiftedPages() throws Exception {
        api.faults().on(Endpoint.DEVICES).after(1).times(1).shift(-5);
        assertIncomplete(judgedDevices(devices()), "listed twice");
    }

    @Test
    void devicesRereadByThemselvesComeWhole() throws Exception {
        var sweep = new AppsSweep().seal();
        List<Device> some = api.fleet().devices().subList(0, 60);
        var ids = some.stream().map(Device::id).toList();
        assertThat(new AppsOfDevices(client()).reread(ids, sweep)).isEmpty();
        long rows = sweep.devices().stream().mapToLong(d -> d.size()).sum();
        assertThat(rows).isEqualTo(some.stream().mapToLong(d -> d.rows().size()).sum());
    }

    @Test
    void anIgnoredFilterIsNoticed() throws Exception {
        try (var old = new FakeApi()) {
            old.answers(
                    200,
                    "{\"data\":[{\"device_id\":\"somebody-else\",\"name\":\"Slack\"}],\"total\":1,\"cursor\":null}");
            var sweep = new AppsSweep().seal();
            assertThat(new AppsOfDevices(old.client()).reread(List.of("wanted"), sweep))
                    .isPresent();
            assertThat(sweep.devices()).isEmpty();
        }
    }
}
