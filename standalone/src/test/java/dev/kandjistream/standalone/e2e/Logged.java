package dev.kandjistream.standalone.e2e;

import java.time.Instant;
import java.util.Map;

/**
 * One record of a topic, decoded.
 *
 * @param value null for a null record
 */
public record Logged(
        String topic,
        int partition,
        long offset,
        Instant timestamp,
        String key,
        Map<String, String> headers,
        Map<String, Object> value) {

    public boolean isNull() {
        return value == null;
    }

    public String text(String field) {
        return (String) value.get(field);
    }

    public Map<String, Object> before() {
        return entity("before");
    }

    public Map<String, Object> after() {
        return entity("after");
    }

    public Map<String, Object> source() {
        return entity("source");
    }

    public Instant observedAt() {
        return (Instant) value.get("observed_at");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> entity(String field) {
        return (Map<String, Object>) value.get(field);
    }

    /** The state the event tells of: after it, or before its end. */
    public Map<String, Object> entity() {
        return after() == null ? before() : after();
    }

    /** For people: {@code license.assigned c USER_ASSIGNED Ben's Mac}; a usage is told as {@code app of email}. */
    public String line() {
        Map<String, Object> entity = entity();
        Object who =
                switch (ChangeTopic.of(topic)) {
                    case DEVICES, LICENSES -> entity.get("device_name");
                    case USERS -> entity.get("name");
                    case USAGE -> entity.get("app_name") + " of " + entity.get("user_email");
                };
        return text("event_type") + " " + text("op") + " " + text("cause") + " " + who;
    }

    public String place() {
        return topic + "/" + partition + "@" + offset + " key " + key;
    }
}
