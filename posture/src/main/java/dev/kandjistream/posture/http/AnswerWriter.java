package dev.kandjistream.posture.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.kandjistream.posture.domain.Attribute;
import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Source;
import dev.kandjistream.posture.domain.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Answers into JSON, straight from what they are made of: thousands a second leave no time for trees. */
final class AnswerWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Attribute[] ATTRIBUTES = Attribute.values();
    private static final SerializableString[] WORDS =
            Arrays.stream(ATTRIBUTES).map(a -> new SerializedString(a.word())).toArray(SerializableString[]::new);
    private static final SerializableString[] SOURCES = Arrays.stream(Source.values())
            .map(s -> new SerializedString(s.word()))
            .toArray(SerializableString[]::new);
    /** What an answer with all attributes comes to. */
    private static final int USUAL_BYTES = 2_048;

    private AnswerWriter() {}

    static byte[] decision(Decision decision) {
        return bytes(USUAL_BYTES, json -> write(decision, json));
    }

    static byte[] decisions(List<Decision> decisions) {
        return bytes(USUAL_BYTES * decisions.size(), json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("decisions");
            for (Decision decision : decisions) {
                write(decision, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    static byte[] device(Posture posture) {
        return bytes(USUAL_BYTES, json -> {
            json.writeStartObject();
            writeAttributes(posture, json);
            writeOrigin(posture, json);
            json.writeEndObject();
        });
    }

    private static void write(Decision decision, JsonGenerator json) throws IOException {
        Verdict verdict = decision.verdict();
        json.writeStartObject();
        json.writeStringField("decision", verdict.outcome().word());
        json.writeStringField("rule", verdict.rule().orElse(null));
        json.writeStringField("notification", verdict.notification().isEmpty() ? null : verdict.notification());
        writeTexts("monitored", verdict.monitored(), json);
        json.writeArrayFieldStart("missing");
        for (Attribute attribute : verdict.doubts()) {
            json.writeString(WORDS[attribute.ordinal()]);
        }
        json.writeEndArray();
        writeAttributes(decision.posture(), json);
        writeOrigin(decision.posture(), json);
        json.writeStringField("policy_version", decision.policyVersion());
        json.writeStringField("decision_id", decision.id());
        json.writeStringField("decided_at", decision.decidedAt().toString());
        json.writeEndObject();
    }

    private static void writeAttributes(Posture posture, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("attributes");
        for (Attribute attribute : ATTRIBUTES) {
            if (posture.has(attribute)) {
                json.writeFieldName(WORDS[attribute.ordinal()]);
                json.writeStartObject();
                writeValue(attribute, posture.value(attribute), json);
                writeSource(posture.source(attribute), json);
                writeSeconds("age_seconds", posture.age(attribute), json);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private static void writeValue(Attribute attribute, Object value, JsonGenerator json) throws IOException {
        switch (attribute.kind()) {
            case TEXT, VERSION -> json.writeStringField("value", value.toString());
            case TRUTH -> json.writeBooleanField("value", (Boolean) value);
            case SPAN -> writeSeconds("value", (Duration) value, json);
            case TEXTS -> {
                json.writeArrayFieldStart("value");
                for (Object text : (List<?>) value) {
                    json.writeString((String) text);
                }
                json.writeEndArray();
            }
        }
    }

    private static void writeOrigin(Posture posture, JsonGenerator json) throws IOException {
        writeSource(posture.source(), json);
        writeSeconds("age_seconds", posture.age(), json);
    }

    private static void writeSource(Source source, JsonGenerator json) throws IOException {
        json.writeFieldName("source");
        json.writeString(SOURCES[source.ordinal()]);
    }

    private static void writeTexts(String key, List<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(key);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** Whole seconds that have passed. */
    private static void writeSeconds(String key, Duration span, JsonGenerator json) throws IOException {
        json.writeFieldName(key);
        if (span == null) {
            json.writeNull();
        } else {
            json.writeNumber(span.toSeconds());
        }
    }

    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static byte[] bytes(int expected, Content content) {
        var bytes = new ByteArrayOutputStream(expected);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            content.writeTo(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
