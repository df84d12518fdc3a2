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

    private final Driver driver = new Driver();

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
}
