package dev.kandjistream.posture.domain;

import java.util.Locale;

/** What a rule comes to. */
public enum Outcome {
    ALLOW,
    /** Recorded, and on with the next rule. */
    MONITOR,
    DENY;

    /** As policies, answers and events say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
