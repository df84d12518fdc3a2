package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.domain.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decisions as posture makes them. */
final class Made {
    static final Instant NOW = Instant.parse("2026-01-05T09:00:00.123Z");

    private Made() {}

    /** Of a Mac whose MDM state nobody knows: monitored, then refused for want of it. */
    static Decision denied(String id) {
        var device = new Enrolment(
                "acme",
                "d-1",
                "Mac",
                "MacBook Air",
                "15.2.1 (a)",
                null,
                null,
                null,
                true,
                false,
                false,
                null,
                NOW.minusSeconds(60).toEpochMilli(),
                true,
                "ada@acme.com",
                false,
                "Standard",
                List.of("a \"quoted\" tag", "b"),
                Enrolment.NO_TIME,
                Doubt.NONE);
        var account = new AccountState(
                "acme", "CONNECTED", NOW.minusMillis(41_500).toEpochMilli(), Duration.ofHours(1), false);
        var question = new Question(
                serial("c02/xk1"), Optional.of("macOS"), Optional.of("Ada@Acme.com"), Map.of("app", "vpn"));
        var sighting = Sighting.ofView(Enrolments.choose(List.of(device)).orElseThrow(), Optional.of(account));
        var verdict = new Verdict(
                Outcome.DENY,
                Optional.of("not-managed"),
                "Your Mac is **not managed**.",
                List.of("old-system"),
                List.of(Attribute.MDM_ENABLED));
        return decision(id, question, sighting, verdict);
    }

    /** Of a serial number that nobody knows, where no rule matched. */
    static Decision unknown(String id) {
        return decision(
                id,
                Question.of(serial("NOBODY")),
                Sighting.NONE,
                new Verdict(Outcome.DENY, Optional.empty(), "", List.of(), List.of()));
    }

    private static Decision decision(String id, Question question, Sighting sighting, Verdict verdict) {
        var posture = Posture.of(question, sighting, NOW.toEpochMilli());
        return new Decision(id, NOW, "sign-in", question, sighting, posture, verdict, "9f2c000000000000");
    }

    private static SerialNumber serial(String text) {
        return SerialNumber.of(text).orElseThrow();
    }
}
