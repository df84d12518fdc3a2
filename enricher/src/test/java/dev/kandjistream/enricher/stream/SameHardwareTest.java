package dev.kandjistream.enricher.stream;

import static dev.kandjistream.enricher.stream.Raw.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One piece of hardware that comes a second time: under another id, or in another account. */
class SameHardwareTest {
    private static final Instant LATER = Instant.parse("2025-03-02T00:00:00Z");
    private static final DeviceRecord ANNS = DeviceRecord.mac("d1", Who.ANN);

    private Driver driver = new Driver();

    @AfterEach
    void close() {
        driver.close();
    }

    private List<String> told() {
        return Told.since(driver).stream()
                .filter(Told::isEvent)
                .map(Told::toString)
                .toList();
    }

    @Test
    void aDeviceThatEnrolsAgainIsASecondSeatUntilTheFirstIsGoneAndItsUserStays() {
        driver.device(ANNS);
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "1")));
        told();
        driver.device(DeviceRecord.mac("d2", Who.ANN).in("s2", LATER));
        driver.apps(AppsRecord.of("d2", app("Figma", "com.figma", "1")).in("a2", LATER));
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 c DEVICE_ENROLLED",
                        "license.assigned acme/d2 c DEVICE_ENROLLED",
                        "user.updated acme/7 u DEVICE_ENROLLED",
                        "usage.updated acme/7/com.figma u DEVICE_ENROLLED");
        driver.deviceGone("d1");
        driver.appsGone("d1");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REMOVED",
                        "license.revoked acme/d1 d DEVICE_REMOVED",
                        "user.updated acme/7 u DEVICE_REMOVED",
                        "usage.updated acme/7/com.figma u DEVICE_REMOVED");
    }

    @Test
    void aDeviceThatMovesToAnotherAccountIsNewThereAndGoneHere() {
        driver.device(ANNS);
        told();
        driver.device(ANNS.inAccount("globex").in("s2", LATER));
        assertThat(told())
                .containsExactly(
                        "device.attributed globex/d1 c DEVICE_ENROLLED",
                        "license.assigned globex/d1 c DEVICE_ENROLLED",
                        "user.discovered globex/7 c DEVICE_ENROLLED");
        driver.deviceGone("d1");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REMOVED",
                        "license.revoked acme/d1 d DEVICE_REMOVED",
                        "user.removed acme/7 d DEVICE_REMOVED");
    }

    private void annsMacIsKnown() {
        driver.device(ANNS);
        driver.apps(AppsRecord.of("d1", app("Figma", "com.figma", "1")));
        told();
    }

    private static final DeviceRecord ANNS_AGAIN =
            DeviceRecord.mac("d2", Who.ANN).replacing("d1").in("s2", LATER);
    private static final AppsRecord FIGMA_AGAIN =
            AppsRecord.of("d2", app("Figma", "com.figma", "1")).in("a2", LATER);

    @Test
    void whatBeginsWithTheNewDeviceIdAndWhatEndsWithTheOldOneIsReEnrolled() {
        annsMacIsKnown();
        driver.device(ANNS_AGAIN);
        driver.apps(FIGMA_AGAIN);
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 c DEVICE_REENROLLED",
                        "license.assigned acme/d2 c DEVICE_REENROLLED",
                        "user.updated acme/7 u DEVICE_REENROLLED",
                        "usage.updated acme/7/com.figma u DEVICE_REENROLLED");
        driver.deviceGone("d1", "DEVICE_REENROLLED");
        driver.appsGone("d1", "DEVICE_REENROLLED");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REENROLLED",
                        "license.revoked acme/d1 d DEVICE_REENROLLED",
                        "user.updated acme/7 u DEVICE_REENROLLED",
                        "usage.updated acme/7/com.figma u DEVICE_REENROLLED");
    }

    @Test
    void theNewDeviceIdMayBeListedBeforeItHasItsUser() {
        annsMacIsKnown();
        driver.device(DeviceRecord.mac("d2", Who.NOBODY).in("s2", LATER));
        driver.apps(FIGMA_AGAIN);
        told();
        driver.device(ANNS_AGAIN.in("s3", LATER.plusSeconds(60)));
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 c DEVICE_REENROLLED",
                        "license.assigned acme/d2 c DEVICE_REENROLLED",
                        "user.updated acme/7 u DEVICE_REENROLLED",
                        "usage.updated acme/7/com.figma u DEVICE_REENROLLED");
        driver.device(DeviceRecord.mac("d2", Who.NOBODY).in("s4", LATER.plusSeconds(120)));
        told();
        driver.device(DeviceRecord.mac("d2", Who.BOB).in("s5", LATER.plusSeconds(180)));
        assertThat(told()).contains("license.assigned acme/d2 c USER_ASSIGNED");
    }

    @Test
    void theOldDeviceMayGoFirstAndTheAppsMayComeFirst() {
        annsMacIsKnown();
        driver.appsGone("d1", "DEVICE_REENROLLED");
        assertThat(told()).containsExactly("usage.ended acme/7/com.figma d DEVICE_REENROLLED");
        driver.deviceGone("d1", "DEVICE_REENROLLED");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REENROLLED",
                        "license.revoked acme/d1 d DEVICE_REENROLLED",
                        "user.removed acme/7 d DEVICE_REENROLLED");
        driver.apps(FIGMA_AGAIN);
        driver.device(ANNS_AGAIN);
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 c DEVICE_REENROLLED",
                        "license.assigned acme/d2 c DEVICE_REENROLLED",
                        "user.discovered acme/7 c DEVICE_REENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_REENROLLED");
    }

    @Test
    void firstAppsAreReEnrolledHoweverManyDeviceRecordsCameBeforeThemAndLaterOnesAreInstalled() {
        annsMacIsKnown();
        driver.device(ANNS_AGAIN);
        driver.device(ANNS_AGAIN.replacing(null).named("Mac of y").in("s3", LATER.plusSeconds(60)));
        told();
        driver = driver.restartedWith(Driver.RULES);
        driver.apps(AppsRecord.of("d2", app("Zoom", "us.zoom", "1")).in("a2", LATER));
        assertThat(told()).containsExactly("usage.started acme/7/us.zoom c DEVICE_REENROLLED");
        driver.apps(AppsRecord.of("d2", app("Zoom", "us.zoom", "1"), app("Slack", "com.slack", "1"))
                .in("a3", LATER.plusSeconds(60)));
        assertThat(told()).containsExactly("usage.started acme/7/com.slack c APP_INSTALLED");
    }

    @Test
    void hardwareThatReturnsUnderItsFormerDeviceIdIsReEnrolledToo() {
        annsMacIsKnown();
        driver.deviceGone("d1", "DEVICE_REENROLLED");
        driver.appsGone("d1", "DEVICE_REENROLLED");
        told();
        driver.device(ANNS.replacing("d2").in("s3", LATER));
        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_REENROLLED");
    }

    @Test
    void aDeviceThatOnlyLaterSaysWhatItReplacesChangedAndNothingMore() {
        annsMacIsKnown();
        driver.device(ANNS.named("Mac of y").replacing("d0").in("s2", LATER));
        assertThat(told())
                .containsExactly("device.updated acme/d1 u DEVICE_CHANGED", "license.updated acme/d1 u DEVICE_CHANGED");
    }

    @Test
    void whatWasThereBeforeAnybodyLookedStaysBaseline() {
        driver.device(ANNS_AGAIN.baseline(true));
        driver.apps(FIGMA_AGAIN.baseline(true));
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d2 r BASELINE",
                        "license.assigned acme/d2 r BASELINE",
                        "user.discovered acme/7 r BASELINE",
                        "usage.started acme/7/com.figma r BASELINE");
    }

    @Test
    void anUnknownCauseInEitherTopicIsTheDevicesOwnEnd() {
        annsMacIsKnown();
        driver.appsGone("d1", "DEVICE_TELEPORTED");
        assertThat(told()).containsExactly("usage.ended acme/7/com.figma d DEVICE_REMOVED");
        driver.deviceGone("d1", "");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d DEVICE_REMOVED",
                        "license.revoked acme/d1 d DEVICE_REMOVED",
                        "user.removed acme/7 d DEVICE_REMOVED");
        assertThat(driver.deadLetters()).isEmpty();
    }
}
