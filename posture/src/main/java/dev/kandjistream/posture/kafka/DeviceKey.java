package dev.kandjistream.posture.kafka;

import dev.kandjistream.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a raw record's key names: one device of one account. */
record DeviceKey(String accountId, String deviceId) {

    /** @throws UnreadableRecordException where the key is not {@code account/device_id} */
    static DeviceKey parse(byte[] key) {
        List<String> segments = segments(key, "account/device_id");
        return new DeviceKey(segments.get(0), segments.get(1));
    }

    /** @return the two segments of a key, neither blank */
    static List<String> segments(byte[] key, String form) {
        if (key == null) {
            throw new UnreadableRecordException("expected key " + form + ", found no key");
        }
        List<String> segments;
        try {
            segments = Keys.split(new String(key, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("expected key " + form + ", found broken encoding");
        }
        if (segments.size() != 2 || segments.get(0).isBlank() || segments.get(1).isBlank()) {
            throw new UnreadableRecordException("expected key " + form + ", found another form");
        }
        return segments;
    }
}
