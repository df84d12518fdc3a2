package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;

/**
 * Excerpt of the JSON of a row that is too large to be kept as received: the documented fields, each once, with long
 * texts cut, and without values of undocumented types. Valid JSON, and at most some 64,000 characters before
 * escaping.
 */
final class RowExcerpt {
    private static final int LONGEST_TEXT = 500;
    private static final int MOST_ITEMS = 100;
    private static final Set<String> USER_PARTS = Set.of("id", "email", "name", "is_archived");

    private final JsonParser from;
    private final JsonGenerator to;

    private RowExcerpt(JsonParser from, JsonGenerator to) {
        this.from = from;
        this.to = to;
    }

    /** Excerpt of the object that starts at the parser's position. */
    static String of(JsonParser parser) throws IOException {
        var json = new StringWriter();
        try (JsonGenerator generator = Json.MAPPER.createGenerator(json)) {
            new RowExcerpt(parser, generator).row();
        }
        return json.toString();
    }

    private void row() throws IOException {
        var seen = new HashSet<String>();
        to.writeStartObject();
        while (from.nextToken() == JsonToken.FIELD_NAME) {
            String name = from.currentName();
            JsonToken value = from.nextToken();
            boolean documented = name.equals(DeviceParser.DEVICE_ID) || DeviceField.of(name) != null;
            if (!documented || !seen.add(name)) {
                from.skipChildren();
            } else if (name.equals(DeviceField.TAGS.word()) && value == JsonToken.START_ARRAY) {
                items(name);
            } else if (name.equals(DeviceField.USER.word()) && value == JsonToken.START_OBJECT) {
                user(name);
            } else {
                field(name);
            }
        }
        to.writeEndObject();
    }

    private void user(String name) throws IOException {
        var seen = new HashSet<String>();
        to.writeObjectFieldStart(name);
        while (from.nextToken() == JsonToken.FIELD_NAME) {
            String part = from.currentName();
            from.nextToken();
            if (USER_PARTS.contains(part) && seen.add(part)) {
                field(part);
            } else {
                from.skipChildren();
            }
        }
        to.writeEndObject();
    }

    private void items(String name) throws IOException {
        int count = 0;
        to.writeArrayFieldStart(name);
        while (from.nextToken() != JsonToken.END_ARRAY) {
            if (from.currentToken().isScalarValue() && count < MOST_ITEMS) {
                count++;
                scalar();
            } else {
                from.skipChildren();
            }
        }
        to.writeEndArray();
    }

    private void field(String name) throws IOException {
        if (from.currentToken().isScalarValue()) {
            to.writeFieldName(name);
            scalar();
        } else {
            from.skipChildren();
        }
    }

    private void scalar() throws IOException {
        switch (from.currentToken()) {
            case VALUE_NULL -> to.writeNull();
            case VALUE_TRUE, VALUE_FALSE -> to.writeBoolean(from.currentToken() == JsonToken.VALUE_TRUE);
            case VALUE_STRING -> text();
            default -> number();
        }
    }

    private void number() throws IOException {
        // A number with fewer digits would be another number.
        if (from.getTextLength() > LONGEST_TEXT) {
            text();
        } else {
            to.writeNumber(from.getText());
        }
    }

    private void text() throws IOException {
        char[] buffer = from.getTextCharacters();
        int offset = from.getTextOffset();
        to.writeString(buffer, offset, Json.cut(buffer, offset, from.getTextLength(), LONGEST_TEXT));
    }
}
