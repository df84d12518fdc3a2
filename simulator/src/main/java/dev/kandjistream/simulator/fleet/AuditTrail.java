package dev.kandjistream.simulator.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes down what the API audits: devices that come, go, change hands or leave MDM, and changes of directory users.
 * Not inventories, check-ins, names of devices, or apps. The vendor publishes neither the action and component words of
 * these events nor their states: those here are made up. Guarded by the fleet's lock.
 */
final class AuditTrail {
    private static final int MOST = 100_000;
    private static final String BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int ULID_LENGTH = 26;
    private static final int TIME_DIGITS = 10;
    private static final String ADMINISTRATOR = "7b1d6c2e-5f0a-4c83-9e1d-0a2b3c4d5e6f";

    private final List<AuditEvent> events = new ArrayList<>();
    private final Random random;

    /** @param seed of the ids' random half, drawn apart so that the fleet's own ids do not depend on it */
    AuditTrail(long seed) {
        this.random = new Random(seed ^ 0x41554449544CL);
    }

    void enrolled(Device device, long at) {
        var state = new LinkedHashMap<String, Object>();
        state.put("serial_number", device.hardware.serial());
        state.put("platform", device.platform().word());
        state.put("user_id", userId(device));
        add("create", at, "system", device.id, "device", "", state);
    }

    void removed(Device device, long at) {
        add("delete", at, "user", device.id, "device", "", null);
    }

    void leftMdm(Device device, long at) {
        add("update", at, "user", device.id, "device", "mdm", Map.of("is_removed", true));
    }

    void assigned(Device device, long at) {
        add("update", at, "user", device.id, "device", "user", Collections.singletonMap("user_id", userId(device)));
    }

    /** Whoever has no id is not from the directory. */
    void person(Person person, boolean isNew, long at) {
        if (person.id() != null) {
            var state = new LinkedHashMap<String, Object>();
            state.put("name", person.name());
            state.put("email", person.email());
            state.put("archived", person.archived());
            add(isNew ? "create" : "update", at, "system", person.id(), "user", "", state);
        }
    }

    private void add(
            String action, long at, String actor, String target, String type, String part, Map<String, Object> state) {
        if (events.size() == MOST) {
            events.subList(0, MOST / 10).clear();
        }
        String actorId = actor.equals("user") ? ADMINISTRATOR : "";
        events.add(new AuditEvent(ulid(at), action, at, actorId, actor, target, type, part, state));
    }

    /** In the order of happening. */
    List<AuditEvent> events() {
        return List.copyOf(events);
    }

    /** What was before is older than the history goes back. */
    void clear() {
        events.clear();
    }

    private static String userId(Device device) {
        return device.person == null ? null : device.person.id();
    }

    private String ulid(long micros) {
        var text = new char[ULID_LENGTH];
        long millis = Math.floorDiv(micros, 1000);
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            text[i] = BASE_32.charAt((int) (millis & 31));
            millis >>>= 5;
        }
        for (int i = TIME_DIGITS; i < ULID_LENGTH; i++) {
            text[i] = BASE_32.charAt(random.nextInt(32));
        }
        return new String(text);
    }
}
