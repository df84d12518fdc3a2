package dev.kandjistream.posture.domain;

import java.util.List;
import java.util.Optional;

/**
 * What a policy says of a posture.
 *
 * @param outcome {@link Outcome#ALLOW} or {@link Outcome#DENY}
 * @param rule the rule that ended it; empty where none did, which denies
 * @param notification Markdown for the person refused; empty text where there is none, as for whoever is allowed
 * @param monitored names of rules that monitor and matched before the end, in the policy's order
 * @param doubts attributes whose absence made a rule match, in the order of {@link Attribute}; empty where all went by what is
 *     known
 */
public record Verdict(
        Outcome outcome, Optional<String> rule, String notification, List<String> monitored, List<Attribute> doubts) {}
