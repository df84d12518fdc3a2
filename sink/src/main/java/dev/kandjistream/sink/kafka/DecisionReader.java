package dev.kandjistream.sink.kafka;

import dev.kandjistream.decisions.Decision;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.DecisionRow;
import java.util.UUID;

/** A decision as it crosses the topic to one as its table keeps it. */
final class DecisionReader {
    private DecisionReader() {}

    static DecisionRow read(Decision decision) {
        if (decision == null) {
            throw new BadRecord("a decision must not be null: nothing takes an answer back");
        }
        return new DecisionRow(
                id(decision.getDecisionId()),
                decision.getDecidedAt(),
                decision.getClient(),
                new DecisionRow.Asked(
                        decision.getSerialNumber(),
                        decision.getPlatform(),
                        decision.getUserEmail(),
                        decision.getContext()),
                known(decision),
                new DecisionRow.Answer(
                        decision.getDecision(),
                        decision.getRule(),
                        decision.getMonitored(),
                        decision.getMissing(),
                        decision.getPolicyVersion()));
    }

    private static DecisionRow.Known known(Decision decision) {
        String account = decision.getAccountId();
        String device = decision.getDeviceId();
        return new DecisionRow.Known(
                decision.getSource(),
                decision.getDataAgeMs(),
                account,
                device,
                account == null || device == null ? null : Keys.of(account, device),
                decision.getAttributes());
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new BadRecord("decision_id must be a UUID, was " + text, e);
        }
    }
}
