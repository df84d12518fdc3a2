package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.io.IOException;

/** Both values of a key that comes twice. A tree holds each key once, so the first value contains the second pair. */
record TwoValues(JsonNode first, String key, JsonNode second) implements JsonSerializable {
    @Override
    public void serialize(JsonGenerator json, SerializerProvider serializers) throws IOException {
        json.writeTree(first);
        json.writeFieldName(key);
        json.writeTree(second);
    }

    @Override
    public void serializeWithType(JsonGenerator json, SerializerProvider serializers, TypeSerializer types)
            throws IOException {
        serialize(json, serializers);
    }

    /** The first value as text: what an export shows. */
    @Override
    public String toString() {
        return first.asText();
    }
}
