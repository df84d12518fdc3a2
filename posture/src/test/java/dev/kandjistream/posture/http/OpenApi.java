package dev.kandjistream.posture.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The document, read. Its schemas let readers pass over what they do not know; here they are closed, so that an answer with
 * something undocumented in it is found.
 */
final class OpenApi {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    final JsonNode document;
    private final JsonNode components;
    private final Map<String, Schema> schemas = new HashMap<>();

    /** @param path as the document writes it */
    record Operation(String method, String path, JsonNode content) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private OpenApi(JsonNode document) {
        this.document = document;
        components = document.path("components").deepCopy();
        close(components.path("schemas"));
    }

    static OpenApi read(String yaml) {
        try {
            return new OpenApi(new YAMLMapper().readTree(yaml));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApi::close);
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(method -> operations.add(
                        new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** The description of a response, its reference followed. */
    JsonNode response(Operation operation, int status) {
        JsonNode response = operation.content().path("responses").path(Integer.toString(status));
        String reference = response.path("$ref").asText();
        return reference.isEmpty() ? response : document.at(reference.substring(1));
    }

    /** What a schema of the document finds wrong. @param schema of a {@code content}, a reference or written out */
    List<String> faults(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema.toString(), text -> schema(schema)).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema schema(JsonNode schema) {
        ObjectNode whole = new ObjectMapper().createObjectNode();
        whole.set("components", components);
        whole.set("allOf", whole.arrayNode().add(schema));
        return REGISTRY.getSchema(whole);
    }
}
