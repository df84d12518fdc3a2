package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** JSON types to which a value can be converted. */
enum JsonType {
    /** Booleans as 0 and 1; numeric text with its digits, {@code 15.10}; other values as a number derived from them. */
    NUMBER(JsonType::number),
    /** A user as its name. */
    TEXT(value -> nodes().textNode(value.path("name").asText(value.isValueNode() ? value.asText() : value.toString()))),
    OBJECT(value -> nodes().objectNode().set("value", value)),
    ARRAY(value -> nodes().arrayNode().add(value)),
    BOOLEAN(value -> nodes().booleanNode(!value.asText().isEmpty() || value.isObject())),
    /** An array of objects, one for each element of an array. */
    OBJECTS(JsonType::objects);

    private final UnaryOperator<JsonNode> conversion;

    JsonType(UnaryOperator<JsonNode> conversion) {
        this.conversion = conversion;
    }

    /** @throws IllegalArgumentException if there is no such type */
    static JsonType ofWord(String word) {
        return Arrays.stream(values())
                .filter(type -> type.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("to: must be one of "
                        + Arrays.stream(values()).map(JsonType::word).toList() + ", was \"" + word + "\""));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    JsonNode of(JsonNode value) {
        return conversion.apply(value);
    }

    private static JsonNodeFactory nodes() {
        return JsonNodeFactory.instance;
    }

    private static JsonNode number(JsonNode value) {
        if (value.isBoolean()) {
            return nodes().numberNode(value.booleanValue() ? 1 : 0);
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return text.matches("\\d{1,15}(\\.\\d{1,15})?")
                ? DecimalNode.valueOf(new BigDecimal(text))
                : nodes().numberNode(Math.floorMod(text.hashCode(), 1_000_000_000));
    }

    private static JsonNode objects(JsonNode value) {
        ArrayNode objects = nodes().arrayNode();
        Iterable<JsonNode> elements = value.isArray() && !value.isEmpty()
                ? value
                : nodes().arrayNode().add(value);
        elements.forEach(element -> objects.addObject().set("name", element));
        return objects;
    }
}
