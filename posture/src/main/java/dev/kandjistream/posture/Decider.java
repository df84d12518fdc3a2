package dev.kandjistream.posture;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.domain.Source;
import dev.kandjistream.posture.domain.Verdict;
import dev.kandjistream.posture.http.DecisionSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes decisions: what is known, what the policy says of it, and a record of that.
 *
 * <pre>question ─► view ─► (live answer, where the policy wants one) ─► posture ─► policy ─► decision ─► record</pre>
 *
 * Holds nothing between two questions, and waits for nothing: only a live answer comes later.
 */
final class Decider implements DecisionSource {

    /** The fleet as it was last told. */
    interface View {
        Sighting sighting(SerialNumber serialNumber);

        /** @return why there is nothing to decide on yet; empty once there is */
        Optional<String> nothingYet();
    }

    /** The account's API. */
    interface Live {
        /** @return the sighting bettered, or as it was; never later than the deadline, and never a failure */
        CompletionStage<Sighting> ask(SerialNumber serialNumber, Sighting seen, Duration deadline);
    }

    private final View view;
    private final Live live;
    private final Supplier<Policy> policy;
    private final Consumer<Decision> record;
    private final InstantSource clock;
    private final DecisionIds ids = new DecisionIds();
    private final Map<Outcome, Counter> made = new EnumMap<>(Outcome.class);
    private final Counter inDoubt;

    /** @param policy the one in force, asked for every decision */
    Decider(
            View view,
            Live live,
            Supplier<Policy> policy,
            Consumer<Decision> record,
            InstantSource clock,
            MeterRegistry meters) {
        this.view = view;
        this.live = live;
        this.policy = policy;
        this.record = record;
        this.clock = clock;
        for (var outcome : Outcome.values()) {
            made.put(
                    outcome,
                    Counter.builder("posture.decisions")
                            .description("Decisions made; of monitor: those that a monitoring rule matched on the way")
                            .tag("outcome", outcome.word())
                            .register(meters));
        }
        inDoubt = Counter.builder("posture.decisions.in.doubt")
                .description("Decisions in which a rule matched because an attribute was missing")
                .register(meters);
    }

    @Override
    public CompletionStage<Decision> decide(Question question, String client) {
        Policy inForce = policy.get();
        Sighting seen = view.sighting(question.serialNumber());
        if (!inForce.liveLookup().wanted(seen, clock.millis())) {
            return CompletableFuture.completedFuture(judge(question, client, inForce, seen));
        }
        return live.ask(question.serialNumber(), seen, inForce.liveLookup().deadline())
                .thenApply(better -> judge(question, client, inForce, newer(seen, better)));
    }

    /** A cached live answer is not used if a sweep asked later, even if that sweep left the device in doubt. */
    private static Sighting newer(Sighting view, Sighting better) {
        boolean overtaken = better.source() == Source.LIVE
                && view.account()
                        .filter(account -> account.confirmedAt() > better.seenAt())
                        .isPresent();
        return overtaken ? view : better;
    }

    private Decision judge(Question question, String client, Policy inForce, Sighting sighting) {
        Instant now = clock.instant();
        Posture posture = Posture.of(question, sighting, now.toEpochMilli());
        Verdict verdict = inForce.judge(posture, question.context());
        var decision = new Decision(
                ids.next(now.toEpochMilli()), now, client, question, sighting, posture, verdict, inForce.version());
        record.accept(decision);
        count(verdict);
        return decision;
    }

    private void count(Verdict verdict) {
        made.get(verdict.outcome()).increment();
        if (!verdict.monitored().isEmpty()) {
            made.get(Outcome.MONITOR).increment();
        }
        if (!verdict.doubts().isEmpty()) {
            inDoubt.increment();
        }
    }

    @Override
    public Optional<Posture> look(SerialNumber serialNumber) {
        Sighting seen = view.sighting(serialNumber);
        return seen.device().map(known -> Posture.of(Question.of(serialNumber), seen, clock.millis()));
    }

    @Override
    public Optional<String> notReady() {
        return view.nothingYet();
    }
}
