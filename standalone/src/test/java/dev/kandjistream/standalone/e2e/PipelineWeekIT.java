package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * A week in the life of two accounts, told step by step. After every step tables, folded topics, history and the fleets'
 * truth are equal, the log is lawful, the events are exactly those worked out by hand, and sweeping once more tells nothing.
 * Each test continues where the one before it ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineWeekIT {
    private final Account acme =
            Account.start(Tenant.us("acme", 7).withDevices(60).withAppsPerMac(25), Account.onDemand());
    private final Account globex =
            Account.start(Tenant.eu("globex", 8).withDevices(25).withAppsPerMac(25), Account.onDemand());
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

    /** An hour later the same happens in both accounts. */
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

    /** What is as it was is not told again, not even raw. */
    private void nothingIsToldAgain() {
        int mark = stack.read();
        List<SweepReceipt> receipts = stack.sweepWhole();
        stack.read();
        casts.keySet().forEach(account -> assertThat(stack.lines(account, mark)).isEmpty());
        assertThat(receipts).allSatisfy(receipt -> {
            assertThat(receipt.getPublished()).as("published by %s", receipt).isZero();
            assertThat(receipt.getRetracted()).as("retracted by %s", receipt).isZero();
            assertThat(receipt.getWithheld()).as("withheld by %s", receipt).isZero();
        });
    }

    /** A loss needs two sweeps that agree. */
    private void sweepTwiceAndExpect(String... lines) {
        stack.sweepWhole();
        stack.judgeLaws();
        expectEverywhere();
        sweepAndExpect(lines);
    }

    private void sweepAndExpect(String... lines) {
        stack.sweepWhole();
        stack.judgeAll();
        expectEverywhere(lines);
        nothingIsToldAgain();
    }

    @Test
    @Order(1)
    void whatIsThereBeforeAnybodyLooksIsBaselineAndNoNews() {
        before = stack.read();
        stack.sweepWhole();
        stack.judgeAll();
        for (Account account : casts.keySet()) {
            List<Logged> events = stack.events(account, before);
            assertThat(events).allSatisfy(event -> {
                assertThat(event.text("cause")).isEqualTo("BASELINE");
                assertThat(event.text("op")).isIn("r", "u");
            });
            assertThat(events.stream().map(Logged::line).filter(Cast::isIn))
                    .containsExactlyInAnyOrder(
                            "device.attributed r BASELINE ben-mac",
                            "license.assigned r BASELINE ben-mac",
                            "user.discovered r BASELINE Ben",
                            "usage.started r BASELINE Figma of ben@x.example",
                            "usage.started r BASELINE Slack of ben@x.example",
                            "usage.started r BASELINE Quibble of ben@x.example",
                            "device.attributed r BASELINE cleo-ipad",
                            "license.assigned r BASELINE cleo-ipad",
                            "user.discovered r BASELINE Cleo",
                            "usage.started r BASELINE Procreate of cleo@x.example",
                            "device.attributed r BASELINE dora-tv",
                            "user.discovered r BASELINE Dora",
                            "usage.started r BASELINE Plex of dora@x.example");
        }
        nothingIsToldAgain();
    }

    @Test
    @Order(2)
    void anEnrolmentBringsASeatAUserAndTheirAppsButNoHelpersOrUpdaters() {
        happens(Cast::adaJoins);
        sweepAndExpect(
                "device.attributed c DEVICE_ENROLLED ada-mac",
                "license.assigned c DEVICE_ENROLLED ada-mac",
                "user.discovered c DEVICE_ENROLLED Ada",
                "usage.started c DEVICE_ENROLLED Figma of ada@x.example",
                "usage.started c DEVICE_ENROLLED Slack of ada@x.example");
    }

    @Test
    @Order(3)
    void anAssignmentGivesTheUserASeatAndTheDevicesApps() {
        happens(cast -> cast.fleet().assign(cast.spareMac, cast.ben));
        sweepAndExpect(
                "device.attributed c USER_ASSIGNED spare-mac",
                "license.assigned c USER_ASSIGNED spare-mac",
                "user.updated u USER_ASSIGNED Ben",
                "usage.updated u USER_ASSIGNED Slack of ben@x.example",
                "usage.started c USER_ASSIGNED Zoom of ben@x.example");
        assertThat(usage(acme, "Slack of ben@x.example").after())
                .containsEntry("versions", List.of("4.0", "4.1"))
                .containsEntry("device_count", 2);
    }

    @Test
    @Order(4)
    void aReassignmentMovesTheSeatFromHandToHand() {
        happens(cast -> cast.fleet().assign(cast.spareMac, cast.cleo));
        sweepTwiceAndExpect(
                "device.updated u USER_ASSIGNED spare-mac",
                "license.reassigned u USER_ASSIGNED spare-mac",
                "user.updated u USER_UNASSIGNED Ben",
                "usage.updated u USER_UNASSIGNED Slack of ben@x.example",
                "usage.ended d USER_UNASSIGNED Zoom of ben@x.example",
                "user.updated u USER_ASSIGNED Cleo",
                "usage.started c USER_ASSIGNED Slack of cleo@x.example",
                "usage.started c USER_ASSIGNED Zoom of cleo@x.example");
    }

    @Test
    @Order(5)
    void anArchivedUserKeepsTheSeats() {
        happens(cast -> cast.cleo = cast.fleet().archive(cast.cleo));
        sweepAndExpect(
                "device.updated u USER_ARCHIVED spare-mac",
                "device.updated u USER_ARCHIVED cleo-ipad",
                "license.updated u USER_ARCHIVED spare-mac",
                "license.updated u USER_ARCHIVED cleo-ipad",
                "user.updated u USER_ARCHIVED Cleo");
    }

    @Test
    @Order(6)
    void andIsActiveAgainWhenUnarchived() {
        happens(cast -> cast.cleo = cast.fleet().unarchive(cast.cleo));
        sweepAndExpect(
                "device.updated u USER_UNARCHIVED spare-mac",
                "device.updated u USER_UNARCHIVED cleo-ipad",
                "license.updated u USER_UNARCHIVED spare-mac",
                "license.updated u USER_UNARCHIVED cleo-ipad",
                "user.updated u USER_UNARCHIVED Cleo");
    }

    @Test
    @Order(7)
    void anUnassignmentEndsTheSeatAndWhatTheDeviceGave() {
        happens(cast -> cast.fleet().unassign(cast.spareMac));
        sweepTwiceAndExpect(
                "device.released d USER_UNASSIGNED spare-mac",
                "license.revoked d USER_UNASSIGNED spare-mac",
                "user.updated u USER_UNASSIGNED Cleo",
                "usage.ended d USER_UNASSIGNED Slack of cleo@x.example",
                "usage.ended d USER_UNASSIGNED Zoom of cleo@x.example");
    }

    @Test
    @Order(8)
    void anInstallStartsAUsageAndHelpersAndUpdatersStartNone() {
        happens(cast -> cast.fleet()
                .install(
                        cast.bensMac,
                        Cast.NOTION,
                        Cast.helper("Notion Helper", Cast.NOTION),
                        Cast.updater("Zoom Updater", Cast.ZOOM)));
        sweepAndExpect("usage.started c APP_INSTALLED Notion of ben@x.example");
        assertThat(stack.meters()
                        .get("enricher.suppressed.apps")
                        .tag("word", "updater")
                        .counter()
                        .count())
                .as("suppressed by the word updater: of the cast alone two an account by now")
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    @Order(9)
    void anUpdateUpdatesTheUsage() {
        happens(cast -> cast.fleet().update(cast.bensMac, Cast.FIGMA, "2.0"));
        sweepAndExpect("usage.updated u APP_UPDATED Figma of ben@x.example");
        assertThat(usage(globex, "Figma of ben@x.example").after()).containsEntry("versions", List.of("2.0"));
    }

    @Test
    @Order(10)
    void aSecondCopyOfAnAppIsNoSecondUsageAndAnEqualOneTellsNothing() {
        happens(cast -> cast.fleet()
                .install(
                        cast.bensMac,
                        Cast.FIGMA.withVersion("1.5").withPath("/Users/ben/Applications/Figma.app"),
                        Cast.SLACK.withPath("/Users/ben/Applications/Slack.app")));
        sweepAndExpect("usage.updated u APP_UPDATED Figma of ben@x.example");
        assertThat(usage(acme, "Figma of ben@x.example").after())
                .containsEntry("versions", List.of("1.5", "2.0"))
                .containsEntry("device_count", 1);
    }

    @Test
    @Order(11)
    void anUninstallEndsTheUsage() {
        happens(cast -> cast.fleet().uninstall(cast.bensMac, Cast.NOTION));
        sweepAndExpect("usage.ended d APP_REMOVED Notion of ben@x.example");
    }

    @Test
    @Order(12)
    void anotherEmailUnderTheSameIdIsTheSamePersonAndKeepsTheSeat() {
        happens(cast -> cast.ben = cast.fleet().renameEmail(cast.ben, "Benjamin@x.example"));
        // An email decides who is the same person, so it takes two sweeps.
        stack.sweepWhole();
        stack.judgeLaws();
        expectEverywhere();
        sweepAndExpect(
                "device.updated u USER_CHANGED ben-mac",
                "license.updated u USER_CHANGED ben-mac",
                "user.updated u USER_CHANGED Ben",
                "usage.updated u USER_CHANGED Figma of benjamin@x.example",
                "usage.updated u USER_CHANGED Slack of benjamin@x.example",
                "usage.updated u USER_CHANGED Quibble of benjamin@x.example");
    }

    @Test
    @Order(13)
    void aDeviceThatIsGoneIsRetractedBySecondCompleteSweepAndNotByTheFirst() {
        happens(cast -> cast.fleet().remove(cast.adasMac));
        List<SweepReceipt> first = stack.sweepWhole();
        stack.judgeLaws();
        expectEverywhere();
        assertThat(first)
                .filteredOn(receipt -> receipt.getKind().equals("devices"))
                .allSatisfy(receipt -> {
                    assertThat(receipt.getWithheld()).isOne();
                    assertThat(receipt.getRetracted()).isZero();
                });

        sweepAndExpect(
                "device.released d DEVICE_REMOVED ada-mac",
                "license.revoked d DEVICE_REMOVED ada-mac",
                "user.removed d DEVICE_REMOVED Ada",
                "usage.ended d DEVICE_REMOVED Figma of ada@x.example",
                "usage.ended d DEVICE_REMOVED Slack of ada@x.example");
    }

    @Test
    @Order(14)
    void aNewEnrolmentOfTheSameHardwareIsANewDeviceAndTheOldOneGoes() {
        happens(cast -> cast.cleosIpad = cast.fleet().reenrol(cast.cleosIpad));
        stack.sweepWhole();
        stack.judgeLaws();
        expectEverywhere(
                "device.attributed c DEVICE_REENROLLED cleo-ipad",
                "license.assigned c DEVICE_REENROLLED cleo-ipad",
                "user.updated u DEVICE_REENROLLED Cleo",
                "usage.updated u DEVICE_REENROLLED Procreate of cleo@x.example");

        before = stack.read();
        sweepAndExpect(
                "device.released d DEVICE_REENROLLED cleo-ipad",
                "license.revoked d DEVICE_REENROLLED cleo-ipad",
                "user.updated u DEVICE_REENROLLED Cleo",
                "usage.updated u DEVICE_REENROLLED Procreate of cleo@x.example");
    }

    @Test
    @Order(15)
    void checkInsAndInventoriesThatSayTheSameAreNoNews() {
        happens(cast -> cast.fleet().devices().stream()
                // A missing device that comes back is news.
                .filter(device -> !device.missing())
                .forEach(device -> {
                    cast.fleet().checkIn(device);
                    cast.fleet().collect(device);
                }));
        stack.sweepWhole();
        stack.judgeAll();
        expectEverywhere();
        nothingIsToldAgain();
    }

    @Test
    @Order(16)
    void otherDetailsOfADeviceAreToldOfItAndOfItsSeatWhereItShowsThem() {
        happens(cast -> {
            cast.fleet().rename(cast.bensMac, "bens-new-name");
            cast.fleet().miss(cast.dorasTv);
        });
        sweepAndExpect(
                "device.updated u DEVICE_CHANGED bens-new-name",
                "license.updated u DEVICE_CHANGED bens-new-name",
                "device.updated u DEVICE_CHANGED dora-tv");
    }

    @Test
    @Order(17)
    void otherRulesComeOutAsEventsOfTheirOwn() {
        before = stack.read();
        stack.restartEnricherWith(new Rules(2, Set.of("helper", "quibble"), Set.of("Mac", "iPhone", "AppleTV")));
        stack.awaitTruth();
        stack.judgeAll();
        for (Account account : casts.keySet()) {
            List<Logged> events = stack.events(account, before);
            assertThat(events)
                    .allSatisfy(event -> assertThat(event.text("cause")).isEqualTo("RULES_CHANGED"));
            assertThat(events.stream().map(Logged::line).filter(Cast::isIn))
                    .containsExactlyInAnyOrder(
                            "license.revoked d RULES_CHANGED cleo-ipad",
                            "user.updated u RULES_CHANGED Cleo",
                            "license.assigned c RULES_CHANGED dora-tv",
                            "user.updated u RULES_CHANGED Dora",
                            "usage.ended d RULES_CHANGED Quibble of benjamin@x.example",
                            "usage.started c RULES_CHANGED Zoom Updater of benjamin@x.example");
        }
        nothingIsToldAgain();
    }

    @Test
    @Order(18)
    void aDeviceMarkedAsRemovedBelongsToNobody() {
        happens(cast -> cast.fleet().markRemoved(cast.dorasTv));
        sweepTwiceAndExpect(
                "device.released d DEVICE_REMOVED dora-tv",
                "license.revoked d DEVICE_REMOVED dora-tv",
                "user.removed d DEVICE_REMOVED Dora",
                "usage.ended d DEVICE_REMOVED Plex of dora@x.example");
    }

    /** The event of this step about a usage. */
    private Logged usage(Account account, String who) {
        return stack.events(account, before).stream()
                .filter(event -> event.line().endsWith(" " + who))
                .reduce((first, second) -> {
                    throw new AssertionError("two events about " + who);
                })
                .orElseThrow();
    }
}
