package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be read, and what cannot be true. */
class DeadLettersTest {
    private Driver driver = new Driver();

    @AfterEach
    void close() {
        driver.close();
    }

    private static String header(TestRecord<String, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader("deadletter." + name).value(), StandardCharsets.UTF_8);
    }

    private double counted(String cause) {
        return driver.meters.counter("enricher.dead.letters", "cause", cause).count();
    }

    @Test
    void aBrokenValueBecomesADeadLetterAsItCame() {
        byte[] broken = {1, 2, 3};
        var headers = new RecordHeaders().add("trace", "t".getBytes(StandardCharsets.UTF_8));
        driver.send(Driver.TOPICS.rawApps(), "acme/d1", broken, new RecordHeaders(headers));
        driver.device(DeviceRecord.mac("d1", Who.ANN));

        var letter = driver.deadLetters().get(0);
        assertThat(letter.key()).isEqualTo("acme/d1");
        assertThat(letter.value()).isEqualTo(broken);
        assertThat(new String(letter.headers().lastHeader("trace").value(), StandardCharsets.UTF_8))
                .isEqualTo("t");
        assertThat(header(letter, "by")).isEqualTo("enricher");
        assertThat(header(letter, "topic")).isEqualTo("kandji.raw.apps");
        assertThat(header(letter, "partition")).isEqualTo("0");
        assertThat(header(letter, "offset")).isEqualTo("0");
        assertThat(header(letter, "cause")).contains("Expected a value of the topic's schema");
        assertThat(counted("value")).isEqualTo(1);
        assertThat(Told.since(driver)).as("the rest flows").hasSize(3);
    }

    @Test
    void aKeyThatIsNoDevicesBecomesADeadLetterEvenWithoutAValue() {
        driver.send(Driver.TOPICS.rawDevices(), "acme", null);
        driver.send(Driver.TOPICS.rawDevices(), "acme/d1/x", null);
        driver.send(Driver.TOPICS.rawApps(), "/d1", null);
        driver.send(Driver.TOPICS.rawApps(), "acme/%zz", null);
        driver.send(Driver.TOPICS.rawApps(), null, null);

        assertThat(driver.deadLetters()).hasSize(5);
        assertThat(counted("key")).isEqualTo(5);
    }

    @Test
    void aValueAboutAnotherDeviceBecomesADeadLetter() {
        byte[] value = new PlainFormat()
                .serializer(Driver.TOPICS.rawDevices())
                .serialize("", DeviceRecord.mac("d2", Who.ANN).raw());
        driver.send(Driver.TOPICS.rawDevices(), "acme/d1", value);
        driver.device(DeviceRecord.mac("d3", Who.ANN).in(" ", Instant.EPOCH));

        assertThat(driver.deadLetters()).hasSize(2);
        assertThat(counted("content")).isEqualTo(2);
        assertThat(Told.since(driver)).isEmpty();
    }

    @Test
    void oneTooManyInARowStopsBeforeItAndOneReadableRecordEndsTheRun() {
        byte[] broken = {1, 2, 3};
        for (int i = 0; i < Driver.UNREADABLE_IN_A_ROW; i++) {
            driver.send(Driver.TOPICS.rawDevices(), "acme/d" + i, broken);
        }
        driver.apps(AppsRecord.of("d1"));
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        for (int i = 0; i < Driver.UNREADABLE_IN_A_ROW; i++) {
            driver.send(Driver.TOPICS.rawDevices(), "acme/d" + i, broken);
        }
        assertThat(driver.deadLetters()).hasSize(2 * Driver.UNREADABLE_IN_A_ROW);
        assertThat(driver.breaker.reason()).isEmpty();

        assertThatThrownBy(() -> driver.send(Driver.TOPICS.rawDevices(), "acme/d9", broken))
                .hasStackTraceContaining("StoppedException");
        assertThat(driver.breaker.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .contains("More than 5 records of kandji.raw.devices in a row", "offset 11", "restart"));
        assertThat(driver.breaker.mayGoOn()).as("it still cannot be read").isFalse();
        driver = new Driver();
    }

    @Test
    void aNullRecordMayTellItsSweep() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        Told.since(driver);
        var headers = new RecordHeaders()
                .add("sweep_id", "s9".getBytes(StandardCharsets.UTF_8))
                .add("observed_at", "1741000000000".getBytes(StandardCharsets.UTF_8));
        driver.send(Driver.TOPICS.rawDevices(), "acme/d1", null, headers);

        var revoked = Told.of(driver, Driver.TOPICS.licenses()).get(0);
        assertThat(revoked.event().get("observed_at")).isEqualTo(Instant.ofEpochMilli(1741000000000L));
        assertThat(((dev.kandjistream.change.Source) revoked.event().get("source")).getSweepId())
                .isEqualTo("s9");
    }

    @Test
    void oneVersionOfTheRulesWithTwoContentsStopsTheService() {
        driver.apps(AppsRecord.of("d1"));
        var other = new Rules(Driver.RULES.version(), Set.of("other"), Set.of("Mac"));

        // The driver has failed with it and cannot be closed in good order any more.
        Driver restarted = driver.restartedWith(other);
        assertThatThrownBy(() -> restarted.pass(Duration.ofSeconds(2))).hasStackTraceContaining("Raise rules.version");
        driver = new Driver();
    }
}
