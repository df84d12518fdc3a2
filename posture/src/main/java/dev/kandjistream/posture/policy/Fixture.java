package dev.kandjistream.posture.policy;

import dev.kandjistream.config.Fault;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Outcome;
import dev.kandjistream.posture.domain.Policy;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device made up, and what a policy is to say of it.
 *
 * @param place where the case stands
 * @param name as the case calls itself
 * @param context of the question
 */
public record Fixture(Fault.Place place, String name, Posture posture, Map<String, String> context, Expected expected) {

    /**
     * What is empty is not looked at.
     *
     * @param decision allow or deny
     * @param rule that decides; {@code none} where no rule is to match
     * @param monitored exactly these, in the policy's order
     * @param missing whose absence makes a rule match: exactly these, in any order
     */
    public record Expected(
            Outcome decision,
            Optional<String> rule,
            Optional<List<String>> monitored,
            Optional<List<String>> missing,
            Optional<String> notification) {}

    /** @return what the policy says otherwise, in words; empty where all is as expected */
    public List<String> differences(Policy policy) {
        Verdict verdict = policy.judge(posture, context);
        var differences = new ArrayList<String>();
        compare(
                differences,
                "decision",
                expected.decision().word(),
                verdict.outcome().word());
        String rule = verdict.rule().orElse(RulesReader.NO_RULE);
        expected.rule().ifPresent(name -> compare(differences, "rule", name, rule));
        expected.monitored().ifPresent(names -> compare(differences, "monitored", names, verdict.monitored()));
        expected.missing()
                .ifPresent(names -> compare(
                        differences,
                        "missing",
                        names.stream().sorted().toList(),
                        verdict.doubts().stream().map(Attribute::word).sorted().toList()));
        expected.notification()
                .ifPresent(text -> compare(
                        differences,
                        "notification",
                        text,
                        verdict.notification().strip()));
        return differences;
    }

    private static void compare(List<String> differences, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            differences.add(what + ": expected " + expected + ", found " + found);
        }
    }
}
