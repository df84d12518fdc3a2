package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.standalone.e2e.Judge.Reading;
import dev.kandjistream.standalone.e2e.Logged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of retractions sees every one that the truth does not bear out while its sweep was read. */
class RetractionLawsTest {
    private static final Instant T = Instant.parse("2026-01-05T08:00:00Z");

    private final TruthHistory history = new TruthHistory();

    private static Instant at(int second) {
        return T.plusSeconds(second);
    }

    /** Ann has the Mac with Figma until second 10, then Ben until 20, then nobody until 30, then Ben again. */
    @BeforeEach
    void tell() {
        history.changed(at(0), at(0), held("ann"));
        history.changed(at(10), at(10), held("ben"));
        history.changed(at(20), at(20), new Truth(List.of(), List.of(), List.of(), List.of(), List.of()));
        history.changed(at(30), at(30), held("ben"));
    }

    private static Truth held(String user) {
        var device = new Truth.Device(
                "d1", null, "Mac", "Mac", null, null, true, true, null, false, null, null, null, null, List.of(), user,
                null, null, false, null, null, null);
        var seat = new Truth.License("d1", "Mac", null, "Mac", user, null, null, "ACTIVE");
        var usage = new Truth.Usage(
                user, "figma", null, "Figma", null, null, null, null, null, List.of(), 1, List.of("d1"), T);
        return new Truth(List.of(device), List.of(), List.of(seat), List.of(), List.of(usage));
    }

    private List<String> broken(Logged event) {
        var reading = new Reading(at(13), event.observedAt());
        return new RetractionLaws(Map.of("acme", history), Map.of("sweep", reading), Set.of()).brokenBy(List.of(event));
    }

    /** Of a sweep that was read from second 13 on. */
    private static Logged event(String topic, String type, int observed, Map<String, Object> before, Object after) {
        var envelope = new TreeMap<String, Object>();
        envelope.put("event_type", type);
        envelope.put("op", after == null ? "d" : "u");
        envelope.put("cause", "USER_UNASSIGNED");
        envelope.put("observed_at", at(observed));
        envelope.put("before", before);
        envelope.put("after", after);
        envelope.put("source", Map.of("db", "acme", "sweep_id", "sweep"));
        return new Logged("chaos." + topic, 0, 7, at(observed), "acme/d1", Map.of(), envelope);
    }

    private static Map<String, Object> of(String user) {
        var entity = new TreeMap<String, Object>();
        entity.put("device_id", "d1");
        entity.put("user_id", user);
        entity.put("app_id", "figma");
        entity.put("device_ids", List.of("d1"));
        entity.put("device_count", 1);
        return entity;
    }

    /** Ben held it when the sweep was read, whose poller's clock was 20 seconds ahead: it says 33 to 35, when Ben has it again. */
    @Test
    void aReadingByAClockThatWasSetIsMovedBack() {
        history.changed(at(40), at(40), held("ann"));
        Logged revoked = event("licenses", "license.revoked", 55, of("ann"), null);
        var reading = new Reading(at(53), at(55));
        assertThat(lawsOf(reading, Set.of()).brokenBy(List.of(revoked))).hasSize(1);
        assertThat(lawsOf(reading, Set.of(Duration.ofSeconds(5))).brokenBy(List.of(revoked)))
                .hasSize(1);
        assertThat(lawsOf(reading, Set.of(Duration.ofSeconds(20))).brokenBy(List.of(revoked)))
                .isEmpty();
    }

    /** Begun by one clock and ended by another. */
    @Test
    void aClockMayBeSetWhileASweepIsRead() {
        Logged revoked = event("licenses", "license.revoked", 25, of("ben"), null);
        var reading = new Reading(at(3_600 + 22), at(25));
        assertThat(lawsOf(reading, Set.of()).brokenBy(List.of(revoked))).hasSize(1);
        assertThat(lawsOf(reading, Set.of(Duration.ofHours(1))).brokenBy(List.of(revoked)))
                .isEmpty();
    }

    private RetractionLaws lawsOf(Reading reading, Set<Duration> clocksAhead) {
        return new RetractionLaws(Map.of("acme", history), Map.of("sweep", reading), clocksAhead);
    }

    @Test
    void aSeatThatWasRevokedWhileItTrulyStoodIsNoticed() {
        assertThat(broken(event("licenses", "license.revoked", 15, of("ben"), null)))
                .singleElement()
                .asString()
                .contains("the seat was taken away", "acme/d1");
    }

    @Test
    void aSeatThatEndedOnlyAfterwardsIsNoExcuse() {
        assertThat(broken(event("licenses", "license.revoked", 19, of("ben"), null)))
                .hasSize(1);
    }

    @Test
    void aSeatThatEndedBeforeTheSweepOnlyIsNoExcuse() {
        assertThat(broken(event("licenses", "license.reassigned", 9, of("ben"), of("ann"))))
                .hasSize(1);
    }

    @Test
    void aSeatThatEndedWhileTheSweepWasReadMayBeRevoked() {
        assertThat(broken(event("licenses", "license.revoked", 21, of("ben"), null)))
                .isEmpty();
    }

    @Test
    void aSeatThatTrulyWentToSomebodyElseMayBeReassigned() {
        assertThat(broken(event("licenses", "license.reassigned", 15, of("ann"), of("ben"))))
                .isEmpty();
    }

    @Test
    void aDeviceReleasedFromItsTrueUserIsNoticed() {
        assertThat(broken(event("devices", "device.released", 15, of("ben"), null)))
                .hasSize(1);
    }

    @Test
    void aUsageEndedThatTrulyStoodIsNoticed() {
        assertThat(broken(event("usage", "usage.ended", 15, of("ben"), null)))
                .singleElement()
                .asString()
                .contains("the usage on device d1");
    }

    @Test
    void aUsageThatLosesNoDeviceTakesNothingAway() {
        assertThat(broken(event("usage", "usage.updated", 15, of("ben"), of("ben"))))
                .isEmpty();
    }

    @Test
    void aSeatWithNewDetailsTakesNothingAway() {
        assertThat(broken(event("licenses", "license.updated", 15, of("ben"), of("ben"))))
                .isEmpty();
    }

    @Test
    void aRetractionOfASweepThatNobodyKnowsIsNoticed() {
        var laws = new RetractionLaws(Map.of("acme", history), Map.of(), Set.of());
        assertThat(laws.brokenBy(List.of(event("licenses", "license.revoked", 21, of("ben"), null))))
                .singleElement()
                .asString()
                .contains("without a receipt");
        assertThat(laws.checked()).isEqualTo(1);
    }
}
