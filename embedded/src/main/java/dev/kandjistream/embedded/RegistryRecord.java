package dev.kandjistream.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * One record of the registry's topic, in the form and key order of Confluent's Schema Registry: keys must be equal byte
 * for byte, or compaction would keep both registries' records side by side.
 */
record RegistryRecord(byte[] key, byte[] value) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static RegistryRecord schema(RegistryState.Version version) {
        ObjectNode key = key("SCHEMA")
                .put("subject", version.subject())
                .put("version", version.version())
                .put("magic", 1);
        ObjectNode value = JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema())
                .put("deleted", version.deleted());
        return new RegistryRecord(bytes(key), bytes(value));
    }

    /** @param subject empty for the registry's own level */
    static RegistryRecord level(Optional<String> subject, String level) {
        ObjectNode key = key("CONFIG").put("subject", subject.orElse(null)).put("magic", 0);
        return new RegistryRecord(bytes(key), bytes(JSON.createObjectNode().put("compatibilityLevel", level)));
    }

    private static ObjectNode key(String type) {
        return JSON.createObjectNode().put("keytype", type);
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Key types of features that this registry lacks (modes, contexts, no-operations) change nothing. */
    void applyTo(RegistryState state) throws IOException {
        JsonNode read = JSON.readTree(key);
        JsonNode body = value == null ? JSON.nullNode() : JSON.readTree(value);
        String subject = read.path("subject").asText();
        switch (read.path("keytype").asText()) {
            case "SCHEMA" -> {
                int version = read.path("version").asInt();
                if (body.isNull()) {
                    state.remove(subject, version);
                } else {
                    state.put(new RegistryState.Version(
                            subject,
                            version,
                            body.path("id").asInt(),
                            body.path("schema").asText(),
                            body.path("deleted").asBoolean()));
                }
            }
            case "DELETE_SUBJECT" -> state.delete(subject, body.path("version").asInt());
            case "CLEAR_SUBJECT" -> state.delete(subject, Integer.MAX_VALUE);
            case "CONFIG" ->
                state.setLevel(
                        read.path("subject").isNull() ? Optional.empty() : Optional.of(subject),
                        Optional.ofNullable(body.path("compatibilityLevel").asText(null)));
            default -> {}
        }
    }
}
