package dev.kandjistream.standalone.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.standalone.console.DeadLettersView.Readable;
import dev.kandjistream.standalone.run.DeadLetter;
import dev.kandjistream.standalone.run.DeadLetterLog.Listed;
import dev.kandjistream.standalone.run.Redrive;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;

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

    /**
     * @param unread ids of letters whose record was written and could not be read again
     * @param followed whether the hops have read all that was written
     */
    public static String redriven(List<Redrive.Result> results, boolean dryRun, boolean followed, Set<String> unread) {
        ObjectNode json = JSON.createObjectNode().put("dry_run", dryRun).put("followed", followed);
        var array = json.putArray("letters");
        results.forEach(result -> {
            ObjectNode node = array.addObject();
            add(node, result.letter(), result.letter().bytes());
            node.put("redriven", result.skipped() == null && !dryRun)
                    .put("skipped", result.skipped())
                    .put("written_at", result.writtenAt() < 0 ? null : result.writtenAt())
                    .put("unreadable_again", unread.contains(result.letter().id()));
        });
        return text(json);
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
