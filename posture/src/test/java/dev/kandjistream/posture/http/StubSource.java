package dev.kandjistream.posture.http;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows one device, {@link #KNOWN}. Serial numbers that begin with {@code SLOW} are decided when a test says so, {@code BROKEN}
 * fails, {@code FATAL} worse.
 */
final class StubSource implements DecisionSource {
    static final String KNOWN = "C02STUB1";
    static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    final Map<String, CompletableFuture<Decision>> slow = new ConcurrentHashMap<>();
    final Map<String, Question> asked = new ConcurrentHashMap<>();
    final Map<String, String> clients = new ConcurrentHashMap<>();
    volatile Optional<String> notReady = Optional.empty();
    private final AtomicLong ids = new AtomicLong();

    @Override
    public CompletionStage<Decision> decide(Question question, String client) {
        String serialNumber = question.serialNumber().text();
        asked.put(serialNumber, question);
        clients.put(serialNumber, client);
        failIfBroken(serialNumber);
        if (serialNumber.startsWith("SLOW")) {
            return slow.computeIfAbsent(serialNumber, text -> new CompletableFuture<>());
        }
        return CompletableFuture.completedFuture(decision(question, client));
    }

    Decision decision(Question question, String client) {
        Sighting sighting = sighting(question.serialNumber());
        Posture posture = Posture.of(question, sighting, NOW.toEpochMilli());
        Verdict verdict = sighting.device().isPresent()
                ? new Verdict(Outcome.ALLOW, Optional.of("known"), "", List.of("old-system"), List.of())
                : new Verdict(
                        Outcome.DENY,
                        Optional.empty(),
                        "This device is **not known**.\n",
                        List.of(),
                        List.of(Attribute.MDM_ENABLED, Attribute.OS_VERSION));
        String id = "decision-" + ids.incrementAndGet();
        return new Decision(id, NOW, client, question, sighting, posture, verdict, "9f2c0123456789ab");
    }

    @Override
    public Optional<Posture> look(SerialNumber serialNumber) {
        failIfBroken(serialNumber.text());
        Sighting sighting = sighting(serialNumber);
        return sighting.device().isEmpty()
                ? Optional.empty()
                : Optional.of(Posture.of(Question.of(serialNumber), sighting, NOW.toEpochMilli()));
    }

    private static void failIfBroken(String serialNumber) {
        if (serialNumber.startsWith("FATAL")) {
            throw new StackOverflowError("at " + serialNumber);
        }
        if (serialNumber.startsWith("BROKEN")) {
            throw new IllegalStateException("nothing can be said of " + serialNumber);
        }
    }

    @Override
    public Optional<String> notReady() {
        return notReady;
    }

    private static Sighting sighting(SerialNumber serialNumber) {
        return serialNumber.text().equals(KNOWN)
                ? Sighting.ofView(new Enrolments.Chosen(device(), false), Optional.of(account()))
                : Sighting.NONE;
    }

    private static AccountState account() {
        long swept = NOW.minusSeconds(41).toEpochMilli();
        return new AccountState("acme", "CONNECTED", swept, Duration.ofMinutes(15), false);
    }

    private static Enrolment device() {
        return new Enrolment(
                "acme",
                "device-1",
                "Mac",
                "MacBook Pro \"14\"",
                "15.2 (a)",
                null,
                null,
                true,
                true,
                false,
                false,
                null,
                NOW.minusSeconds(3_600).toEpochMilli(),
                true,
                "ada@acme.example",
                false,
                "Engineering",
                List.of("vip", "büro"),
                NOW.minusSeconds(86_400).toEpochMilli(),
                Doubt.NONE);
    }
}
