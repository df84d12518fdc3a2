package dev.kandjistream.posture.domain;

import java.time.Instant;

/**
 * One answer, whole: what was asked, what was known, what the policy said of it.
 *
 * @param id unique; sorts by time
 * @param client name of the token that asked
 * @param sighting what was known
 * @param policyVersion of the policy that judged
 */
public record Decision(
        String id,
        Instant decidedAt,
        String client,
        Question question,
        Sighting sighting,
        Posture posture,
        Verdict verdict,
        String policyVersion) {}
