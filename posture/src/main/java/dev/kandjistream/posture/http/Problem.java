package dev.kandjistream.posture.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why there is no answer, as RFC 9457 has it.
 *
 * @param detail for whoever asked; nothing of what was asked stands in it
 * @param headers that go with it
 * @param faults what is wrong with the body; empty for other kinds
 */
record Problem(Kind kind, String detail, Map<String, String> headers, List<Fault> faults) {
    static final String CONTENT_TYPE = "application/problem+json";
    static final String TYPES = "urn:kandji-stream:problem:";
    static final String INSTANCES = "urn:uuid:";

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One thing wrong with a body.
     *
     * @param pointer JSON Pointer to it; empty text for the whole
     * @param detail what was expected and what was found
     */
    record Fault(String pointer, String detail) {}

    /** All there are. Their words are published. */
    enum Kind {
        INVALID_REQUEST(400, "The request is not as expected"),
        UNAUTHENTICATED(401, "A token is needed"),
        SCOPE_MISSING(403, "The token may not do this"),
        UNKNOWN_PATH(404, "There is nothing here"),
        UNKNOWN_DEVICE(404, "No device has this serial number"),
        METHOD_NOT_ALLOWED(405, "This cannot be done here"),
        TOO_SLOW(408, "The request did not arrive in time"),
        TOO_LARGE(413, "The body is too long"),
        ADDRESS_TOO_LONG(414, "The address is too long"),
        UNSUPPORTED_CONTENT(415, "The body is not of a kind that is read here"),
        TOO_MANY_REQUESTS(429, "The token has asked too much at once"),
        HEADERS_TOO_LARGE(431, "The headers are too long"),
        INTERNAL(500, "The answer could not be made"),
        NOT_READY(503, "No decisions can be made yet");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }

        String title() {
            return title;
        }

        /** The end of its type. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static Problem of(Kind kind, String detail) {
        return new Problem(kind, detail, Map.of(), List.of());
    }

    static Problem of(Kind kind, String detail, String header, String value) {
        return new Problem(kind, detail, Map.of(header, value), List.of());
    }

    static Problem invalid(List<Fault> faults) {
        String detail = faults.size() == 1
                ? faults.get(0).detail()
                : faults.size() + " things are wrong with the body; errors lists them";
        return new Problem(Kind.INVALID_REQUEST, detail, Map.of(), faults);
    }

    Refusal refusal() {
        return new Refusal(this);
    }

    /** @param requestId of this very request */
    byte[] json(String requestId) {
        var bytes = new ByteArrayOutputStream(400);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", TYPES + kind.word());
            json.writeStringField("title", kind.title());
            json.writeNumberField("status", kind.status());
            json.writeStringField("detail", detail);
            json.writeStringField("instance", INSTANCES + requestId);
            if (!faults.isEmpty()) {
                writeFaults(json);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private void writeFaults(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("errors");
        for (Fault fault : faults) {
            json.writeStartObject();
            json.writeStringField("pointer", fault.pointer());
            json.writeStringField("detail", fault.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
