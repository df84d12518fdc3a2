package dev.kandjistream.enricher.stream;

import static dev.kandjistream.enricher.stream.Raw.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.licenses.License;
import dev.kandjistream.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account that is removed with its data: what is told, and what is told when it comes back. */
class RemovedAccountTest {
    private static final Instant LATER = Instant.parse("2025-03-02T00:00:00Z");
    private static final DeviceRecord ANNS = DeviceRecord.mac("d1", Who.ANN).baseline(true);
    private static final AppsRecord FIGMA =
            AppsRecord.of("d1", app("Figma", "com.figma", "1")).baseline(true);

    private final Driver driver = new Driver();

    @BeforeEach
    void knownAccount() {
        driver.device(ANNS);
        driver.apps(FIGMA);
        told();
    }

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

    private void gone(Topic<?> topic, String cause) {
        Headers headers = new RecordHeaders()
                .add("sweep_id", text("s2"))
                .add("observed_at", text(String.valueOf(LATER.toEpochMilli())))
                .add("cause", text(cause));
        driver.send(topic, "acme/d1", null, headers);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everythingThatEndsSaysThatTheAccountWasRemoved() {
        gone(Driver.TOPICS.rawDevices(), "ACCOUNT_REMOVED");
        gone(Driver.TOPICS.rawApps(), "ACCOUNT_REMOVED");

        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d ACCOUNT_REMOVED",
                        "license.revoked acme/d1 d ACCOUNT_REMOVED",
                        "user.removed acme/7 d ACCOUNT_REMOVED",
                        "usage.ended acme/7/com.figma d ACCOUNT_REMOVED");
    }

    @Test
    void soItDoesWhenTheAppsComeFirst() {
        gone(Driver.TOPICS.rawApps(), "ACCOUNT_REMOVED");
        assertThat(told()).containsExactly("usage.ended acme/7/com.figma d ACCOUNT_REMOVED");
        gone(Driver.TOPICS.rawDevices(), "ACCOUNT_REMOVED");
        assertThat(told())
                .containsExactly(
                        "device.released acme/d1 d ACCOUNT_REMOVED",
                        "license.revoked acme/d1 d ACCOUNT_REMOVED",
                        "user.removed acme/7 d ACCOUNT_REMOVED");
    }

    @Test
    void aCauseThatNobodyKnowsIsTheDevicesOwnEnd() {
        gone(Driver.TOPICS.rawDevices(), "SOLAR_FLARE");
        assertThat(told()).contains("license.revoked acme/d1 d DEVICE_REMOVED");
    }

    /** Whoever heard that the seat was revoked must hear that it is taken again; a device never seen before is baseline. */
    @Test
    void anAccountThatComesBackTellsAnewWhatItHadToldAndItsNewDevicesAreBaseline() {
        gone(Driver.TOPICS.rawDevices(), "ACCOUNT_REMOVED");
        gone(Driver.TOPICS.rawApps(), "ACCOUNT_REMOVED");
        told();
        driver.device(ANNS.in("s3", LATER));
        driver.apps(FIGMA.in("a3", LATER));
        assertThat(told())
                .containsExactly(
                        "device.attributed acme/d1 c DEVICE_ENROLLED",
                        "license.assigned acme/d1 c DEVICE_ENROLLED",
                        "user.discovered acme/7 c DEVICE_ENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_ENROLLED");
        driver.device(DeviceRecord.mac("d2", Who.BOB).baseline(true).in("s3", LATER));
        var told = Told.since(driver);
        assertThat(told.stream().map(Told::toString))
                .containsExactly(
                        "device.attributed acme/d2 r BASELINE",
                        "license.assigned acme/d2 r BASELINE",
                        "user.discovered acme/8 r BASELINE");
        assertThat(((License) told.get(1).after()).getAssignedAt()).isNull();
    }
}
