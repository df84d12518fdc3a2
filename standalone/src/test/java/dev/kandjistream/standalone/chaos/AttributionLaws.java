package dev.kandjistream.standalone.chaos;

import dev.kandjistream.standalone.e2e.Logged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No event is lost, doubled or made up between the raw devices and what is told of them: for each device, the attributions
 * that follow one another in {@code raw.devices} are those that follow one another in a change topic. Needs both topics
 * from their first record on, as they are before the broker compacts them.
 */
final class AttributionLaws {
    private static final List<String> TOLD = List.of("user_id", "user_email", "user_name", "device_name");

    private final Set<String> platforms;

    /** @param platforms those told in the change topic; empty for all */
    AttributionLaws(Set<String> platforms) {
        this.platforms = platforms;
    }

    /**
     * @param raw records of {@code raw.devices}
     * @param events of a topic with one entity a device
     * @return every device of which something else is told than what was seen, in words
     */
    List<String> brokenBy(List<Logged> raw, List<Logged> events) {
        Map<String, List<List<Object>>> seen = new LinkedHashMap<>();
        raw.forEach(record -> follow(seen, record.key(), record.isNull() ? null : seen(record.value())));
        Map<String, List<List<Object>>> told = new LinkedHashMap<>();
        events.stream()
                .filter(event -> !event.isNull())
                .forEach(event -> follow(told, event.key(), event.after() == null ? null : told(event.after())));
        var broken = new ArrayList<String>();
        var keys = new ArrayList<>(seen.keySet());
        told.keySet().stream().filter(key -> !seen.containsKey(key)).forEach(keys::add);
        for (String key : keys) {
            List<List<Object>> should = seen.getOrDefault(key, List.of());
            List<List<Object>> is = told.getOrDefault(key, List.of());
            if (!is.equals(should)) {
                broken.add(key + ": told is " + is + ", seen was " + should);
            }
        }
        return broken;
    }

    /** @param attribution null for none */
    private static void follow(Map<String, List<List<Object>>> byKey, String key, List<Object> attribution) {
        List<List<Object>> sequence = byKey.computeIfAbsent(key, first -> new ArrayList<>());
        List<Object> last = sequence.isEmpty() ? List.of() : sequence.get(sequence.size() - 1);
        List<Object> next = attribution == null ? List.of() : attribution;
        if (!next.equals(last)) {
            sequence.add(next);
        }
    }

    private List<Object> seen(Map<String, Object> device) {
        boolean nobody = device.get("user_id") == null && device.get("user_email") == null;
        boolean told = platforms.isEmpty() || platforms.contains(device.get("platform"));
        if (nobody || !told || Boolean.TRUE.equals(device.get("is_removed"))) {
            return null;
        }
        List<Object> attribution = told(device);
        if (attribution.get(0) == null) {
            attribution.set(0, "email:" + device.get("user_email"));
        }
        return attribution;
    }

    private static List<Object> told(Map<String, Object> entity) {
        var told = new ArrayList<Object>(Collections.nCopies(TOLD.size(), null));
        for (int i = 0; i < TOLD.size(); i++) {
            told.set(i, entity.get(TOLD.get(i)));
        }
        return told;
    }
}
