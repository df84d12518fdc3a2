package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** Reads the fields of a fault's JSON. An invalid field causes an {@link IllegalArgumentException} that names it. */
record FaultFields(JsonNode json) {
    FaultFields {
        if (!json.isObject()) {
            throw new IllegalArgumentException("A fault must be a JSON object, was " + json);
        }
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** Null if the field is absent. */
    JsonNode any(String field) {
        return json.get(field);
    }

    String text(String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw expected(field, "text");
        }
        return value.textValue();
    }

    String text(String field, String otherwise) {
        return has(field) ? text(field) : otherwise;
    }

    int number(String field) {
        if (!json.path(field).isInt()) {
            throw expected(field, "a whole number");
        }
        return json.path(field).intValue();
    }

    int number(String field, int otherwise) {
        return has(field) ? number(field) : otherwise;
    }

    int atLeast(int least, String field) {
        int number = number(field);
        if (number < least) {
            throw expected(field, "at least " + least);
        }
        return number;
    }

    double share(String field) {
        if (has(field) && !json.path(field).isNumber()) {
            throw expected(field, "a number, more than 0 and at most 1");
        }
        return json.path(field).asDouble(1);
    }

    Duration millis(String field) {
        return Duration.ofMillis(atLeast(0, field));
    }

    /** Empty if the field is absent. */
    Set<String> texts(String field) {
        Set<String> texts = new LinkedHashSet<>();
        if (!has(field)) {
            return texts;
        }
        if (!json.path(field).isArray()) {
            throw expected(field, "an array of texts");
        }
        for (JsonNode text : json.path(field)) {
            if (!text.isTextual()) {
                throw expected(field, "an array of texts");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    /** As {@link #texts}, but refuses an empty array, which would select other devices than intended. */
    Set<String> someTexts(String field) {
        if (has(field) && texts(field).isEmpty()) {
            throw expected(field, "an array with at least one text; omit it for all devices");
        }
        return texts(field);
    }

    void mustBeAmong(Set<String> known) {
        for (String field : (Iterable<String>) json::fieldNames) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException(
                        field + ": this effect has no such field; expected some of " + new TreeSet<>(known));
            }
        }
    }

    private IllegalArgumentException expected(String field, String what) {
        JsonNode found = json.path(field);
        return new IllegalArgumentException(
                field + ": must be " + what + (found.isMissingNode() ? ", is missing" : ", was " + found));
    }
}
