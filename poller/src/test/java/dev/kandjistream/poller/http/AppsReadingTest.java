package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.poller.TestClock;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.http.Effect;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Export or cursor: which of them is taken, and what becomes of a sweep whose export comes to nothing. */
class AppsReadingTest {
    private static final long FEW = 600;

    private static KandjiSimulator api;

    private final TestClock clock = new TestClock();
    private AppsReading apps;

    @BeforeAll
    static void start() {
        // Some 900 rows: four pages.
        api = KandjiSimulator.start(Tenant.us("acme", 3)
                .withClock(InstantSource.system())
                .withLimits(RateLimits.told())
                .withDevices(50)
                .withAppsPerMac(24));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void begin() {
        api.requests().clear();
        apps = reading(true);
    }

    @AfterEach
    void mend() {
        api.faults().clear();
        api.access().permitAll();
        api.exports().pendingFor(1);
    }

    private AppsReading reading(boolean mayExport) {
        return new AppsReading(
                "acme",
                mayExport ? FEW : Long.MAX_VALUE,
                new OptionalEndpoints(() -> new Password(api.token()), clock));
    }

    private KandjiClient client() {
        return new KandjiClient(
                KandjiClient.newHttpClient(Duration.ofSeconds(5)),
                URI.create(api.url()),
                () -> new Password(api.token()),
                new QuotaGovernor(1_000_000, 1, 50, clock),
                Urgency.SWEEP_OF_APPS,
                new KandjiClient.Settings(3, Duration.ofSeconds(5)),
                clock,
                status -> {});
    }

    private AppsSweep read() throws InterruptedException {
        return read(0);
    }

    private AppsSweep read(long known) throws InterruptedException {
        var reading = apps.read(client(), (rows, total) -> {}, known);
        assertThat(reading.failure()).isEmpty();
        assertThat(reading.pages()).isPositive();
        return reading.sweep();
    }

    private static Verdict judged(AppsSweep sweep) {
        return AppsJudge.judge(new Ledger(), sweep, EvidenceRules.DEFAULT, 0);
    }

    private static void assertWhole(AppsSweep sweep) {
        assertThat(judged(sweep).reason()).isNull();
        assertThat(sweep.devices().stream().mapToLong(device -> device.size()).sum())
                .isEqualTo(api.fleet().rows().size());
    }

    private static long asked(Endpoint endpoint) {
        return api.requests().count(endpoint);
    }

    private static void forbid(Endpoint... endpoints) {
        Set<Endpoint> permitted = EnumSet.allOf(Endpoint.class);
        permitted.removeAll(Set.of(endpoints));
        api.access().permit(permitted);
    }

    @Test
    void aLargeFleetIsReadByExportInAHandfulOfRequests() throws Exception {
        var client = client();
        AppsSweep sweep = apps.read(client, (rows, total) -> {}, 0).sweep();
        assertWhole(sweep);
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
        assertThat(asked(Endpoint.EXPORT_FILE)).isEqualTo(1);
        assertThat(client.requests()).isEqualTo(5).isLessThanOrEqualTo(AppsReading.REQUESTS_BY_EXPORT);
        assertThat(sweep.walk().claimedTotal()).hasValue(api.fleet().rows().size());
        assertThat(Instant.ofEpochMilli(sweep.walk().asOf()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void theTokenStaysWithTheApi() throws Exception {
        read();
        assertThat(api.requests().count(Endpoint.EXPORT_FILE, 200)).isEqualTo(1);
        assertThat(api.requests().count(Endpoint.EXPORT_FILE, 400)).isZero();
    }

    @Test
    void exportAndCursorBringTheSame() throws Exception {
        var byExport = SweepContents.of(read());
        var byCursor = SweepContents.of(
                new AppsWalk(client(), (rows, total) -> {}).read().sweep());
        assertThat(byExport).hasSizeGreaterThan(30).isEqualTo(byCursor);
    }

    @Test
    void aSmallFleetAndOneToBeReadByCursorAreNotExported() throws Exception {
        assertWhole(read(FEW - 1));
        apps = reading(false);
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_EXPORT)).isZero();
        assertThat(asked(Endpoint.PRISM_COUNT)).isZero();
    }

    @Test
    void whatWaitsIsAskedForLessAndLessOften() throws Exception {
        api.exports().pendingFor(8);
        assertWhole(read());
        // 1, 2, 4, 8, 16, 30, 30, 30, 30 seconds.
        assertThat(clock.waited()).isBetween(Duration.ofSeconds(151), Duration.ofSeconds(155));
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"PRISM_EXPORT", "PRISM_EXPORT_STATUS"})
    void aTokenThatMayNotExportIsNotAskedAgainBeforeADayOrAnotherToken(Endpoint forbidden) throws Exception {
        forbid(forbidden);
        assertWhole(read());
        assertThat(api.requests().count(forbidden, 403)).isEqualTo(1);

        clock.advance(Duration.ofHours(23));
        assertWhole(read());
        assertThat(api.requests().count(forbidden, 403)).isEqualTo(1);

        clock.advance(Duration.ofHours(2));
        assertWhole(read());
        assertThat(api.requests().count(forbidden, 403)).isEqualTo(2);

        api.access().permitAll();
        String old = api.token();
        api.access().replaceToken("another");
        api.requests().clear();
        assertWhole(read());
        api.access().replaceToken(old);
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
    }

    @Test
    void aTokenThatMayNotCountHasThePagesClaimTheTotal() throws Exception {
        forbid(Endpoint.PRISM_COUNT);
        assertWhole(read());
        assertThat(asked(Endpoint.EXPORT_FILE)).isEqualTo(1);
        assertThat(asked(Endpoint.PRISM_APPS)).isEqualTo(2);
        assertThat(api.requests().count(Endpoint.PRISM_COUNT, 403)).isEqualTo(1);
    }

    @Test
    void whereNothingCountsTheRowsAFileProvesNothingAndIsNotAskedFor() throws Exception {
        forbid(Endpoint.PRISM_COUNT);
        api.faults().on(Endpoint.PRISM_APPS).total(null);
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_EXPORT)).isZero();
    }

    /** Faults after which the same sweep goes on by cursor and the next one exports again. */
    enum Passing {
        FAILED(faults -> faults.accept(Endpoint.PRISM_EXPORT, new Effect.FailedExport("failed", "Out of\nmemory"))),
        WITHOUT_A_WORD(faults -> faults.accept(Endpoint.PRISM_EXPORT, new Effect.FailedExport("error", null))),
        PENDING_FOR_EVER(faults -> faults.accept(Endpoint.PRISM_EXPORT_STATUS, new Effect.PendingExport())),
        DOWN(faults -> faults.accept(Endpoint.PRISM_EXPORT, new Effect.Status(503, null))),
        LOOKS_FAIL(faults -> faults.accept(Endpoint.PRISM_EXPORT_STATUS, new Effect.HtmlInstead())),
        FILE_DOWN(faults -> faults.accept(Endpoint.EXPORT_FILE, new Effect.Status(503, null))),
        FILE_CUT(faults -> faults.accept(Endpoint.EXPORT_FILE, new Effect.CutBody())),
        FILE_HANGS_UP(faults -> faults.accept(Endpoint.EXPORT_FILE, new Effect.HangUp()));

        private final Consumer<BiConsumer<Endpoint, Effect>> fault;

        Passing(Consumer<BiConsumer<Endpoint, Effect>> fault) {
            this.fault = fault;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsInPassingIsReadByCursorAndExportedNextTime(Passing passing) throws Exception {
        passing.fault.accept((endpoint, effect) -> api.faults().on(endpoint).with(effect));
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_EXPORT)).isPositive();
        assertThat(asked(Endpoint.PRISM_APPS)).isGreaterThan(2);
        assertThat(clock.waited()).isLessThan(Duration.ofMinutes(17));

        api.faults().clear();
        api.requests().clear();
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
    }

    @Test
    void aFileThatFailsOnceIsFetchedAgain() throws Exception {
        api.faults().on(Endpoint.EXPORT_FILE).times(1).cutBody();
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
        assertThat(asked(Endpoint.PRISM_EXPORT)).isEqualTo(1);
    }

    @Test
    void aFileThatIsNoneIsReadByCursorForADay() throws Exception {
        api.faults().on(Endpoint.EXPORT_FILE).times(1).html();
        assertWhole(read());
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_EXPORT)).isEqualTo(1);
        clock.advance(Duration.ofHours(25));
        api.requests().clear();
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
    }

    @Test
    void anExpiredLinkIsNotTriedTwice() throws Exception {
        api.faults().on(Endpoint.EXPORT_FILE).expiredLink();
        assertWhole(read());
        assertThat(asked(Endpoint.EXPORT_FILE)).isEqualTo(1);
    }

    @Test
    void aLookWithoutItsIdIsGoodEnough() throws Exception {
        api.faults().on(Endpoint.PRISM_EXPORT_STATUS).unnamedExport();
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_APPS)).isZero();
    }

    @Test
    void anExportWithoutIdIsReadByCursor() throws Exception {
        api.faults().on(Endpoint.PRISM_EXPORT).unnamedExport();
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_APPS)).isGreaterThan(2);
    }

    @Test
    void aFileWithFewerRowsThanCountedIsIncompleteAndTheNextSweepGoesByCursor() throws Exception {
        api.faults().on(Endpoint.PRISM_EXPORT).shortPage(700);
        Verdict verdict = judged(read());
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains("read 700 different rows where the API counts");
        assertWhole(read());
        assertThat(asked(Endpoint.PRISM_EXPORT)).isEqualTo(1);
    }

    @Test
    void anEmptyFileIsIncomplete() throws Exception {
        api.faults().on(Endpoint.PRISM_EXPORT).emptyFleet();
        assertThat(judged(read()).reason()).contains("read 0 different rows where the API counts");
    }

    @Test
    void rowsThatCameWhileTheExportRanExplainTheDifference() throws Exception {
        long fewer = api.fleet().rows().size() - 3;
        api.faults().on(Endpoint.PRISM_COUNT).times(1).total(fewer);
        assertWhole(read());
    }

    @Test
    void theMoreRowsThereAreTheMoreIsSaved() {
        assertThat(AppsReading.REQUESTS_BY_EXPORT * 3).isLessThan(AppsReading.LEAST_FOR_EXPORT / AppsWalk.LIMIT);
    }

    @Test
    void aFileThatNeverEndsIsReadWithinBounds() throws Exception {
        api.faults().on(Endpoint.EXPORT_FILE).hugeFile(3L << 30);
        Verdict verdict = judged(read());
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains("the list did not end after");
    }
}
