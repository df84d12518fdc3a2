package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Changes of one field of a row. */
public enum FieldChange {
    /** The key is absent. */
    LOSE {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.remove(key);
        }
    },
    /** An explicit null. */
    NULL {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.putNull(key);
        }
    },
    /** Empty text. */
    BLANK {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.put(key, "");
        }
    },
    /** The value stands under another key. */
    RENAME {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.set(to.textValue(), row.remove(key));
        }
    },
    /** The value becomes one of another JSON type: a word of {@link JsonType}. */
    RETYPE {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.set(key, JsonType.ofWord(to.textValue()).of(row.get(key)));
        }
    },
    /** Any given value. It also adds a field that the row does not have. */
    SET {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.set(key, to);
        }
    },
    /** The value that another selected device has: the first half and the second half change places. */
    SWAP {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            row.set(key, to);
        }
    },
    /** The key comes twice: first with its value, then with the given one, or with one that differs. */
    TWICE {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            JsonNode value = row.get(key);
            row.putPOJO(key, new TwoValues(value, key, to == null ? different(value) : to));
        }
    },
    /** Text of so many characters that begins with the value. */
    OVERSIZE {
        @Override
        void on(ObjectNode row, String key, JsonNode to) {
            String value = row.get(key).isTextual() ? row.get(key).textValue() : "";
            row.put(key, (value + "x".repeat(to.intValue())).substring(0, to.intValue()));
        }
    };

    /**
     * Changes the field in place.
     *
     * @param row has the key, unless the change is {@link #SET}
     * @param to argument of the change; null if it takes none
     */
    abstract void on(ObjectNode row, String key, JsonNode to);

    /** The word in the simulator's JSON. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode different(JsonNode value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return value.isBoolean()
                ? nodes.booleanNode(!value.booleanValue())
                : nodes.textNode(value.isTextual() ? value.textValue() + " (2)" : "another");
    }
}
