package dev.kandjistream.enricher.stream;

import static dev.kandjistream.enricher.stream.Raw.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which records are older than what is known, and which only look so. */
class OutdatedRecordsTest {
    private static final Instant TEN = Instant.parse("2025-03-01T10:00:00Z");
    private static final Instant ELEVEN = TEN.plus(Duration.ofHours(1));
    private static final Instant NOON = TEN.plus(Duration.ofHours(2));

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

    private static DeviceRecord device(Who who, Instant at) {
        return DeviceRecord.mac("d1", who).in(SweepId.at(at), at);
    }

    private static AppsRecord figma(String version, Instant at) {
        return AppsRecord.of("d1", app("Figma", "com.figma", version)).in(SweepId.at(at), at);
    }

    private void gone(Instant at) {
        driver.record(new Step.DeviceGone("d1", "", SweepId.at(at), at));
        driver.record(new Step.AppsGone("d1", "", SweepId.at(at), at));
    }

    private void goneWithoutSweep(Instant at) {
        driver.record(new Step.DeviceGone("d1", "", null, at));
        driver.record(new Step.AppsGone("d1", "", null, at));
    }

    private double ignored(String topic) {
        var counter = driver.meters
                .find("enricher.outdated.records")
                .tag("topic", topic)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void eachHalfIsComparedWithItself() {
        driver.device(device(Who.BOB, ELEVEN));
        driver.apps(figma("2", ELEVEN));
        told();

        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        assertThat(told()).isEmpty();
        assertThat(ignored("kandji.raw.devices")).isEqualTo(1);
        assertThat(ignored("kandji.raw.apps")).isEqualTo(1);

        driver.apps(figma("3", NOON));
        driver.device(device(Who.BOB, ELEVEN).named("Renamed").in(SweepId.at(ELEVEN.plusMillis(1)), ELEVEN));
        assertThat(told())
                .containsExactly(
                        "device.updated acme/d1 u DEVICE_CHANGED",
                        "license.updated acme/d1 u DEVICE_CHANGED",
                        "usage.updated acme/8/com.figma u APP_UPDATED");
    }

    /** The list began first, ends last, and read the device before the targeted read did. */
    @Test
    void aLongSweepMayPublishWhatItReadBeforeAShorterOneDid() {
        driver.device(device(Who.ANN, TEN));
        driver.device(device(Who.BOB, ELEVEN));
        told();
        driver.device(device(Who.ANN, TEN).in(SweepId.at(NOON), ELEVEN.minusSeconds(60)));
        assertThat(told()).contains("license.reassigned acme/d1 u USER_ASSIGNED");
    }

    @Test
    void anOldTombstoneEndsNothing() {
        driver.device(device(Who.ANN, NOON));
        driver.apps(figma("1", NOON));
        told();
        gone(ELEVEN);
        goneWithoutSweep(ELEVEN);
        assertThat(told()).isEmpty();
        assertThat(ignored("kandji.raw.devices")).isEqualTo(2);
        gone(NOON.plusSeconds(1));
        assertThat(told()).contains("license.revoked acme/d1 d DEVICE_REMOVED");
    }

    @Test
    void aTombstoneWithoutASweepEndsWhatWasPublishedBeforeIt() {
        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        told();
        goneWithoutSweep(ELEVEN);
        assertThat(told()).contains("license.revoked acme/d1 d DEVICE_REMOVED", "user.removed acme/7 d DEVICE_REMOVED");
    }

    /** Published at noon, but read before the tombstone: the time of publishing counts. */
    @Test
    void aTombstoneWithoutASweepDoesNotEndWhatWasReadBeforeItAndPublishedAfterIt() {
        driver.device(device(Who.ANN, TEN).in(SweepId.at(NOON), TEN));
        told();
        goneWithoutSweep(ELEVEN);
        assertThat(told()).isEmpty();
    }

    @Test
    void whatWasThereBeforeTheEndDoesNotComeBackAndWhatEnrolsAgainDoes() {
        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        gone(ELEVEN);
        told();
        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        assertThat(told()).isEmpty();
        driver.device(device(Who.ANN, NOON));
        driver.apps(figma("1", NOON));
        assertThat(told())
                .contains(
                        "license.assigned acme/d1 c DEVICE_ENROLLED",
                        "usage.started acme/7/com.figma c DEVICE_ENROLLED");
    }

    @Test
    void aTombstoneWithoutASweepStandsRightBehindTheRecordThatItEnds() {
        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        goneWithoutSweep(ELEVEN);
        told();
        driver.device(device(Who.ANN, TEN));
        driver.apps(figma("1", TEN));
        assertThat(told()).isEmpty();
        driver.device(device(Who.ANN, TEN.plusMillis(1)));
        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_ENROLLED");
    }

    /** What stood between the two tombstones could not be read when it was new. */
    @Test
    void theLastTombstoneSaysWhereAHalfEnded() {
        driver.device(device(Who.ANN, TEN));
        gone(TEN.plusSeconds(1));
        gone(NOON);
        told();
        driver.device(device(Who.BOB, ELEVEN));
        driver.apps(figma("1", ELEVEN));
        assertThat(told()).isEmpty();
    }

    @Test
    void otherRulesDoNotForgetWhereAHalfEnded() {
        driver.device(device(Who.ANN, TEN));
        gone(ELEVEN);
        driver = driver.restartedWith(new Rules(2, Set.of(), Set.of("Mac")));
        driver.pass(RulesPass.INTERVAL.multipliedBy(2));
        told();
        driver.device(device(Who.ANN, TEN));
        assertThat(told()).isEmpty();
    }

    @Test
    void anAccountThatComesBackAfterItsRemovalIsTaken() {
        driver.device(device(Who.ANN, TEN).baseline(true));
        driver.record(new Step.DeviceGone("d1", "ACCOUNT_REMOVED", SweepId.at(ELEVEN), ELEVEN));
        driver.record(new Step.AppsGone("d1", "ACCOUNT_REMOVED", SweepId.at(ELEVEN), ELEVEN));
        told();
        driver.device(device(Who.ANN, NOON).baseline(true));
        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_ENROLLED");
    }

    /** The driver's clock says June 2025; what 2030 wrote was never true. */
    @Test
    void aReadingFromTheFutureDoesNotMakeTheDeviceDeaf() {
        Instant wrong = Instant.parse("2030-01-01T00:00:00Z");
        driver.device(device(Who.ANN, wrong));
        driver.apps(figma("1", wrong));
        told();
        driver.device(device(Who.BOB, TEN));
        driver.apps(figma("2", TEN));
        assertThat(told())
                .contains("license.reassigned acme/d1 u USER_ASSIGNED", "usage.updated acme/8/com.figma u APP_UPDATED");
        driver.device(device(Who.ANN, TEN.minusSeconds(1)));
        assertThat(told()).as("guarded again").isEmpty();
        gone(wrong);
        told();
        driver.device(device(Who.ANN, ELEVEN));
        assertThat(told()).contains("license.assigned acme/d1 c DEVICE_ENROLLED");
    }

    /** Ids of another writer tell no time; then the time of reading decides, and equal times are no order. */
    @Test
    void idsThatTellNoTimeAreOrderedByObservation() {
        driver.device(device(Who.ANN, TEN).in("s9", TEN));
        told();
        driver.device(device(Who.BOB, TEN).in("s10", TEN));
        assertThat(told()).contains("license.reassigned acme/d1 u USER_ASSIGNED");
        driver.device(device(Who.ANN, TEN).in("s8", TEN.minusSeconds(1)));
        assertThat(told()).isEmpty();
    }
}
