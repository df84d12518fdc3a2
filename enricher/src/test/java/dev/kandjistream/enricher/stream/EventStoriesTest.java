package dev.kandjistream.enricher.stream;

import static dev.kandjistream.enricher.stream.Raw.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.licenses.License;
import dev.kandjistream.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hand-worked days of one or two devices: which events, with which causes. */
class EventStoriesTest {
    private static final Instant LATER = Instant.parse("2025-03-02T00:00:00Z");
    private static final DeviceRecord ANNS = DeviceRecord.mac("d1", Who.ANN);
    private static final AppsRecord FIGMA = AppsRecord.of("d1", app("Figma", "com.figma", "1"));

    private Driver driver = new Driver();

    @AfterEach
    void close() {
        driver.close();
    }

    private List<String> told() {
        return Told.since(driver).stream().map(Told::toString).toList();
    }

    @Test
    void aNewDeviceWithItsFirstAppsIsEnrolled() {
        driver.device(ANNS);
        driver.apps(FIGMA);

        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d1 c DEVICE_ENROLLED",
                        "license.assigned acme/d1 c DEVICE_ENROLLED",
                        "user.discovered acme/7 c DEVICE_ENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_ENROLLED");
    }

    @Test
    void appsThatComeBeforeTheirDeviceTellTheSame() {
        driver.apps(FIGMA);
        assertThat(told()).isEmpty();
        driver.device(ANNS);

        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d1 c DEVICE_ENROLLED",
                        "license.assigned acme/d1 c DEVICE_ENROLLED",
                        "user.discovered acme/7 c DEVICE_ENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_ENROLLED");
    }

    @Test
    void whatWasThereBeforeAnybodyLookedIsBaselineAndHasNoBeginning() {
        driver.device(ANNS.baseline(true));
        driver.apps(FIGMA.baseline(true));

        var told = Told.since(driver);
        assertThat(told.stream().map(Told::toString))
                .containsExactly(
                        "device.attributed acme/d1 r BASELINE",
                        "license.assigned acme/d1 r BASELINE",
                        "user.discovered acme/7 r BASELINE",
                        "usage.started acme/7/com.figma r BASELINE");
        assertThat(((License) told.get(1).after()).getAssignedAt()).isNull();
        assertThat(told).allSatisfy(event -> assertThat(
                        ((dev.kandjistream.change.Source) event.event().get("source")).getSnapshot())
                .isEqualTo("true"));
    }

    /** The poller marks the record that completes the device as baseline, long after the first sweep. */
    @Test
    void whatTheBaselineCouldNotReadIsBaselineWhenItIsRead() {
        driver.device(ANNS.baseline(true).platform(null).of(Who.NOBODY));
        driver.apps(FIGMA.baseline(true));
        told();
        driver.device(ANNS.baseline(true).platform(null).in("s2", LATER));
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d1 r BASELINE",
                        "user.discovered acme/7 r BASELINE",
                        "usage.started acme/7/com.figma r BASELINE");
        driver.device(ANNS.baseline(true).in("s3", LATER.plusSeconds(60)));
        List<Told> now = Told.since(driver);
        assertThat(now.stream().filter(Told::isEvent).map(Told::toString))
                .contains("license.assigned acme/d1 r BASELINE");
        assertThat(now.stream().filter(record -> record.topic().equals("kandji.licenses")))
                .allSatisfy(seat ->
                        assertThat(((License) seat.after()).getAssignedAt()).isNull());
    }

    /** A device that was gone, or another person's meanwhile, is news. */
    @Test
    void whatChangedHandsOrCameBackIsNoBaseline() {
        driver.device(ANNS.baseline(true).platform(null));
        driver.device(ANNS.baseline(true).platform(null).of(Who.BOB).in("s2", LATER));
        told();
        driver.device(ANNS.baseline(true).of(Who.BOB).in("s3", LATER.plusSeconds(60)));
        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_CHANGED");
        driver.deviceGone("d1");
        told();
        driver.device(ANNS.baseline(true).platform(null).in("s4", LATER.plusSeconds(120)));
        driver.device(ANNS.baseline(true).in("s5", LATER.plusSeconds(180)));
        assertThat(told())
                .contains("device.attributed acme/d1 c DEVICE_ENROLLED", "license.assigned acme/d1 c DEVICE_CHANGED");
    }

    @Test
    void aSecondDeviceOfTheBaselineAddsToWhatTheFirstBegan() {
        driver.device(ANNS.baseline(true));
        driver.apps(FIGMA.baseline(true));
        told();
        driver.apps(AppsRecord.of("d2", app("Figma", "com.figma", "2")).baseline(true));
        driver.device(DeviceRecord.mac("d2", Who.ANN).baseline(true));

        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 r BASELINE",
                        "license.assigned acme/d2 r BASELINE",
                        "user.updated acme/7 u BASELINE",
                        "usage.updated acme/7/com.figma u BASELINE");
    }

    @Test
    void aDeviceThatChangesHandsIsAssignedToOneAndUnassignedFromTheOther() {
        driver.device(ANNS.baseline(true));
        driver.apps(FIGMA.baseline(true));
        told();
        driver.device(ANNS.of(Who.BOB).in("s2", LATER));

        var told = Told.since(driver);
        assertThat(told.stream().map(Told::toString))
                .containsExactly(
                        "device.updated acme/d1 u USER_ASSIGNED",
                        "license.reassigned acme/d1 u USER_ASSIGNED",
                        "user.removed acme/7 d USER_UNASSIGNED",
                        "null acme/7",
                        "user.discovered acme/8 c USER_ASSIGNED",
                        "usage.ended acme/7/com.figma d USER_UNASSIGNED",
                        "null acme/7/com.figma",
                        "usage.started acme/8/com.figma c USER_ASSIGNED");
        assertThat(((License) told.get(1).after()).getAssignedAt()).isEqualTo(LATER);
    }

    @Test
    void aUserTakenAwayReleasesTheDeviceAndItStandsAmongTheUnattributed() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.device(ANNS.of(Who.NOBODY).in("s2", LATER));

        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d USER_UNASSIGNED",
                        "null acme/d1",
                        "license.revoked acme/d1 d USER_UNASSIGNED",
                        "null acme/d1",
                        "user.removed acme/7 d USER_UNASSIGNED",
                        "null acme/7",
                        "usage.ended acme/7/com.figma d USER_UNASSIGNED",
                        "null acme/7/com.figma");
        var unattributed = driver.told(Driver.TOPICS.unattributed());
        assertThat(unattributed).hasSize(1);
        assertThat(unattributed.get(0).value().getUserId()).isNull();
        assertThat(unattributed.get(0).value().getDeviceName()).isEqualTo("Mac of x");
        driver.device(ANNS.in("s3", LATER));
        assertThat(driver.told(Driver.TOPICS.unattributed()).get(0).value()).isNull();
        assertThat(told().get(0)).isEqualTo("device.attributed acme/d1 c USER_ASSIGNED");
    }

    @Test
    void aDeviceMarkedAsRemovedEndsEverythingThoughItsUserStillStandsThere() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.device(ANNS.removed(true).in("s2", LATER));

        assertThat(told())
                .contains(
                        "device.released acme/d1 d DEVICE_REMOVED",
                        "license.revoked acme/d1 d DEVICE_REMOVED",
                        "user.removed acme/7 d DEVICE_REMOVED",
                        "usage.ended acme/7/com.figma d DEVICE_REMOVED");
        driver.device(ANNS.in("s3", LATER));
        assertThat(told())
                .contains(
                        "device.attributed acme/d1 c DEVICE_ENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_ENROLLED");
    }

    @Test
    void tombstonesEndEverythingInEitherOrder() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.appsGone("d1");
        assertThat(told()).containsExactly("usage.ended acme/7/com.figma d DEVICE_REMOVED", "null acme/7/com.figma");
        driver.deviceGone("d1");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REMOVED",
                        "null acme/d1",
                        "license.revoked acme/d1 d DEVICE_REMOVED",
                        "null acme/d1",
                        "user.removed acme/7 d DEVICE_REMOVED",
                        "null acme/7");
        driver.device(ANNS.in("s2", LATER));
        driver.apps(FIGMA.in("a2", LATER));
        told();
        driver.deviceGone("d1");
        assertThat(told()).contains("usage.ended acme/7/com.figma d DEVICE_REMOVED");
        driver.appsGone("d1");
        assertThat(told()).isEmpty();
        assertThat(driver.told(Driver.TOPICS.unattributed())).isEmpty();
    }

    private void annHasFigmaSince(Instant assigned) {
        driver.device(ANNS.in("s1", assigned));
        driver.apps(FIGMA);
        told();
    }

    private List<Told> toldOf(Who who) {
        driver.device(ANNS.of(who).in("s2", LATER));
        return Told.since(driver);
    }

    private static void assertAssignedAt(Instant expected, List<Told> told) {
        assertThat(((License) told.get(1).after()).getAssignedAt()).isEqualTo(expected);
    }

    @Test
    void aUserWithAnotherEmailAndTheSameIdKeepsTheSeat() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        var told = toldOf(new Who("7", "ann.lee@example.com", "Ann Lee", false));

        assertThat(told.stream().map(Told::toString))
                .containsExactly(
                        "device.updated acme/d1 u USER_CHANGED",
                        "license.updated acme/d1 u USER_CHANGED",
                        "user.updated acme/7 u USER_CHANGED",
                        "usage.updated acme/7/com.figma u USER_CHANGED");
        assertAssignedAt(LATER.minusSeconds(3600), told);
    }

    @Test
    void aUserWhoLosesTheIdKeepsTheSeatUnderTheEmailAndSoBack() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        var told = toldOf(new Who(null, "ann@example.com", "Ann", false));

        assertThat(told.stream().map(Told::toString))
                .containsExactly(
                        "device.updated acme/d1 u USER_CHANGED",
                        "license.updated acme/d1 u USER_CHANGED",
                        "user.removed acme/7 d USER_CHANGED",
                        "null acme/7",
                        "user.discovered acme/email:ann@example.com c USER_CHANGED",
                        "usage.ended acme/7/com.figma d USER_CHANGED",
                        "null acme/7/com.figma",
                        "usage.started acme/email:ann@example.com/com.figma c USER_CHANGED");
        assertAssignedAt(LATER.minusSeconds(3600), told);
        told = toldOf(Who.ANN);
        assertThat(told.get(1).toString()).isEqualTo("license.updated acme/d1 u USER_CHANGED");
        assertAssignedAt(LATER.minusSeconds(3600), told);
    }

    @Test
    void aUserWhoLosesTheEmailIsTheSameById() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        var told = toldOf(new Who("7", null, "Ann", false));

        assertThat(told.get(1).toString()).isEqualTo("license.updated acme/d1 u USER_CHANGED");
        assertAssignedAt(LATER.minusSeconds(3600), told);
    }

    @Test
    void aUserArchivedInTheSameBreathAsTheIdChangesMovesBecauseTheUserChanged() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        var told = toldOf(new Who("uuid-7", "ann@example.com", "Ann", true));

        assertThat(told.stream().filter(Told::isEvent).map(event -> event.text("cause")))
                .containsOnly("USER_CHANGED");
    }

    @Test
    void anotherIdAndAnotherEmailIsAnotherPerson() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        var told = toldOf(new Who("70", "ann.lee@example.com", "Ann", false));

        assertThat(told.get(1).toString()).isEqualTo("license.reassigned acme/d1 u USER_ASSIGNED");
        assertAssignedAt(LATER, told);
    }

    /** An id on one side and an email on the other cannot be compared, so they are two persons. */
    @Test
    void withNothingToCompareItIsAnotherPerson() {
        driver.device(ANNS.of(new Who("7", null, "Ann", false)));
        driver.apps(FIGMA);
        told();

        var told = toldOf(new Who(null, "ann@example.com", "Ann", false));

        assertThat(told.stream().map(Told::toString))
                .contains(
                        "license.reassigned acme/d1 u USER_ASSIGNED",
                        "user.removed acme/7 d USER_UNASSIGNED",
                        "usage.started acme/email:ann@example.com/com.figma c USER_ASSIGNED");
        assertAssignedAt(LATER, told);
    }

    /** Each record is compared only with the one before: 7/ann, 7/bob, 8/bob are one person step by step. */
    @Test
    void onlyBeforeAndAfterAreCompared() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        assertThat(toldOf(new Who("7", "bob@example.com", "Ann", false)).get(1).toString())
                .isEqualTo("license.updated acme/d1 u USER_CHANGED");
        assertThat(toldOf(Who.BOB).get(1).toString()).isEqualTo("license.updated acme/d1 u USER_CHANGED");
        assertThat(toldOf(Who.ANN).get(1).toString()).isEqualTo("license.reassigned acme/d1 u USER_ASSIGNED");
    }

    /** The baseline of the devices had Ann under another id than the one under which her apps are published. */
    @Test
    void appsOfTheBaselineStayBaselineForAPersonWhoseIdChangedSince() {
        driver.device(ANNS.baseline(true));
        driver.device(
                ANNS.of(new Who("uuid-7", "ann@example.com", "Ann", false)).in("s2", LATER));
        told();
        driver.apps(FIGMA.baseline(true));

        assertThat(told()).containsExactly("usage.started acme/uuid-7/com.figma r BASELINE");
    }

    @Test
    void idsAndEmailsAreTrimmedSoThatKeysDoNotDifferByWhiteSpace() {
        annHasFigmaSince(LATER.minusSeconds(3600));

        assertThat(toldOf(new Who(" 7\t", "\u00a0Ann@Example.com ", "Ann", false)))
                .isEmpty();
        assertThat(toldOf(new Who("\u00a0", "\u200b", "Ann", false)).get(0).toString())
                .isEqualTo("device.released acme/d1 d USER_UNASSIGNED");
    }

    @Test
    void serialNumbersHaveOneFormInEventsAndOnlyAnotherFormIsNoNews() {
        driver.device(ANNS.serial(" c02xk1zzjgh5\t"));
        var told = Told.since(driver);
        assertThat(((dev.kandjistream.devices.Device) told.get(0).after()).getSerialNumber())
                .isEqualTo("C02XK1ZZJGH5");
        assertThat(((License) told.get(1).after()).getSerialNumber()).isEqualTo("C02XK1ZZJGH5");

        driver.device(ANNS.serial("C02XK1ZZJGH5").in("s2", LATER));
        assertThat(told()).isEmpty();
    }

    @Test
    void aPlaceholderInTheBundleIdsPlaceIsNoneAndTheRestIsTrimmed() {
        driver.device(ANNS);
        driver.apps(AppsRecord.of(
                "d1",
                app("Figma", " com.figma\n", "1"),
                app("Foo", "(NULL)", "1"),
                app("Bar", " no  value", "1"),
                app("Baz", "---", "1")));
        var usages = Told.of(driver, Driver.TOPICS.usage());

        assertThat(usages.stream().map(Told::key))
                .containsExactly("acme/7/com.figma", "acme/7/name:bar", "acme/7/name:baz", "acme/7/name:foo");
        assertThat(usages.stream().map(usage -> ((Usage) usage.after()).getBundleId()))
                .containsExactly("com.figma", null, null, null);
    }

    @Test
    void otherPlaceholdersMoveTheUsageToItsOtherKey() {
        driver.device(ANNS);
        driver.apps(AppsRecord.of("d1", app("Foo", "tbd", "1"), app("Bar", "(null)", "1")));
        assertThat(told()).contains("usage.started acme/7/tbd c DEVICE_ENROLLED");
        driver = driver.restartedWith(new Rules(2, Set.of(), Set.of("Mac", "iPhone", "iPad"), Set.of("TBD")));
        driver.pass(Duration.ofSeconds(2));
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "usage.ended acme/7/tbd d RULES_CHANGED",
                        "null acme/7/tbd",
                        "usage.started acme/7/name:foo c RULES_CHANGED",
                        "usage.ended acme/7/name:bar d RULES_CHANGED",
                        "null acme/7/name:bar",
                        "usage.started acme/7/(null) c RULES_CHANGED");
    }

    @Test
    void aUserWithAnotherIdAndTheSameEmailKeepsTheSeat() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.device(
                ANNS.of(new Who("uuid-7", "ann@example.com", "Ann", false)).in("s2", LATER));

        assertThat(told())
                .containsExactly(
                        "device.updated acme/d1 u USER_CHANGED",
                        "license.updated acme/d1 u USER_CHANGED",
                        "user.removed acme/7 d USER_CHANGED",
                        "null acme/7",
                        "user.discovered acme/uuid-7 c USER_CHANGED",
                        "usage.ended acme/7/com.figma d USER_CHANGED",
                        "null acme/7/com.figma",
                        "usage.started acme/uuid-7/com.figma c USER_CHANGED");
    }

    @Test
    void anArchivedUserHoldsSeatAndUsage() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.device(ANNS.of(new Who("7", "ann@example.com", "Ann", true)).in("s2", LATER));
        assertThat(told())
                .containsExactly(
                        "device.updated acme/d1 u USER_ARCHIVED",
                        "license.updated acme/d1 u USER_ARCHIVED",
                        "user.updated acme/7 u USER_ARCHIVED");
        driver.device(ANNS.in("s3", LATER));
        assertThat(told()).contains("user.updated acme/7 u USER_UNARCHIVED");
    }

    @Test
    void appsComeChangeAndGo() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "2"), app("Slack", "com.slack", "1"))
                .in("a2", LATER));
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "usage.updated acme/7/com.figma u APP_UPDATED",
                        "usage.started acme/7/com.slack c APP_INSTALLED");
        driver.apps(AppsRecord.of("d1", app("Slack", "com.slack", "1")).in("a3", LATER));
        assertThat(told()).containsExactly("usage.ended acme/7/com.figma d APP_REMOVED", "null acme/7/com.figma");
    }

    @Test
    void appsOfTheBaselineAreNewsForAUserWhoGotTheDeviceSince() {
        driver.device(ANNS.of(Who.NOBODY).baseline(true));
        driver.device(ANNS.in("s2", LATER));
        driver.apps(FIGMA.baseline(true));
        assertThat(told()).contains("usage.started acme/7/com.figma c DEVICE_ENROLLED");
    }

    @Test
    void aDeviceThatComesBackIsNewsEvenWhileTheBaselineLasts() {
        driver.device(ANNS.baseline(true));
        driver.deviceGone("d1");
        told();
        driver.device(ANNS.baseline(true).in("s2", LATER));

        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_ENROLLED");
    }

    @Test
    void oneUserIdInTwoAccountsIsTwoUsers() {
        driver.device(ANNS);
        driver.device(ANNS.inAccount("globex"));

        assertThat(told())
                .contains("user.discovered acme/7 c DEVICE_ENROLLED", "user.discovered globex/7 c DEVICE_ENROLLED");
    }

    @Test
    void moreThanTwentyDevicesAndVersionsAreCountedAndTheSmallestShown() {
        for (int i = 10; i < 60; i++) {
            driver.device(DeviceRecord.mac("d" + i, Who.ANN));
            driver.apps(AppsRecord.of("d" + i, app("Figma", "com.figma", "v" + i)));
        }
        var told = Told.of(driver, Driver.TOPICS.usage());
        Usage usage = (Usage) told.get(told.size() - 1).after();

        assertThat(usage.getDeviceCount()).isEqualTo(50);
        assertThat(usage.getDeviceIds()).hasSize(20).startsWith("d10").endsWith("d29");
        assertThat(usage.getVersions()).hasSize(20).startsWith("v10").endsWith("v29");
    }

    @Test
    void equalSweepsTellNothing() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
        driver.told(Driver.TOPICS.unattributed());
        driver.device(ANNS.in("s2", LATER));
        driver.apps(FIGMA.in("a2", LATER));

        assertThat(told()).isEmpty();
        assertThat(driver.told(Driver.TOPICS.unattributed())).isEmpty();
    }

    @Test
    void aCheckInAloneIsToldOnceADay() {
        Instant start = Instant.parse("2025-03-01T00:00:00Z");
        driver.device(ANNS.in("s1", start).checkedIn(start));
        told();
        driver.device(ANNS.in("s2", start.plus(Duration.ofHours(23))).checkedIn(start.plusSeconds(60)));
        assertThat(told()).isEmpty();
        driver.device(ANNS.in("s3", start.plus(Duration.ofHours(24))).checkedIn(start.plusSeconds(120)));
        assertThat(told()).containsExactly("device.seen acme/d1 u DEVICE_CHANGED");
        driver.device(ANNS.in("s4", start.plus(Duration.ofHours(47))).checkedIn(start.plusSeconds(180)));
        assertThat(told()).isEmpty();
    }

    @Test
    void anAppleTvIsADeviceOfItsUserButNoSeat() {
        driver.device(ANNS.platform("AppleTV"));

        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d1 c DEVICE_ENROLLED", "user.discovered acme/7 c DEVICE_ENROLLED");
    }

    @Test
    void severalRowsOfOneAppAreOneUsageNamedByTheShortestPath() {
        driver.device(ANNS);
        driver.apps(AppsRecord.of(
                "d1",
                app("Zoom Copy", "us.zoom", "5", "/Applications/Old/zoom.app", Instant.parse("2024-05-01T00:00:00Z")),
                app("Zoom", "us.zoom", "6", "/Applications/zoom.app", Instant.parse("2025-01-01T00:00:00Z")),
                app("Zoom Updater", "us.zoom", "1", "/z.app", Instant.parse("2020-01-01T00:00:00Z"))));

        Usage usage = (Usage) Told.of(driver, Driver.TOPICS.usage()).get(0).after();
        assertThat(usage.getAppName()).isEqualTo("Zoom");
        assertThat(usage.getVersions()).containsExactly("5", "6");
        assertThat(usage.getFirstSeenAt()).isEqualTo(Instant.parse("2024-05-01T00:00:00Z"));
        assertThat(usage.getDeviceCount()).isEqualTo(1);
        assertThat(usage.getCollectedAt()).isEqualTo(Instant.parse("2025-03-01T00:09:00Z"));
        assertThat(driver.meters
                        .counter("enricher.suppressed.apps", "word", "updater")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void higherRulesAreAppliedToWhatIsKnownAndLowerOnesAreNot() {
        driver.device(ANNS.baseline(true));
        driver.device(DeviceRecord.mac("tv", Who.ANN).platform("AppleTV").baseline(true));
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "1"), app("Foo Helper", "com.foo", "1"))
                .baseline(true));
        told();

        driver = driver.restartedWith(new Rules(2, Set.of("figma"), Set.of("Mac", "AppleTV")));
        assertThat(told()).isEmpty();
        driver.pass(Duration.ofSeconds(2));
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "license.assigned acme/tv c RULES_CHANGED",
                        "user.updated acme/7 u RULES_CHANGED",
                        "usage.ended acme/7/com.figma d RULES_CHANGED",
                        "null acme/7/com.figma",
                        "usage.started acme/7/com.foo c RULES_CHANGED");

        driver = driver.restartedWith(Driver.RULES);
        driver.pass(Duration.ofSeconds(2));
        driver.apps(AppsRecord.of("d2", app("Figma", "com.figma", "1"), app("Bar Helper", "com.bar", "1")));
        driver.device(DeviceRecord.mac("d2", Who.BOB));
        assertThat(told())
                .contains("usage.started acme/8/com.bar c DEVICE_ENROLLED")
                .noneMatch(e -> e.contains("figma"));
    }

    @Test
    void aRecordThatComesBeforeTheRulesReachedItsDeviceAppliesThemFirst() {
        driver.device(ANNS.baseline(true));
        driver.apps(AppsRecord.of("d1", app("Foo Helper", "com.foo", "1")).baseline(true));
        told();
        driver = driver.restartedWith(new Rules(2, Set.of(), Set.of("Mac")));
        driver.apps(AppsRecord.of("d1", app("Foo Helper", "com.foo", "2")).in("a2", LATER));

        assertThat(told())
                .containsExactly(
                        "usage.started acme/7/com.foo c RULES_CHANGED", "usage.updated acme/7/com.foo u APP_UPDATED");
        driver.pass(Duration.ofSeconds(2));
        assertThat(told()).isEmpty();
    }

    @Test
    void eventsCarryCloudEventsHeadersAndNullRecordsNone() {
        driver.device(ANNS);
        driver.deviceGone("d1");

        var told = Told.of(driver, Driver.TOPICS.licenses());
        assertThat(header(told.get(0), "ce_id")).isEqualTo(told.get(0).text("event_id"));
        assertThat(header(told.get(0), "ce_source")).isEqualTo("/kandji/acme");
        assertThat(header(told.get(0), "ce_type")).isEqualTo("dev.kandjistream.license.assigned");
        assertThat(header(told.get(0), "ce_subject")).isEqualTo("acme/d1");
        assertThat(header(told.get(0), "ce_time")).isEqualTo("2025-03-01T00:00:00Z");
        assertThat(header(told.get(0), "ce_specversion")).isEqualTo("1.0");
        assertThat(told.get(2).isEvent()).isFalse();
        assertThat(told.get(2).headers()).isEmpty();
    }

    private static String header(Told told, String name) {
        return new String(told.headers().lastHeader(name).value(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
