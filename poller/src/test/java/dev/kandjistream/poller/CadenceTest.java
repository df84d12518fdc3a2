package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tenth of every wait is chance, half of it either way. */
class CadenceTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static SweepReceipt receipt(String verdict, long requests, Duration took) {
        return receipt(verdict, requests, took, List.of());
    }

    private static SweepReceipt receipt(
            String verdict, long requests, Duration took, List<WithheldRetraction> withheld) {
        return SweepReceipt.newBuilder()
                .setAccountId("acme")
                .setKind("devices")
                .setSweepId("1")
                .setStartedAt(START)
                .setFinishedAt(START.plus(took))
                .setVerdict(verdict)
                .setConnection("CONNECTED")
                .setRequests(requests)
                .setPages(1)
                .setRows(1)
                .setDevices(1)
                .setPublished(0)
                .setUnchanged(0)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setQuota(new Quota(1L, 1L, null))
                .setRawEndOffsets(List.of())
                .setWithheldRetractions(withheld)
                .setAnswers(List.of())
                .setUnreadDevices(List.of())
                .setShape(List.of())
                .build();
    }

    private static Duration after(Kind kind, Duration interval, String... verdicts) {
        var cadence = new Cadence(kind);
        SweepReceipt last = null;
        for (String verdict : verdicts) {
            last = receipt(verdict, 1, Duration.ofSeconds(10));
            cadence.ended(last);
        }
        return cadence.untilNext(interval, last, 2);
    }

    private static void assertAbout(Duration wait, Duration expected, Duration interval) {
        assertThat(wait)
                .isBetween(
                        expected.minus(interval.dividedBy(20)),
                        expected.plus(interval.dividedBy(20)).plusMillis(1));
    }

    @Test
    void intervalsGoFromStartToStart() {
        var hour = Duration.ofHours(1);
        assertAbout(after(Kind.APPS, hour, "COMPLETE"), hour.minusSeconds(10), hour);
        assertAbout(after(Kind.APPS, hour, "QUARANTINED"), hour.minusSeconds(10), hour);
    }

    @Test
    void aSweepThatWasNotWholeIsRepeatedSoonerAndSoonerLess() {
        var hours = Duration.ofHours(6);
        assertAbout(after(Kind.APPS, hours, "INCOMPLETE"), Duration.ofMinutes(1), hours);
        assertAbout(after(Kind.APPS, hours, "FAILED", "FAILED", "FAILED"), Duration.ofMinutes(4), hours);
        assertAbout(after(Kind.APPS, hours, "FAILED", "COMPLETE", "FAILED"), Duration.ofMinutes(1), hours);
        var twenty = "FAILED ".repeat(20).strip().split(" ");
        assertAbout(after(Kind.APPS, hours, twenty), Duration.ofMinutes(30), hours);
        var minutes = Duration.ofMinutes(5);
        assertAbout(after(Kind.DEVICES, minutes, twenty), minutes.minusSeconds(10), minutes);
    }

    @Test
    void aLookThatFailedIsMadeLessOften() {
        var interval = Duration.ofSeconds(30);
        assertAbout(after(Kind.DELTA, interval, "COMPLETE"), Duration.ofSeconds(20), interval);
        assertAbout(after(Kind.DELTA, interval, "INCOMPLETE", "INCOMPLETE"), Duration.ofMinutes(2), interval);
    }

    @Test
    void aLossThatOneMoreSweepDecidesBringsThatSweepSooner() {
        var interval = Duration.ofMinutes(5);
        var cadence = new Cadence(Kind.DEVICES);
        assertAbout(cadence.untilNext(interval, waiting(1, null), 2), Duration.ofMinutes(1), interval);
        assertAbout(cadence.untilNext(interval, waiting(2, null), 2), interval.minusSeconds(10), interval);
        assertAbout(cadence.untilNext(interval, waiting(1, "REJECTED"), 2), interval.minusSeconds(10), interval);
        assertAbout(
                new Cadence(Kind.APPS).untilNext(interval, waiting(1, null), 2), interval.minusSeconds(10), interval);
        var short30 = Duration.ofSeconds(30);
        assertAbout(cadence.untilNext(short30, waiting(1, null), 2), Duration.ofSeconds(20), short30);
    }

    private static SweepReceipt waiting(int sweeps, String order) {
        var item = new WithheldRetraction(
                "d1", "USER", null, null, null, 0L, sweeps, "shown by 1 of 2 complete sweeps", order);
        return receipt("COMPLETE", 1, Duration.ofSeconds(10), List.of(item));
    }

    @Test
    void whatHasToWaitForSomethingElseHasNotFailed() {
        var cadence = new Cadence(Kind.DELTA);
        SweepReceipt waits = receipt("FAILED", 0, Duration.ZERO);
        for (int i = 0; i < 10; i++) {
            cadence.ended(waits);
        }
        var interval = Duration.ofSeconds(30);
        assertAbout(cadence.untilNext(interval, waits, 2), interval, interval);
    }
}
