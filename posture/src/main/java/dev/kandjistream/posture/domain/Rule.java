package dev.kandjistream.posture.domain;

import dev.kandjistream.posture.domain.Condition.Truth;
import java.util.Map;
import java.util.Optional;

/**
 * One rule of a policy.
 *
 * @param name unique in the policy
 * @param platform whose devices it is for; empty for all
 * @param notification Markdown for the person refused; empty text where there is none
 */
public record Rule(
        String name, Optional<Platform> platform, Condition condition, Outcome outcome, String notification) {

    /** How it went. */
    enum Match {
        NO,
        YES,
        /** Because something is missing or cannot be told: for want of knowledge, not by it. */
        BY_DOUBT
    }

    /**
     * Doubt never allows: what is missing makes a rule that denies or monitors match, and one that allows not match.
     */
    Match match(Posture posture, Map<String, String> context) {
        if (posture.missing(needs()) != 0) {
            return appliesTo(posture) ? inDoubt() : Match.NO;
        }
        if (!appliesTo(posture)) {
            return Match.NO;
        }
        Truth truth = condition.test(posture, context);
        if (truth == Truth.UNTOLD) {
            return inDoubt();
        }
        return truth == Truth.YES ? Match.YES : Match.NO;
    }

    /** Attributes without which it cannot be judged, as bits. */
    long needs() {
        return condition.needs() | (platform.isPresent() ? Attribute.PLATFORM.bit() : 0);
    }

    private Match inDoubt() {
        return outcome == Outcome.ALLOW ? Match.NO : Match.BY_DOUBT;
    }

    /** A device of an unknown platform may be of any. */
    private boolean appliesTo(Posture posture) {
        return platform.isEmpty()
                || !posture.has(Attribute.PLATFORM)
                || platform.get().covers((String) posture.value(Attribute.PLATFORM));
    }
}
