package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Connection;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments.Chosen;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.RowFields;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.domain.Source;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.StoryClock;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Hardware;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.RateLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveLookupsTest {
    /** So long that reaching it fails a test. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Duration SHORT = Duration.ofMillis(100);
    /** For a machine that does other things too; far below {@link #LONG}. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private static final SerialNumber SERIAL = serial("C02XK1");

    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<AutoCloseable> opened = new ArrayList<>();
    /** What the view knows of devices, by account and id. */
    private final Map<String, Published> published = new ConcurrentHashMap<>();

    private final KandjiSimulator acme = simulator("acme");

    @AfterEach
    void close() throws Exception {
        released.countDown();
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    // ---- what the view contradicts

    @Test
    void aDeviceThatTheViewKnowsUnderAnotherSerialNumberOpensNone() {
        Device mac = enrol(acme, "C02XK1", null);
        published.put("acme/" + mac.id(), new Published(Optional.of(serial("C02OTHER1")), "Mac"));
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
        assertThat(count("contradicted")).isOne();

        published.put("acme/" + mac.id(), new Published(Optional.of(SERIAL), "Mac"));
        assertThat(ask(lookups, SERIAL, Sighting.NONE).source())
                .as("remembered, and no longer contradicted")
                .isEqualTo(Source.LIVE);
    }

    @Test
    void aDeviceThatTheViewKnowsWithoutASerialNumberOpensNone() {
        Device mac = enrol(acme, "C02XK1", null);
        published.put("acme/" + mac.id(), new Published(Optional.empty(), "Mac"));
        Sighting seen = stale("acme", "another-id");
        assertThat(ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen)).isSameAs(seen);
    }

    @Test
    void whatIsContradictedLeavesOthersUnderTheNumberAlone() {
        KandjiSimulator beta = simulator("beta");
        Device contradicted = enrol(acme, "C02XK1", null);
        Device fine = enrol(beta, "C02XK1", null);
        published.put("acme/" + contradicted.id(), new Published(Optional.of(serial("C02OTHER1")), "Mac"));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme, beta), SERIAL, Sighting.NONE);
        assertThat(deviceIds(sighting)).containsExactly(fine.id());
    }

    @Test
    void aPlatformThatTheViewContradictsIsMissing() {
        Device mac = enrol(acme, "C02XK1", null);
        published.put("acme/" + mac.id(), new Published(Optional.of(SERIAL), "Windows"));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, Sighting.NONE);
        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(sighting.device().orElseThrow().enrolment().doubt().missing() & Attribute.PLATFORM.bit())
                .isNotZero();
    }

    // ---- for whom a live row speaks

    private static final List<Connection> LOSSES =
            List.of(Connection.ROW_UNREADABLE, Connection.ABSENT_WITHHELD, Connection.RECORD_UNDECODABLE);

    @Test
    void aRowOfAnotherDeviceDoesNotOpenWhatTheKnownOneForbids() {
        enrol(acme, "C02XK1", null);
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        for (Connection loss : LOSSES) {
            Sighting seen = unmanaged("known-id", Enrolment.NO_TIME, Doubt.because(loss));
            Sighting sighting = ask(lookups, SERIAL, seen);
            Posture posture = posture(sighting);
            assertThat(posture.value(Attribute.MDM_ENABLED)).as("%s", loss).isNotEqualTo(true);
            assertThat(posture.value(Attribute.CONNECTION_REASON)).isEqualTo(loss.reason());
            assertThat(posture.value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(true);
            assertThat(sighting.source()).isEqualTo(Source.VIEW);
            assertThat(deviceIds(sighting)).containsExactly("known-id");
        }
        assertThat(count("contradicted")).isOne();
        assertThat(count("remembered")).isEqualTo(2);
    }

    @Test
    void aRowOfTheKnownDeviceAnswersButNotForAnotherRowBesideIt() {
        Device known = enrol(acme, "C02XK1", null);
        enrol(acme, "C02XK1", null);
        Sighting seen = unmanaged(known.id(), Enrolment.NO_TIME, Doubt.because(Connection.ROW_UNREADABLE));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen);
        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(deviceIds(sighting)).containsExactly(known.id());
        assertThat(posture(sighting).value(Attribute.CONNECTION_REASON)).isEqualTo("serial_ambiguous");
        assertThat(posture(sighting).value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(true);
    }

    @Test
    void aRowOfTheKnownDeviceThatIsOlderThanItsPublishedOneOpensNothing() {
        Device known = enrol(acme, "C02XK1", null);
        long later = known.lastCheckIn() / 1000 + 1;
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        Sighting older = ask(lookups, SERIAL, unmanaged(known.id(), later, Doubt.because(Connection.ROW_UNREADABLE)));
        assertThat(posture(older).value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
        assertThat(posture(older).value(Attribute.CONNECTION_REASON)).isEqualTo("row_unreadable");
        assertThat(posture(older).value(Attribute.SERIAL_AMBIGUOUS)).isEqualTo(false);

        Sighting same =
                ask(lookups, SERIAL, unmanaged(known.id(), later - 1, Doubt.because(Connection.ROW_UNREADABLE)));
        assertThat(posture(same).value(Attribute.MDM_ENABLED)).isEqualTo(true);
        assertThat(same.source()).isEqualTo(Source.LIVE);
    }

    @Test
    void aRowOfADeviceWhoseSerialNumberIsUnconfirmedOpensNothing() {
        Device known = enrol(acme, "C02XK1", null);
        Sighting seen = unmanaged(known.id(), Enrolment.NO_TIME, RowFields.doubt(List.of("serial_number")));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen);
        assertThat(posture(sighting).value(Attribute.MDM_ENABLED)).isNotEqualTo(true);
        assertThat(posture(sighting).value(Attribute.CONNECTION_REASON)).isEqualTo("row_unreadable");
    }

    @Test
    void anUnchangedDeviceIsConfirmed() {
        enrol(acme, "C02XK1", acme.fleet().hire("Ada", "Ada@Acme.com"));
        Enrolment published = ask(lookups(LiveSettings.USUAL, acme), SERIAL, Sighting.NONE)
                .device()
                .orElseThrow()
                .enrolment();
        clock.pass(Duration.ofHours(3));
        Sighting seen = Sighting.ofView(new Chosen(published, false), Optional.of(state("acme")));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen);
        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(sighting.seenAt()).isEqualTo(clock.millis());
        assertThat(posture(seen).value(Attribute.CONNECTION)).isNotEqualTo("available");
        assertThat(posture(sighting).value(Attribute.CONNECTION)).isEqualTo("available");
        assertThat(posture(sighting).age()).isZero();
        assertThat(count("found")).isEqualTo(2);
        assertThat(count("contradicted")).isZero();
    }

    @Test
    void aRemovalInAnOlderRowCountsAndIsFound() {
        Device mac = enrol(acme, "C02XK1", null);
        acme.fleet().markRemoved(mac);
        long later = mac.lastCheckIn() / 1000 + 1;
        Sighting sighting = ask(
                lookups(LiveSettings.USUAL, acme),
                SERIAL,
                unmanaged(mac.id(), later, Doubt.because(Connection.ROW_UNREADABLE)));
        assertThat(posture(sighting).value(Attribute.CONNECTION_REASON)).isEqualTo("device_removed");
        assertThat(sighting.source()).isEqualTo(Source.VIEW);
        assertThat(count("found")).isOne();
        assertThat(count("contradicted")).isZero();
    }

    private Sighting unmanaged(String deviceId, long lastCheckIn, Doubt doubt) {
        Enrolment known = Rows.seen("acme", deviceId, false, lastCheckIn, doubt);
        var swept = new AccountState("acme", "CONNECTED", clock.millis(), Duration.ofHours(1), false);
        return Sighting.ofView(new Chosen(known, false), Optional.of(swept));
    }

    private Posture posture(Sighting sighting) {
        return Posture.of(Question.of(SERIAL), sighting, clock.millis());
    }

    // ---- what is found

    @Test
    void aDeviceTheViewDoesNotKnowIsFoundAsTheApiHasIt() {
        Person ada = acme.fleet().hire("Ada", "Ada@Acme.com");
        Device mac = enrol(acme, "c02xk1", ada);
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, Sighting.NONE);

        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(sighting.seenAt()).isEqualTo(clock.millis());
        assertThat(sighting.account()).contains(state("acme"));
        Chosen chosen = sighting.device().orElseThrow();
        assertThat(chosen.ambiguous()).isFalse();
        Enrolment device = chosen.enrolment();
        assertThat(device.accountId()).isEqualTo("acme");
        assertThat(device.deviceId()).isEqualTo(mac.id());
        assertThat(device.platform()).isEqualTo("Mac");
        assertThat(device.osVersion()).isEqualTo(mac.osVersion());
        assertThat(device.mdmEnabled()).isTrue();
        assertThat(device.attributed()).isTrue();
        assertThat(device.userEmail()).isEqualTo("ada@acme.com");
        assertThat(device.blueprint()).isEqualTo(mac.blueprint().name());
        assertThat(device.lastCheckIn()).isEqualTo(mac.lastCheckIn() / 1000);
        assertThat(device.enrolledAt()).isEqualTo(mac.lastEnrolledAt() / 1000);
        assertThat(count("found")).isOne();
    }

    @Test
    void partOfASerialNumberFindsNobody() {
        enrol(acme, "C02XK12", null);
        enrol(acme, "AC02XK1", null);
        assertThat(ask(lookups(LiveSettings.USUAL, acme), SERIAL, Sighting.NONE))
                .isSameAs(Sighting.NONE);
        assertThat(acme.requests().count(Endpoint.DEVICES, 200)).isOne();
        assertThat(count("not_found")).isOne();
    }

    @Test
    void anAnswerWithoutTheDeviceIsNotBelievedAgainstTheView() {
        enrol(acme, "C02XK1", null);
        acme.faults().on(Endpoint.DEVICES).emptyFleet();
        Sighting seen = stale("acme", "gone-for-now");
        assertThat(ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen)).isSameAs(seen);
        assertThat(count("not_found")).isOne();
    }

    @Test
    void aStaleDeviceIsAskedForAtItsAccountOnly() {
        KandjiSimulator beta = simulator("beta");
        enrol(acme, "C02XK1", null);
        Device atBeta = enrol(beta, "C02XK1", null);
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme, beta), SERIAL, stale("beta", atBeta.id()));
        assertThat(deviceIds(sighting)).containsExactly(atBeta.id());
        assertThat(sighting.device().orElseThrow().ambiguous()).isFalse();
        assertThat(acme.requests().count()).isZero();
    }

    @Test
    void whatTheViewKnowsToBeSharedStaysSharedThoughOneAccountAloneWasAsked() {
        Device known = enrol(acme, "C02XK1", null);
        Sighting shared = Sighting.ofView(new Chosen(Rows.seen("acme", known.id()), true), Optional.of(state("acme")));
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, shared);
        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(sighting.device().orElseThrow().ambiguous()).isTrue();
    }

    @Test
    void anUnknownSerialNumberIsAskedForEverywhereAndTheLatestCheckInSpeaks() {
        KandjiSimulator beta = simulator("beta");
        enrol(acme, "C02XK1", null);
        Device later = enrol(beta, "C02XK1", null);
        ((StoryClock) beta.tenant().clock()).advance(Duration.ofHours(1));
        beta.fleet().checkIn(later);
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme, beta), SERIAL, Sighting.NONE);
        assertThat(deviceIds(sighting)).containsExactly(later.id());
        assertThat(sighting.device().orElseThrow().ambiguous()).isTrue();
        assertThat(sighting.account()).contains(state("beta"));
    }

    @Test
    void aDeviceTheApiListsAsRemovedIsBelieved() {
        Device mac = enrol(acme, "C02XK1", null);
        acme.fleet().markRemoved(mac);
        Sighting sighting = ask(lookups(LiveSettings.USUAL, acme), SERIAL, stale("acme", mac.id()));
        assertThat(sighting.source()).isEqualTo(Source.LIVE);
        assertThat(sighting.device().orElseThrow().enrolment().removed()).isTrue();
    }

    @Test
    void anAccountThatIsNotConfiguredIsNotAsked() {
        Sighting seen = stale("gone", "d1");
        assertThat(ask(lookups(LiveSettings.USUAL, acme), SERIAL, seen)).isSameAs(seen);
        assertThat(count("refused")).isOne();
        assertThat(acme.requests().count()).isZero();
    }

    // ---- several accounts of which one fails

    @Test
    void foundIsFoundThoughAnotherAccountFails() {
        KandjiSimulator beta = simulator("beta");
        Device mac = enrol(beta, "C02XK1", null);
        acme.faults().on().status(500);
        assertThat(deviceIds(ask(lookups(LiveSettings.USUAL, acme, beta), SERIAL, Sighting.NONE)))
                .containsExactly(mac.id());
        assertThat(count("found")).isOne();
    }

    @Test
    void notFoundTakesTheWordOfAllAccounts() {
        KandjiSimulator beta = simulator("beta");
        acme.faults().on().status(500);
        assertThat(ask(lookups(LiveSettings.USUAL, acme, beta), SERIAL, Sighting.NONE))
                .isSameAs(Sighting.NONE);
        assertThat(count("failed")).isOne();
        assertThat(count("not_found")).isZero();
    }

    @Test
    void atTheDeadlineWhatHasComeCounts() throws Exception {
        KandjiSimulator beta = simulator("beta");
        var asked = new CountDownLatch(1);
        hang(acme, asked);
        Device mac = enrol(beta, "C02XK1", null);
        // So that beta has answered for certain when the deadline is there: an asker before with all the time it needs.
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme, beta);
        CompletableFuture<Sighting> patient = start(lookups, SERIAL, Sighting.NONE, LONG);
        asked.await();
        eventually(() ->
                !deviceIds(start(lookups, SERIAL, Sighting.NONE, SHORT).join()).isEmpty());
        assertThat(patient).isNotDone();
        assertThat(deviceIds(
                        start(lookups, SERIAL, Sighting.NONE, Duration.ZERO).join()))
                .containsExactly(mac.id());
        released.countDown();
        assertThat(patient).succeedsWithin(SOON);
    }

    // ---- never late

    @Test
    void anApiThatHangsHoldsNobodyBeyondTheDeadlineAndItsLateAnswerIsForTheNext() throws Exception {
        Device mac = enrol(acme, "C02XK1", null);
        hang(acme, new CountDownLatch(1));
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        Sighting seen = stale("acme", mac.id());
        assertThat(start(lookups, SERIAL, seen, SHORT)).succeedsWithin(SOON).isSameAs(seen);
        assertThat(count("too_late")).isOne();

        CompletableFuture<Sighting> next = start(lookups, SERIAL, seen, LONG);
        released.countDown();
        assertThat(next).succeedsWithin(SOON);
        assertThat(deviceIds(next.join())).containsExactly(mac.id());
        assertThat(deviceIds(ask(lookups, SERIAL, seen))).containsExactly(mac.id());
        assertThat(acme.requests().count()).isOne();
        assertThat(count("shared")).isOne();
        assertThat(count("remembered")).isOne();
    }

    @Test
    void oneAccountThatHangsKeepsNoOtherWaiting() {
        KandjiSimulator beta = simulator("beta");
        hang(acme, new CountDownLatch(1));
        Device atBeta = enrol(beta, "C02XK1", null);
        LiveLookups lookups = lookups(new LiveSettings(1, 50, 4), acme, beta);
        for (int i = 0; i < 40; i++) {
            start(lookups, serial("OTHER" + i), stale("acme", "d" + i), LONG);
        }
        assertThat(ask(lookups, SERIAL, stale("beta", atBeta.id())).source()).isEqualTo(Source.LIVE);
    }

    @Test
    void whoeverCannotBeQueuedIsAnsweredAtOnce() {
        hang(acme, new CountDownLatch(1));
        LiveLookups lookups = lookups(new LiveSettings(1, 50, 1), acme);
        Sighting last = null;
        for (int i = 0; count("refused") == 0; i++) {
            CompletableFuture<Sighting> asked = start(lookups, serial("S" + i), Sighting.NONE, LONG);
            last = asked.getNow(null);
            assertThat(i).isLessThan(1_100);
        }
        assertThat(last).isSameAs(Sighting.NONE);
    }

    @Test
    void nobodyIsAskedWhenEverybodyHasGone() {
        var account = new AskedAccount(
                account(acme, () -> new Password(acme.token())),
                LiveSettings.USUAL,
                1,
                KandjiClient.newHttpClient(SOON),
                clock,
                this::steadyNanos,
                new LiveMetrics(meters));
        opened.add(account);
        var lookup = new Lookup(1, clock.instant());
        account.ask(SERIAL, lookup);
        assertThat(lookup.whole()).succeedsWithin(SOON);
        assertThat(lookup.finding().outcome()).isEqualTo(LiveOutcome.TOO_LATE);
        assertThat(acme.requests().count()).isZero();
    }

    @Test
    void closingLetsEverybodyGo() throws Exception {
        var asked = new CountDownLatch(1);
        hang(acme, asked);
        LiveLookups lookups = lookups(new LiveSettings(1, 50, 1), acme);
        List<CompletableFuture<Sighting>> waiting = IntStream.range(0, 10)
                .mapToObj(i -> start(lookups, serial("S" + i), Sighting.NONE, LONG))
                .toList();
        asked.await();
        lookups.close();
        eventually(this::aRequestWasGivenUp);
        assertThat(waiting)
                .allSatisfy(one -> assertThat(one).succeedsWithin(SOON).isSameAs(Sighting.NONE));
        assertThat(start(lookups, SERIAL, Sighting.NONE, LONG))
                .succeedsWithin(SOON)
                .isSameAs(Sighting.NONE);
        assertThat(count("refused")).isEqualTo(11);
        assertThat(count("too_late")).isZero();
    }

    @Test
    void aViewThatFailsDoesNotFailTheAnswer() {
        enrol(acme, "C02XK1", null);
        var lookups = new LiveLookups(
                List.of(account(acme, () -> new Password(acme.token()))),
                LiveSettings.USUAL,
                clock,
                this::steadyNanos,
                new LiveLookups.View() {
                    @Override
                    public Optional<AccountState> account(String id) {
                        throw new IllegalStateException("closed");
                    }

                    @Override
                    public Optional<Published> published(String accountId, String deviceId) {
                        return Optional.empty();
                    }
                },
                meters);
        opened.add(lookups);
        assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
    }

    // ---- once for all

    @Test
    void aThousandAskersOfOneNumberMakeOneRequest() {
        Device mac = enrol(acme, "C02XK1", null);
        hang(acme, new CountDownLatch(1));
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        List<CompletableFuture<Sighting>> askers = IntStream.range(0, 1_000)
                .parallel()
                .mapToObj(i -> start(lookups, SERIAL, Sighting.NONE, LONG))
                .toList();
        released.countDown();
        CompletableFuture<Void> all = CompletableFuture.allOf(askers.toArray(CompletableFuture<?>[]::new));
        assertThat(all).succeedsWithin(SOON);
        assertThat(askers).allSatisfy(one -> assertThat(deviceIds(one.join())).containsExactly(mac.id()));
        assertThat(acme.requests().count()).isOne();
        assertThat(count("found")).isOne();
        assertThat(count("shared")).isEqualTo(999);
    }

    @Test
    void anAnswerIsRememberedForTenSecondsAndItsAgeIsTrue() {
        enrol(acme, "C02XK1", null);
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        long first = ask(lookups, SERIAL, Sighting.NONE).seenAt();
        clock.pass(Duration.ofMillis(9_999));
        assertThat(ask(lookups, SERIAL, Sighting.NONE).seenAt()).isEqualTo(first);
        assertThat(acme.requests().count()).isOne();
        clock.pass(Duration.ofMillis(1));
        assertThat(ask(lookups, SERIAL, Sighting.NONE).seenAt()).isEqualTo(first + 10_000);
        assertThat(acme.requests().count()).isEqualTo(2);
    }

    @Test
    void thatNobodyHasItIsRememberedToo() {
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
        }
        assertThat(acme.requests().count()).isOne();
        assertThat(count("remembered")).isEqualTo(4);
    }

    @Test
    void aFailureIsRememberedForTwoSeconds() {
        enrol(acme, "C02XK1", null);
        acme.faults().on().times(1).status(503);
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
        clock.pass(Duration.ofMillis(1_999));
        assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
        assertThat(acme.requests().count()).isOne();
        clock.pass(Duration.ofMillis(1));
        assertThat(ask(lookups, SERIAL, Sighting.NONE).source()).isEqualTo(Source.LIVE);
    }

    // ---- what it costs

    @Test
    void noHourSeesMoreThanTheShare() {
        // A twentieth of a percent of 10,000: five an hour.
        LiveLookups lookups = lookups(new LiveSettings(0.0005, 50, 32), acme);
        for (int hour = 1; hour <= 3; hour++) {
            for (int minute = 0; minute < 60; minute++) {
                ask(lookups, serial("H" + hour + "M" + minute), Sighting.NONE);
                clock.pass(Duration.ofMinutes(1));
            }
            assertThat(acme.requests().count()).isBetween(4L * hour, 5L * hour);
        }
        assertThat(count("quota")).isEqualTo(180 - acme.requests().count());
        assertThat(meters.get("posture.live").timer().count())
                .as("no time is told of what was not asked")
                .isEqualTo(acme.requests().count());
    }

    @Test
    void noSecondSeesMoreThanAllowedAndWhatWasNotAskedIsNotRemembered() {
        LiveLookups lookups = lookups(new LiveSettings(1, 5, 32), acme);
        for (int i = 0; i < 20; i++) {
            ask(lookups, serial("S" + i), Sighting.NONE);
        }
        assertThat(acme.requests().count()).isEqualTo(5);
        clock.pass(Duration.ofSeconds(1));
        ask(lookups, serial("S19"), Sighting.NONE);
        assertThat(acme.requests().count()).isEqualTo(6);
    }

    @Test
    void anApiThatHasUsWaitIsNotAskedMeanwhile() {
        enrol(acme, "C02XK1", null);
        acme.faults().on().times(1).status(429, Duration.ofSeconds(30));
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        ask(lookups, serial("S1"), Sighting.NONE);
        clock.pass(Duration.ofSeconds(29));
        assertThat(ask(lookups, SERIAL, Sighting.NONE)).isSameAs(Sighting.NONE);
        assertThat(acme.requests().count()).isOne();
        clock.pass(Duration.ofSeconds(1));
        assertThat(ask(lookups, SERIAL, Sighting.NONE).source()).isEqualTo(Source.LIVE);
    }

    @Test
    void anAccountThatRefusesIsLeftAloneForAMinuteUnlessItsTokenChanges() {
        enrol(acme, "C02XK1", null);
        var token = new String[] {"wrong"};
        LiveLookups lookups = lookups(List.of(account(acme, () -> new Password(token[0]))), LiveSettings.USUAL);
        for (int i = 0; i < 10; i++) {
            ask(lookups, serial("S" + i), Sighting.NONE);
        }
        assertThat(acme.requests().count(Endpoint.DEVICES, 401)).isOne();
        assertThat(count("paused")).isEqualTo(9);
        clock.pass(Duration.ofSeconds(60));
        ask(lookups, serial("S10"), Sighting.NONE);
        assertThat(acme.requests().count(Endpoint.DEVICES, 401)).isEqualTo(2);
        token[0] = acme.token();
        assertThat(ask(lookups, SERIAL, Sighting.NONE).source()).isEqualTo(Source.LIVE);
    }

    @Test
    void aTokenThatMayNotListDevicesIsLeftAloneToo() {
        acme.access().permit(Set.of(Endpoint.PRISM_APPS));
        LiveLookups lookups = lookups(LiveSettings.USUAL, acme);
        ask(lookups, serial("S1"), Sighting.NONE);
        ask(lookups, serial("S2"), Sighting.NONE);
        assertThat(acme.requests().count(Endpoint.DEVICES, 403)).isOne();
        assertThat(count("paused")).isOne();
    }

    @Test
    void aTokenThatCannotBeReadIsNoFailureOfTheAnswer() {
        LiveLookups lookups = lookups(
                List.of(account(acme, () -> {
                    throw new IllegalStateException("no such file");
                })),
                LiveSettings.USUAL);
        ask(lookups, serial("S1"), Sighting.NONE);
        ask(lookups, serial("S2"), Sighting.NONE);
        assertThat(count("failed")).isOne();
        assertThat(count("paused")).isOne();
        assertThat(acme.requests().count()).isZero();
    }

    // ---- helpers of these tests

    private KandjiSimulator simulator(String id) {
        var simulator = KandjiSimulator.start(Tenant.us(id, 1).withDevices(0).withLimits(RateLimits.told()));
        opened.add(0, simulator);
        return simulator;
    }

    private static LiveAccount account(KandjiSimulator simulator, Supplier<Password> token) {
        return new LiveAccount(simulator.tenant().id(), ApiUrl.parse(simulator.url(), false), token);
    }

    private LiveLookups lookups(LiveSettings settings, KandjiSimulator... simulators) {
        return lookups(
                Arrays.stream(simulators)
                        .map(simulator -> account(simulator, () -> new Password(simulator.token())))
                        .toList(),
                settings);
    }

    private LiveLookups lookups(List<LiveAccount> accounts, LiveSettings settings) {
        var view = new LiveLookups.View() {
            @Override
            public Optional<AccountState> account(String id) {
                return Optional.of(state(id));
            }

            @Override
            public Optional<Published> published(String accountId, String deviceId) {
                return Optional.ofNullable(published.get(accountId + "/" + deviceId));
            }
        };
        var lookups = new LiveLookups(accounts, settings, clock, this::steadyNanos, view, meters);
        opened.add(0, lookups);
        return lookups;
    }

    private long steadyNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static AccountState state(String id) {
        return new AccountState(id, "UNREACHABLE", 0, Duration.ofHours(1), false);
    }

    /** Its API takes requests and does not answer before {@link #released}. */
    private void hang(KandjiSimulator simulator, CountDownLatch asked) {
        simulator.faults().on().before(() -> {
            asked.countDown();
            try {
                released.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Device enrol(KandjiSimulator simulator, String serial, Person person) {
        return simulator
                .fleet()
                .enrol(new dev.kandjistream.simulator.fleet.Enrolment(
                        Hardware.of(Platform.MAC, serial), "Mac", person, List.of()));
    }

    private static SerialNumber serial(String text) {
        return SerialNumber.of(text).orElseThrow();
    }

    private static Sighting stale(String account, String deviceId) {
        return Sighting.ofView(new Chosen(Rows.seen(account, deviceId), false), Optional.of(state(account)));
    }

    private static CompletableFuture<Sighting> start(
            LiveLookups lookups, SerialNumber serial, Sighting seen, Duration deadline) {
        return lookups.ask(serial, seen, deadline).toCompletableFuture();
    }

    private static Sighting ask(LiveLookups lookups, SerialNumber serial, Sighting seen) {
        CompletableFuture<Sighting> answer = start(lookups, serial, seen, LONG);
        assertThat(answer).succeedsWithin(SOON);
        return answer.join();
    }

    private static List<String> deviceIds(Sighting sighting) {
        return sighting.device()
                .map(device -> device.enrolment().deviceId())
                .map(List::of)
                .orElse(List.of());
    }

    private boolean aRequestWasGivenUp() {
        return meters.find("posture.live.requests")
                        .tags("account", "acme", "status", "0")
                        .counter()
                != null;
    }

    private static void eventually(BooleanSupplier so) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private long count(String outcome) {
        return (long) meters.get("posture.live.lookups")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
