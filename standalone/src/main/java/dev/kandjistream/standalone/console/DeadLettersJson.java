package dev.kandjistream.standalone.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.standalone.console.DeadLettersView.Readable;
import dev.kandjistream.standalone.run.DeadLetter;
import dev.kandjistream.standalone.run.DeadLetterLog.Listed;
import dev.kandjistream.standalone.run.Redrive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Dead letters for programs. What is unknown is null. Described in {@code docs/status.md}. */
public final class DeadLettersJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private DeadLettersJson() {}

    public static String list(List<Listed> letters, Instant now) {
        ObjectNode json = JSON.createObjectNode().put("at", now.toString());
        var array = json.putArray("dead_letters");
        letters.forEach(listed -> add(array.addObject(), listed.letter(), listed.bytes()));
        return text(json);
    }

    public static String show(DeadLetter letter, Readable value) {
        ObjectNode json = JSON.createObjectNode();
        add(json, letter, letter.bytes());
        var headers = json.putArray("headers");
        letter.headers().forEach(header -> headers.addObject()
                .put("name", header.key())
                .put("value", header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8)));
        json.put("schema_id", letter.schemaId().isPresent() ? letter.schemaId().getAsInt() : null)
                .put("schema", value.schema().orElse(null))
                .put("content", value.json().orElse(null))
                .put(
                        "value",
                        letter.value() == null ? null : Base64.getEncoder().encodeToString(letter.value()));
        return text(json);
    }

    /** A redrive, written letter by letter: there may be more than memory holds. */
    public static Redriven redriven(Writer out, boolean dryRun) {
        return new Redriven(out, dryRun);
    }

    /** The document of a redrive. What is not closed with {@link #followed} is cut off, and so no JSON. */
    public static final class Redriven implements AutoCloseable {
        private final JsonGenerator json;
        private final boolean dryRun;

        private Redriven(Writer out, boolean dryRun) {
            this.dryRun = dryRun;
            try {
                json = JSON.createGenerator(out)
                        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
                        .useDefaultPrettyPrinter();
                json.writeStartObject();
                json.writeBooleanField("dry_run", dryRun);
                json.writeArrayFieldStart("letters");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** @param isUnreadAgain whether its record was written and could not be read again */
        public void letter(Redrive.Result result, boolean isUnreadAgain) {
            ObjectNode node = JSON.createObjectNode();
            add(node, result.letter(), result.letter().bytes());
            node.put("redriven", result.skipped() == null && !dryRun)
                    .put("skipped", result.skipped())
                    .put("written_at", result.writtenAt() < 0 ? null : result.writtenAt())
                    .put("unreadable_again", isUnreadAgain);
            try {
                json.writeTree(node);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** @param isFollowed whether the hops have read all that was written */
        public void followed(boolean isFollowed) {
            try {
                json.writeEndArray();
                json.writeBooleanField("followed", isFollowed);
                json.writeEndObject();
                json.writeRaw(System.lineSeparator());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                json.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void add(ObjectNode node, DeadLetter letter, int bytes) {
        boolean known = !letter.topic().isEmpty();
        node.put("id", letter.id())
                .put("time", letter.time().toString())
                .put("by", letter.by().isEmpty() ? null : letter.by())
                .put("topic", known ? letter.topic() : null)
                .put("partition", known ? letter.partition() : null)
                .put("offset", known ? letter.offset() : null)
                .put("account_id", letter.account().orElse(null))
                .put("key", letter.key() == null ? null : letter.keyText())
                .put("bytes", bytes)
                .put("cause", letter.cause());
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
