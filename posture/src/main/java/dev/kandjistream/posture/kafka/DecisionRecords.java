package dev.kandjistream.posture.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.decisions.Decision;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A decision as it is made to one as it crosses the topic. */
final class DecisionRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecisionRecords() {}

    static Decision of(dev.kandjistream.posture.domain.Decision made) {
        Question question = made.question();
        Posture posture = made.posture();
        Optional<Enrolment> device = made.sighting().device().map(Enrolments.Chosen::enrolment);
        return Decision.newBuilder()
                .setDecisionId(made.id())
                .setDecidedAt(made.decidedAt())
                .setClient(made.client())
                .setSerialNumber(question.serialNumber().text())
                .setPlatform(question.platform().orElse(null))
                .setUserEmail(question.userEmail().orElse(null))
                .setContext(question.context())
                .setDecision(made.verdict().outcome().word())
                .setRule(made.verdict().rule().orElse(null))
                .setMonitored(made.verdict().monitored())
                .setMissing(
                        made.verdict().doubts().stream().map(Attribute::word).toList())
                .setSource(posture.source().word())
                .setDataAgeMs(posture.age() == null ? null : posture.age().toMillis())
                .setAccountId(device.map(Enrolment::accountId).orElse(null))
                .setDeviceId(device.map(Enrolment::deviceId).orElse(null))
                .setAttributes(attributes(posture))
                .setPolicyVersion(made.policyVersion())
                .build();
    }

    private static Map<String, String> attributes(Posture posture) {
        Map<String, String> known = new TreeMap<>();
        for (Attribute attribute : Attribute.values()) {
            if (posture.has(attribute)) {
                known.put(attribute.word(), text(attribute, posture.value(attribute)));
            }
        }
        return known;
    }

    /** The forms that the schema's doc names. */
    private static String text(Attribute attribute, Object value) {
        return switch (attribute.kind()) {
            case TEXT, TRUTH, VERSION -> value.toString();
            case SPAN -> String.valueOf(((Duration) value).toSeconds());
            case TEXTS -> json((List<?>) value);
        };
    }

    private static String json(List<?> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A list of texts is no JSON array", impossible);
        }
    }
}
