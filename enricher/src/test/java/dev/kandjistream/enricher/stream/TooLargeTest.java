package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.raw.RawApp;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.usage.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records from which something follows that does not fit, under the smallest limit there is: 64 kB. */
class TooLargeTest {
    private static final Instant TIME = Instant.parse("2025-03-01T00:00:00Z");

    private final Driver driver =
            new Driver(Driver.RULES, new RecordLimits(RecordLimits.SMALLEST, List.of(), Map.of()));

    @AfterEach
    void close() {
        driver.close();
    }

    /** Each some 140 bytes in the stored inventory. */
    private static RawApp[] apps(int count, String version) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> Raw.app("App number " + i + " with a name of some length", "com.example.app" + i, version))
                .toArray(RawApp[]::new);
    }

    private static AppsRecord reading(int number, RawApp... apps) {
        return AppsRecord.of("d1", apps).in("a" + number, TIME.plusSeconds(number));
    }

    private static String header(TestRecord<String, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader("deadletter." + name).value(), StandardCharsets.UTF_8);
    }

    private List<String> usage() {
        return driver.told(Driver.TOPICS.usage()).stream()
                .map(record -> record.value() == null
                        ? "null " + record.key()
                        : record.value().getEventType() + " " + record.key() + " " + versions(record.value()))
                .toList();
    }

    private static List<String> versions(Envelope event) {
        return event.getAfter() == null ? List.of() : event.getAfter().getVersions();
    }

    @Test
    void aDeviceThatDoesNotFitGoesToTheDeadLettersAndIsLeftAsItWas() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        driver.apps(reading(1, apps(2, "1")));
        assertThat(usage()).hasSize(2);

        driver.apps(reading(2, apps(1_000, "2")));
        assertThat(usage()).isEmpty();
        var letter = driver.deadLetters().get(0);
        assertThat(letter.key()).isEqualTo("acme/d1");
        assertThat(header(letter, "cause")).contains("too large").contains("65536");
        assertThat(header(letter, "by")).isEqualTo("enricher");
        assertThat(driver.meters
                        .counter("enricher.dead.letters", "cause", "size")
                        .count())
                .isEqualTo(1);
        assertThat(driver.breaker.reason()).isEmpty();

        // The next reading is compared with what was published, not with what could not be.
        driver.apps(reading(3, apps(1, "3")));
        assertThat(usage())
                .containsExactly(
                        "usage.updated acme/7/com.example.app0 [3]",
                        "usage.ended acme/7/com.example.app1 []",
                        "null acme/7/com.example.app1");
    }

    @Test
    void othersFlowAndManyInARowStopNothing() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        for (int i = 1; i <= 3 * Driver.UNREADABLE_IN_A_ROW; i++) {
            driver.apps(reading(i, apps(1_000, String.valueOf(i))));
        }
        driver.device(DeviceRecord.mac("d2", Who.BOB));
        driver.apps(AppsRecord.of("d2", apps(3, "1")));
        assertThat(driver.deadLetters()).hasSize(3 * Driver.UNREADABLE_IN_A_ROW);
        assertThat(usage()).hasSize(3);
    }

    @Test
    void aLetterThatDoesNotFitEitherIsCutAndSaysHowLongItWas() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        driver.apps(reading(1, apps(1_000, "1")));
        var letter = driver.deadLetters().get(0);
        assertThat(letter.value()).hasSize(1024);
        assertThat(Integer.parseInt(header(letter, "cut"))).isGreaterThan(RecordLimits.SMALLEST);
    }

    /** 400 apps fit in the store; on their way to the user they take more than one record. */
    @Test
    void differencesForUsersAreCutSoThatEachFits() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        driver.apps(reading(1, apps(400, "1")));
        assertThat(driver.deadLetters()).isEmpty();
        assertThat(driver.toUsers())
                .allSatisfy(way -> assertThat(way.record().value().length).isLessThanOrEqualTo(RecordLimits.SMALLEST));
        assertThat(usage()).hasSize(400);
    }

    /** An app with a text of 2 kB would make 32 devices of a user, or an event about 20 versions, too large. */
    @Test
    void aTextThatCouldMakeTheUsersEventsTooLargeIsRefusedWithItsDevice() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        driver.apps(reading(1, Raw.app("Slack", "com.slack", "v".repeat(2_000))));
        assertThat(usage()).isEmpty();
        assertThat(header(driver.deadLetters().get(0), "cause")).contains("text");
        driver.apps(reading(2, Raw.app("Slack", "com.slack", "4.0")));
        assertThat(usage()).containsExactly("usage.started acme/7/com.slack [4.0]");
    }

    /** 340 characters are allowed: twenty devices with such versions, each another. */
    @Test
    void manyLongVersionsOfOneAppFit() {
        for (int i = 0; i < 40; i++) {
            String id = String.format("d%02d", i);
            driver.device(new DeviceRecord(
                    "acme", id, "s1", TIME, false, "Mac", "Mac", Who.ANN, false, null, "SN" + id, null));
            driver.apps(AppsRecord.of(id, Raw.app("Slack", "com.slack", i + "v".repeat(330))));
        }
        assertThat(driver.deadLetters()).isEmpty();
        var events = driver.told(Driver.TOPICS.usage());
        assertThat(events).hasSize(40);
        var last = events.get(39).value().getAfter();
        assertThat(last.getDeviceCount()).isEqualTo(40);
        assertThat(last.getVersions()).hasSize(20);
        driver.store(EnricherTopology.USER_STORE).all().forEachRemaining(entry -> assertThat(entry.value.length)
                .isLessThan(RecordLimits.SMALLEST));
        assertThat(driver.meters.find("enricher.oversized.changes").counter()).isNull();
    }

    @Test
    void noMoreOfADevicesVersionsTravelThanAreShown() {
        driver.device(DeviceRecord.mac("d1", Who.ANN));
        RawApp[] versions = IntStream.range(0, 300)
                .mapToObj(i -> Raw.app("Slack", "com.slack", String.format("%03d", i)))
                .toArray(RawApp[]::new);
        driver.apps(reading(1, versions));
        var usage = driver.told(Driver.TOPICS.usage()).get(0).value().getAfter();
        assertThat(usage.getVersions()).hasSize(20).startsWith("000").endsWith("019");
    }
}
