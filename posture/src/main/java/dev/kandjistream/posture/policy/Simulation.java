package dev.kandjistream.posture.policy;

import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Rule;
import dev.kandjistream.posture.domain.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a policy would say of a fleet, and what of that would be new. Whoever makes the postures decides who asks about each
 * device; there is no context.
 */
public final class Simulation {
    private Simulation() {}

    /** A device of the fleet. */
    public record Subject(String serialNumber, Posture posture) {
        /** Who has which device is not for logs. */
        @Override
        public String toString() {
            return "[device]";
        }
    }

    /**
     * @param devices how many there were
     * @param policy what it says of them
     * @param against what the other one says; empty where there is none
     * @param moves what is different, changed decisions first, many before few; empty where there is no other policy
     */
    public record Report(long devices, Tally policy, Optional<Tally> against, List<Move> moves) {}

    /**
     * One policy's decisions, counted.
     *
     * @param allowed devices
     * @param denied devices
     * @param monitored devices that a rule monitors; each is among the former too
     * @param decidedBy devices by the rule that decides, in the policy's order, those that decide nothing too; {@code none} last
     * @param monitoredBy devices by the rule that monitors them, likewise
     * @param missing devices by attribute whose absence made a rule match
     */
    public record Tally(
            String policyVersion,
            long allowed,
            long denied,
            long monitored,
            Map<String, Long> decidedBy,
            Map<String, Long> monitoredBy,
            Map<Attribute, Long> missing) {}

    /** A decision and its rule. @param rule {@code none} where no rule matches */
    public record Answer(Outcome outcome, String rule) {
        private static Answer of(Verdict verdict) {
            return new Answer(verdict.outcome(), verdict.rule().orElse(RulesReader.NO_RULE));
        }
    }

    /**
     * Devices that are answered otherwise.
     *
     * @param examples serial numbers, the first that were met
     */
    public record Move(Answer before, Answer after, long devices, List<String> examples) {
        /** Whether the decision is another, and not only its rule. */
        public boolean decides() {
            return before.outcome() != after.outcome();
        }
    }

    /**
     * @param fleet read once, in its order
     * @param against what decides today
     * @param examples of each move, at most so many
     */
    public static Report run(Stream<Subject> fleet, Policy policy, Optional<Policy> against, int examples) {
        var counter = new Counter(policy);
        Optional<Counter> other = against.map(Counter::new);
        var moves = new HashMap<List<Answer>, List<String>>();
        var counts = new HashMap<List<Answer>, Long>();
        fleet.forEachOrdered(subject -> {
            Answer after = counter.take(subject.posture());
            if (other.isPresent()) {
                Answer before = other.get().take(subject.posture());
                if (!before.equals(after)) {
                    List<Answer> move = List.of(before, after);
                    counts.merge(move, 1L, Long::sum);
                    List<String> shown = moves.computeIfAbsent(move, any -> new ArrayList<>());
                    if (shown.size() < examples) {
                        shown.add(subject.serialNumber());
                    }
                }
            }
        });
        List<Move> sorted = counts.entrySet().stream()
                .map(move -> new Move(
                        move.getKey().get(0),
                        move.getKey().get(1),
                        move.getValue(),
                        List.copyOf(moves.get(move.getKey()))))
                .sorted(Comparator.comparing((Move move) -> !move.decides())
                        .thenComparing(Comparator.comparingLong(Move::devices).reversed())
                        .thenComparing(move -> move.before() + " " + move.after()))
                .toList();
        return new Report(counter.devices, counter.tally(), other.map(Counter::tally), sorted);
    }

    /** One policy's, while the fleet goes by. */
    private static final class Counter {
        private final Policy policy;
        private final Map<String, Long> decidedBy = new LinkedHashMap<>();
        private final Map<String, Long> monitoredBy = new LinkedHashMap<>();
        private final Map<Attribute, Long> missing = new EnumMap<>(Attribute.class);
        private long devices;
        private long allowed;
        private long monitored;

        Counter(Policy policy) {
            this.policy = policy;
            for (Rule rule : policy.rules()) {
                (rule.outcome() == Outcome.MONITOR ? monitoredBy : decidedBy).put(rule.name(), 0L);
            }
            decidedBy.put(RulesReader.NO_RULE, 0L);
        }

        Answer take(Posture posture) {
            Verdict verdict = policy.judge(posture, Map.of());
            Answer answer = Answer.of(verdict);
            devices++;
            allowed += verdict.outcome() == Outcome.ALLOW ? 1 : 0;
            monitored += verdict.monitored().isEmpty() ? 0 : 1;
            decidedBy.merge(answer.rule(), 1L, Long::sum);
            verdict.monitored().forEach(rule -> monitoredBy.merge(rule, 1L, Long::sum));
            verdict.doubts().forEach(attribute -> missing.merge(attribute, 1L, Long::sum));
            return answer;
        }

        Tally tally() {
            return new Tally(policy.version(), allowed, devices - allowed, monitored, decidedBy, monitoredBy, missing);
        }
    }
}
