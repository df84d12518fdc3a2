package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.simulator.http.Endpoint.DEVICES;
import static dev.kandjistream.simulator.http.Endpoint.PRISM_APPS;
import static dev.kandjistream.standalone.e2e.Trouble.complete;
import static dev.kandjistream.standalone.e2e.Trouble.failed;
import static dev.kandjistream.standalone.e2e.Trouble.incomplete;
import static dev.kandjistream.standalone.e2e.Trouble.quarantined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the API may do wrong, and what comes of it: the receipt names it, nothing is taken away, what is new still comes
 * where it can, the other account does not notice, and when the trouble is over everything is as it should be.
 */
@Tag("evidence")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration STANDING = Duration.ofSeconds(2);
    private static final PollSettings IMPATIENT = Account.onDemand().withAttempts(2, TIMEOUT);

    /** The newer form: no total of devices, one of app rows on the first page. */
    private final Account acme =
            Account.start(Tenant.us("acme", 27).withDevices(60).withAppsPerMac(25), IMPATIENT);

    /** The older form: totals on every page. */
    private final Account globex =
            Account.start(Tenant.eu("globex", 28).withDevices(25).withAppsPerMac(25), IMPATIENT);

    /** Believes what has stood for two seconds, not for a day. */
    private final Account initech = Account.start(
            Tenant.us("initech", 29).withDevices(15).withAppsPerMac(5), Account.believingAfter(STANDING, IMPATIENT));

    private Stack stack;
    private int before;
    private int serial;

    @BeforeAll
    void start(@TempDir Path directory) {
        stack = Stack.start(directory, List.of(acme, globex, initech));
        stack.sweepWhole();
        stack.judgeAll();
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
    }

    /** Also where a test did not come so far as to end its trouble itself. */
    @AfterEach
    void endTroubles() {
        for (Account account : List.of(acme, globex, initech)) {
            account.simulator().faults().clear();
            account.simulator().access().permitAll();
        }
    }

    static Stream<Trouble> ofDeviceLists() {
        return Stream.of(
                failed("500 to everything", on -> on.status(500), "UNREACHABLE", 500),
                failed("503 to everything", on -> on.status(503), "UNREACHABLE", 503),
                failed("no answer at all", on -> on.hangUp(), "UNREACHABLE", null),
                failed("bodies cut half way", on -> on.cutBody(), "UNREACHABLE", null),
                failed("HTML with status 200", on -> on.html(), "CONNECTED", 200),
                failed("429 to everything", on -> on.status(429), "RATE_LIMITED", 429),
                complete("503 once", on -> on.times(1).status(503)),
                complete(
                        "429 once, to come again in a second", on -> on.times(1).status(429, Duration.ofSeconds(1))),
                complete("a body cut once", on -> on.times(1).cutBody()),
                incomplete("500 after the first page", on -> on.after(1).status(500), "UNREACHABLE", 500),
                incomplete("HTML after the first page", on -> on.after(1).html(), "CONNECTED", 200),
                quarantined("an empty list", on -> on.emptyFleet()).bringingNothingNew(),
                quarantined("an empty page", on -> on.emptyPage()).bringingNothingNew(),
                quarantined("ten devices and no more", on -> {
                            on.times(1).shortPage(10);
                            on.after(1).emptyPage();
                        })
                        .bringingMaybeSomethingNew(),
                complete("pages shorter than asked for", on -> on.cappedPage(10)),
                complete("a page cut short", on -> on.times(1).shortPage(10)),
                quarantined("no device with its user", on -> on.noUsers()).bringingNothingNew(),
                // Without a total this is a complete sweep, like any in which five devices are gone: the first of two.
                complete("five devices skipped", on -> on.shift(5))
                        .withholding(5)
                        .bringingMaybeSomethingNew());
    }

    /**
     * What is new is the last of all rows, on a Mac whose other rows are on the first page. Where the list breaks off
     * while the API still answers, that Mac reported again and lacks rows, and so is read again by itself.
     */
    static Stream<Trouble> ofAppLists() {
        return Stream.of(
                failed("500 to everything", on -> on.status(500), "UNREACHABLE", 500),
                failed("HTML with status 200", on -> on.html(), "CONNECTED", 200),
                complete("500 once", on -> on.after(1).times(1).status(500)),
                incomplete("500 after two pages", on -> on.after(2).status(500), "UNREACHABLE", 500)
                        .bringingMaybeSomethingNew(),
                incomplete("bodies cut after two pages", on -> on.after(2).cutBody(), "UNREACHABLE", null)
                        .bringingMaybeSomethingNew(),
                incomplete("HTML after two pages", on -> on.after(2).html(), "CONNECTED", 200)
                        .bringingMaybeSomethingNew(),
                incomplete(
                                "an empty page in the middle",
                                on -> on.after(1).times(1).emptyPage())
                        .because("claims"),
                incomplete(
                                "a short page in the middle",
                                on -> on.after(1).times(1).shortPage(100))
                        .because("claims"),
                incomplete(
                                "rows skipped between pages",
                                on -> on.after(1).times(1).shift(5))
                        .because("claims"),
                complete(
                        "rows repeated between pages",
                        on -> on.after(1).times(1).shift(-5)),
                incomplete(
                                "a cursor that comes again",
                                on -> on.after(1).times(1).repeatedCursor())
                        .because("cursor"),
                incomplete("cursors that expire", on -> on.expiredCursor(), "CONNECTED", 400),
                complete(
                        "a cursor that expires once", on -> on.after(2).times(1).expiredCursor()),
                complete(
                        "a full page without a cursor",
                        on -> on.after(1).times(1).noCursor()),
                complete("pages shorter than asked for", on -> on.cappedPage(100)),
                incomplete("a total that is too high", on -> on.total(99_999L)).because("claims"),
                complete("no total", on -> on.total(null)),
                quarantined("an empty list with a total of 0", on -> on.emptyFleet())
                        .bringingNothingNew(),
                incomplete("an empty list with the true total", on -> on.emptyPage())
                        .because("claims")
                        .bringingNothingNew());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofDeviceLists")
    void troubleWithTheDeviceListTakesNothingAway(Trouble trouble) {
        String newDevice = someoneJoins(acme);
        String renamed = somethingIsRenamed(globex);
        suffer(trouble, Kind.DEVICES, DEVICES, "license.assigned c DEVICE_ENROLLED " + newDevice);
        assertThat(stack.lines(globex, before)).contains("device.updated u DEVICE_CHANGED " + renamed);
        recover(acme, Kind.DEVICES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofAppLists")
    void troubleWithTheAppListTakesNothingAway(Trouble trouble) {
        String newApp = somethingIsInstalled(acme);
        String otherApp = somethingIsInstalled(globex);
        suffer(trouble, Kind.APPS, PRISM_APPS, "usage.started c APP_INSTALLED " + newApp);
        assertThat(stack.lines(globex, before)).containsExactly("usage.started c APP_INSTALLED " + otherApp);
        recover(acme, Kind.APPS);
    }

    private void suffer(Trouble trouble, Kind kind, Endpoint endpoint, String news) {
        before = stack.read();
        Holdings held = stack.holdings(acme);
        trouble.on(acme.simulator().faults().on(endpoint));
        Map<Account, SweepReceipt> receipts = stack.sweep(kind, List.of(acme, globex));
        acme.simulator().faults().clear();

        trouble.judge(receipts.get(acme), "GET /api/v1" + (kind == Kind.DEVICES ? "/devices" : "/prism/apps"));
        assertThat(receipts.get(globex).getVerdict()).isEqualTo("COMPLETE");
        stack.read();
        stack.judgeTruth(globex);
        held.stillStandIn(stack.holdings(acme));
        trouble.judgeNews(stack.lines(acme, before), news);
    }

    /** One sweep of what was in trouble, and everything is as it should be, the log of the time of trouble too. */
    private void recover(Account account, Kind... kinds) {
        for (Kind kind : kinds) {
            assertThat(stack.sweep(account, kind).getVerdict()).isEqualTo("COMPLETE");
        }
        stack.judgeAll();
    }

    /** Somebody new with a Mac of its own, whose apps are not collected yet; its name is returned. */
    private String someoneJoins(Account account) {
        account.timePasses(Duration.ofHours(1));
        String name = "new-mac-" + ++serial;
        Person person = account.fleet().hire("New " + serial, "new" + serial + "@x.example");
        account.fleet()
                .enrol(Enrolment.of(Platform.MAC, "C02NEW" + serial, name).assignedTo(person));
        return name;
    }

    private String somethingIsRenamed(Account account) {
        account.timePasses(Duration.ofHours(1));
        var device = macs(account).findFirst().orElseThrow();
        String name = "renamed-" + ++serial;
        account.fleet().rename(device, name);
        return name;
    }

    private static Stream<Device> macs(Account account) {
        return account.fleet().devices().stream()
                .filter(device -> device.platform() == Platform.MAC && device.person() != null && !device.removed());
    }

    /**
     * On a Mac that has apps and belongs to somebody with an email; {@code app of email} is returned. The new row is the
     * last of the API's list.
     */
    private String somethingIsInstalled(Account account) {
        account.timePasses(Duration.ofHours(1));
        var device = macs(account)
                .filter(mac -> !mac.person().email().isEmpty() && !mac.rows().isEmpty())
                .findFirst()
                .orElseThrow();
        String name = "App" + ++serial;
        account.fleet().install(device, App.mac(name, "example.app" + serial, "1.0"));
        return name + " of " + device.person().email().toLowerCase(Locale.ROOT);
    }

    @Test
    void anAccountThatDoesNotAnswerHoldsUpNobodyElse() {
        someoneJoins(acme);
        String renamed = somethingIsRenamed(globex);
        before = stack.read();
        var held = stack.holdings(acme);
        acme.simulator().faults().on(DEVICES).delay(TIMEOUT.plusSeconds(1));
        CompletableFuture<SweepReceipt> slow = stack.pipeline().sweepNow(acme.id(), Kind.DEVICES);
        assertThat(stack.sweep(globex, Kind.DEVICES).getVerdict()).isEqualTo("COMPLETE");
        assertThat(slow)
                .as("the sweep that gets no answer, after the other has come through")
                .isNotDone();
        stack.read();
        assertThat(stack.lines(globex, before)).contains("device.updated u DEVICE_CHANGED " + renamed);

        SweepReceipt receipt = Stack.await(slow);
        acme.simulator().faults().clear();
        failed("no answer in time", on -> {}, "UNREACHABLE", null).judge(receipt, "GET /api/v1/devices");
        stack.judgeLaws();
        held.stillStandIn(stack.holdings(acme));
        recover(acme, Kind.DEVICES);
    }

    @Test
    void aShiftingListIsFoundOutByItsTotal() {
        var held = stack.holdings(globex);
        globex.simulator().faults().on(DEVICES).shift(3);
        SweepReceipt receipt = stack.sweep(globex, Kind.DEVICES);
        globex.simulator().faults().clear();
        incomplete("three devices skipped", on -> {}).because("claims").judge(receipt, "GET /api/v1/devices");
        stack.judgeLaws();
        held.stillStandIn(stack.holdings(globex));
        recover(globex, Kind.DEVICES);
    }

    @Test
    void aRevokedTokenIsToldAndANewOneIsPickedUp() {
        someoneJoins(acme);
        var held = stack.holdings(acme);
        acme.simulator().access().revokeToken();
        for (Kind kind : List.of(Kind.DEVICES, Kind.APPS)) {
            SweepReceipt receipt = stack.sweep(acme, kind);
            failed("a revoked token", on -> {}, "UNAUTHORIZED", 401)
                    .judge(receipt, kind == Kind.DEVICES ? "GET /api/v1/devices" : "GET /api/v1/prism/apps");
            assertThat(receipt.getRequests())
                    .as("a refused token is not tried again")
                    .isEqualTo(1);
        }
        assertThat(stack.connections()).containsEntry("acme", "UNAUTHORIZED").containsEntry("globex", "CONNECTED");
        stack.judgeLaws();
        held.stillStandIn(stack.holdings(acme));

        acme.simulator().access().replaceToken("a-new-token");
        acme.useToken("a-new-token");
        recover(acme, Kind.DEVICES, Kind.APPS);
        assertThat(stack.connections()).containsEntry("acme", "CONNECTED");
    }

    @Test
    void aMissingPermissionNamesTheEndpointAndStopsNothingElse() {
        String newDevice = someoneJoins(acme);
        var held = stack.holdings(acme);
        before = stack.read();
        acme.simulator().access().permit(EnumSet.of(DEVICES));
        assertThat(stack.sweep(acme, Kind.DEVICES).getVerdict()).isEqualTo("COMPLETE");
        failed("apps not permitted", on -> {}, "FORBIDDEN", 403)
                .judge(stack.sweep(acme, Kind.APPS), "GET /api/v1/prism/apps");
        assertThat(stack.connections()).containsEntry("acme", "FORBIDDEN").containsEntry("globex", "CONNECTED");
        stack.judgeLaws();
        held.stillStandIn(stack.holdings(acme));
        assertThat(stack.lines(acme, before)).contains("license.assigned c DEVICE_ENROLLED " + newDevice);

        acme.simulator().access().permitAll();
        recover(acme, Kind.APPS);
        assertThat(stack.connections()).containsEntry("acme", "CONNECTED");
    }

    @Test
    void whatIsWithheldIsBelievedWhenTheSameHasStoodLongEnough() {
        before = stack.read();
        var held = stack.holdings(initech);
        initech.timePasses(Duration.ofHours(1));
        // Not all users: an operator must approve the loss of everything.
        initech.fleet().devices().subList(0, 12).forEach(initech.fleet()::unassign);
        String newDevice = someoneJoins(initech);
        SweepReceipt first = stack.sweep(initech, Kind.DEVICES);
        quarantined("most users gone", on -> {}).judge(first, null);
        stack.judgeLaws();
        held.stillStandIn(stack.holdings(initech));
        assertThat(stack.lines(initech, before)).contains("license.assigned c DEVICE_ENROLLED " + newDevice);

        SweepReceipt later = first;
        long deadline = System.nanoTime() + Stack.DEADLINE.toNanos();
        while (!later.getVerdict().equals("COMPLETE") && System.nanoTime() < deadline) {
            later = stack.sweep(initech, Kind.DEVICES);
        }
        assertThat(later.getVerdict()).isEqualTo("COMPLETE");
        assertThat(later.getRetracted()).isEqualTo(first.getWithheld());
        assertThat(Duration.between(first.getStartedAt(), later.getFinishedAt()))
                .as("how long the picture has stood")
                .isGreaterThanOrEqualTo(STANDING);
        stack.judgeAll();
    }
}
