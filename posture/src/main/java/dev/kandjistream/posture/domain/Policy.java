package dev.kandjistream.posture.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ordered rules. The first that matches and allows or denies ends it; where none does, the answer is deny.
 *
 * @param version print of the file's content: equal files, equal versions
 * @param noMatchNotification Markdown for a person refused because no rule matched; empty text where there is none
 */
public record Policy(String version, List<Rule> rules, String noMatchNotification, LiveLookup liveLookup) {
    public Policy {
        rules = List.copyOf(rules);
    }

    /** @param context of the {@link Question} */
    public Verdict judge(Posture posture, Map<String, String> context) {
        List<String> monitored = new ArrayList<>(0);
        long doubts = 0;
        for (Rule rule : rules) {
            Rule.Match match = rule.match(posture, context);
            if (match == Rule.Match.NO) {
                continue;
            }
            doubts |= match == Rule.Match.BY_DOUBT ? posture.missing(rule.needs()) : 0;
            if (rule.outcome() == Outcome.MONITOR) {
                monitored.add(rule.name());
            } else {
                String notification = rule.outcome() == Outcome.DENY ? rule.notification() : "";
                return verdict(rule.outcome(), Optional.of(rule.name()), notification, monitored, doubts);
            }
        }
        return verdict(Outcome.DENY, Optional.empty(), noMatchNotification, monitored, doubts);
    }

    private static Verdict verdict(
            Outcome outcome, Optional<String> rule, String notification, List<String> monitored, long doubts) {
        List<Attribute> missing = doubts == 0
                ? List.of()
                : Arrays.stream(Attribute.values())
                        .filter(attribute -> (doubts & attribute.bit()) != 0)
                        .toList();
        return new Verdict(outcome, rule, notification, List.copyOf(monitored), missing);
    }
}
