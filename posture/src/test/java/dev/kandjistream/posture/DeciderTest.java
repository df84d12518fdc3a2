package dev.kandjistream.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Condition;
import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.LiveLookup;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.Rule;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.domain.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");
    private static final SerialNumber SERIAL = SerialNumber.of("C02XK1").orElseThrow();
    private static final Question QUESTION = Question.of(SERIAL);
    private static final LiveLookup WHEN_UNKNOWN = new LiveLookup(true, false, Duration.ofSeconds(2));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Decision> recorded = new ArrayList<>();
    private final CompletableFuture<Sighting> liveAnswer = new CompletableFuture<>();
    private final List<Duration> deadlines = new ArrayList<>();
    private Policy inForce = policy("v1", LiveLookup.NEVER);
    private Sighting known = Sighting.NONE;

    private final Decider decider = new Decider(
            new Decider.View() {
                @Override
                public Sighting sighting(SerialNumber serialNumber) {
                    return serialNumber.equals(SERIAL) ? known : Sighting.NONE;
                }

                @Override
                public Optional<String> nothingYet() {
                    return Optional.empty();
                }
            },
            this::ask,
            () -> inForce,
            recorded::add,
            InstantSource.fixed(NOW),
            meters);

    @Test
    void aDecisionIsRecordedAsItIsAnswered() {
        Decision decision = now(decider.decide(QUESTION, "sign-in"));

        assertThat(recorded).containsExactly(decision);
        assertThat(decision.client()).isEqualTo("sign-in");
        assertThat(decision.decidedAt()).isEqualTo(NOW);
        assertThat(decision.policyVersion()).isEqualTo("v1");
        assertThat(decision.verdict().outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.posture().value(Attribute.CONNECTION_REASON)).isEqualTo("serial_unknown");
    }

    @Test
    void noApiIsAskedUnlessThePolicyWantsIt() {
        now(decider.decide(QUESTION, "sign-in"));

        assertThat(deadlines).isEmpty();
    }

    @Test
    void aLiveAnswerIsWaitedForAndDecidedOn() {
        inForce = policy("v1", WHEN_UNKNOWN);

        CompletionStage<Decision> later = decider.decide(QUESTION, "sign-in");
        assertThat(later.toCompletableFuture()).isNotDone();
        liveAnswer.complete(Sighting.live(chosen(), Optional.empty(), NOW.toEpochMilli()));

        assertThat(deadlines).containsExactly(Duration.ofSeconds(2));
        assertThat(now(later).posture().source()).isEqualTo(Source.LIVE);
        assertThat(now(later).verdict().outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void thePolicyInForceWhenItWasAskedIsTheOneThatJudges() {
        inForce = policy("before", WHEN_UNKNOWN);
        CompletionStage<Decision> later = decider.decide(QUESTION, "sign-in");
        inForce = policy("after", LiveLookup.NEVER);
        liveAnswer.complete(Sighting.NONE);

        assertThat(now(later).policyVersion()).isEqualTo("before");
        assertThat(now(decider.decide(QUESTION, "sign-in")).policyVersion()).isEqualTo("after");
    }

    @Test
    void aLookIsNoDecision() {
        assertThat(decider.look(SERIAL)).isEmpty();
        known = Sighting.ofView(chosen(), Optional.empty());

        assertThat(decider.look(SERIAL).orElseThrow().value(Attribute.ACCOUNT)).isEqualTo("acme");
        assertThat(recorded).isEmpty();
    }

    @Test
    void decisionsAreCountedByOutcome() {
        now(decider.decide(QUESTION, "sign-in"));
        known = Sighting.ofView(chosen(), Optional.empty());
        now(decider.decide(QUESTION, "sign-in"));

        assertThat(made("deny")).isEqualTo(1);
        assertThat(made("allow")).isEqualTo(1);
        assertThat(made("monitor")).isZero();
    }

    private double made(String outcome) {
        return meters.get("posture.decisions").tag("outcome", outcome).counter().count();
    }

    private CompletionStage<Sighting> ask(SerialNumber serialNumber, Sighting seen, Duration deadline) {
        deadlines.add(deadline);
        return liveAnswer;
    }

    private static Decision now(CompletionStage<Decision> stage) {
        return stage.toCompletableFuture().join();
    }

    /** Allows whatever an account is known of. */
    private static Policy policy(String version, LiveLookup live) {
        Condition always = new Condition() {
            @Override
            public Truth test(Posture posture, Map<String, String> context) {
                return Truth.YES;
            }

            @Override
            public long needs() {
                return Attribute.ACCOUNT.bit();
            }
        };
        return new Policy(
                version, List.of(new Rule("known", Optional.empty(), always, Outcome.ALLOW, "")), "Unknown.", live);
    }

    private static Enrolments.Chosen chosen() {
        var enrolment = new Enrolment(
                "acme",
                "a",
                "Mac",
                null,
                null,
                null,
                null,
                true,
                true,
                false,
                false,
                null,
                NOW.toEpochMilli(),
                true,
                null,
                null,
                null,
                List.of(),
                NOW.toEpochMilli(),
                Doubt.NONE);
        return new Enrolments.Chosen(enrolment, false);
    }
}
