package dev.kandjistream.posture.live;

import dev.kandjistream.posture.domain.Enrolment;
import java.time.Instant;
import java.util.List;

/**
 * What came of asking one account.
 *
 * @param enrolments under the serial number; none unless found
 * @param askedAt when the request was sent: the answer is as old as this
 * @param at when it came
 */
record AccountAnswer(String accountId, LiveOutcome outcome, List<Enrolment> enrolments, Instant askedAt, Instant at) {

    static AccountAnswer of(String accountId, List<Enrolment> enrolments, Instant askedAt, Instant at) {
        return new AccountAnswer(
                accountId, enrolments.isEmpty() ? LiveOutcome.NOT_FOUND : LiveOutcome.FOUND, enrolments, askedAt, at);
    }

    static AccountAnswer none(String accountId, LiveOutcome why, Instant at) {
        return new AccountAnswer(accountId, why, List.of(), at, at);
    }
}
