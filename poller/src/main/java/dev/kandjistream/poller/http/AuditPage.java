package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One page of audit events. What an event changed may be of any size and shape and is passed over.
 *
 * @param cursor of the page that follows; null where none does
 */
record AuditPage(List<Event> events, String cursor) {
    /** No real one is as long; with ten pages of them a heap is not filled. */
    private static final int LONGEST_CURSOR = 2_000;

    /**
     * One event.
     *
     * @param id sortable, unique; empty where the event has none
     * @param targetType lower case; empty where there is none
     * @param target lower case; null where it is no id
     * @param occurredAt a {@link Moment}
     */
    record Event(String id, String targetType, String target, long occurredAt) {}

    /** @throws BadBody for anything but an object with {@code results} */
    static AuditPage read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected("an object with results", parser.currentToken());
        }
        List<Event> events = null;
        String next = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("results") && value == JsonToken.START_ARRAY) {
                events = events(parser);
            } else if (field.equals("next") && value == JsonToken.VALUE_STRING) {
                next = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        if (events == null) {
            throw BadBody.shape("expected an object with results, found none in it");
        }
        return new AuditPage(events, cursor(next));
    }

    private static List<Event> events(JsonParser parser) throws IOException {
        var events = new ArrayList<Event>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Json.bound(events.size() + 1, AuditEvents.LIMIT);
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                events.add(event(parser));
            } else {
                throw Json.unexpected("an event", parser.currentToken());
            }
        }
        return events;
    }

    private static Event event(JsonParser parser) throws IOException {
        String id = "";
        String type = "";
        String target = null;
        long occurredAt = Moment.UNKNOWN;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                continue;
            }
            switch (field) {
                case "id" -> id = Json.id(parser.getText()) ? parser.getText() : "";
                case "target_type" -> type = parser.getText().toLowerCase(Locale.ROOT);
                case "target_id" -> target = Json.deviceId(parser.getText());
                case "occurred_at" -> occurredAt = Moment.parse(parser.getText());
                default -> {
                    // Who did it, and in which words.
                }
            }
        }
        return new Event(id, type, target, occurredAt);
    }

    /** Of a link only its cursor is taken: its host may be another. */
    private static String cursor(String next) {
        for (String parameter : next.substring(next.indexOf('?') + 1).split("&")) {
            if (parameter.startsWith("cursor=") && parameter.length() > "cursor=".length()) {
                try {
                    String cursor = URLDecoder.decode(parameter.substring("cursor=".length()), StandardCharsets.UTF_8);
                    return cursor.length() > LONGEST_CURSOR ? null : cursor;
                } catch (IllegalArgumentException garbled) {
                    return null;
                }
            }
        }
        return null;
    }
}
