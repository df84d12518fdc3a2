package dev.kandjistream.standalone.e2e;

import java.util.List;
import java.util.Set;

/** The four change topics with their tables and words, copied from the contract and not from the code under test. */
public enum ChangeTopic {
    DEVICES(
            "devices",
            "device_events",
            List.of("account_id", "device_id"),
            "device.attributed",
            Set.of("device.updated", "device.seen"),
            "device.released"),
    LICENSES(
            "licenses",
            "license_events",
            List.of("account_id", "device_id"),
            "license.assigned",
            Set.of("license.reassigned", "license.updated"),
            "license.revoked"),
    USERS(
            "users",
            "user_events",
            List.of("account_id", "user_id"),
            "user.discovered",
            Set.of("user.updated"),
            "user.removed"),
    USAGE(
            "usage",
            "usage_events",
            List.of("account_id", "user_id", "app_id"),
            "usage.started",
            Set.of("usage.updated"),
            "usage.ended");

    /** Last word of the topic, and name of the table of current rows. */
    public final String word;

    final String history;
    final List<String> keyColumns;
    final String begun;
    final Set<String> changed;
    final String ended;

    ChangeTopic(String word, String history, List<String> keyColumns, String begun, Set<String> changed, String ended) {
        this.word = word;
        this.history = history;
        this.keyColumns = keyColumns;
        this.begun = begun;
        this.changed = changed;
        this.ended = ended;
    }

    /** The event type of a state that is published again on request. */
    String replayed() {
        return begun.substring(0, begun.indexOf('.')) + ".updated";
    }

    public static ChangeTopic of(String topic) {
        String last = topic.substring(topic.lastIndexOf('.') + 1);
        for (ChangeTopic candidate : values()) {
            if (candidate.word.equals(last)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no change topic: " + topic);
    }
}
