package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.poller.domain.AssignedUser;
import dev.kandjistream.poller.domain.DeviceRow;
import dev.kandjistream.poller.domain.Fingerprint;
import dev.kandjistream.poller.domain.Moment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Reads a page of {@code GET /devices}: a bare array (documented), or an object with {@code results} as one client copes
 * with. Fields may be missing, null, blank or of another type than documented, and unknown ones are kept in the row's
 * JSON only; a row without a device id cannot be used.
 */
final class DeviceParser {
    private static final long HOUR = 3_600_000;
    private static final long LIST = 0x1B873593L;
    private static final long OBJECT = 0xCC9E2D51L;

    private final byte[] body;
    private final long observedAt;
    private final List<DeviceRow> rows = new ArrayList<>(300);
    private int unusable;
    private String firstUnusable;

    private DeviceParser(byte[] body, long observedAt) {
        this.body = body;
        this.observedAt = observedAt;
    }

    /** @param total as the answer's header claims */
    static DevicePage parse(byte[] body, OptionalLong total, long observedAt) throws BadBody {
        var page = new DeviceParser(body, observedAt);
        Json.read(body, parser -> {
            page.page(parser);
            return page;
        });
        return new DevicePage(page.rows, page.unusable, page.firstUnusable, total);
    }

    private void page(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            rows(parser);
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected("an array of devices", parser.currentToken());
        }
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean results = parser.currentName().equals("results");
            if (parser.nextToken() == JsonToken.START_ARRAY && results) {
                rows(parser);
                found = true;
            } else {
                parser.skipChildren();
            }
        }
        if (!found) {
            throw BadBody.shape("expected an array of devices, found an object without results");
        }
    }

    private void rows(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            JsonNode row = parser.readValueAsTree();
            int end = (int) parser.currentLocation().getByteOffset();
            String deviceId = row.isObject() ? Json.deviceId(text(row, "device_id")) : null;
            if (deviceId == null) {
                unusable++;
                firstUnusable = firstUnusable == null
                        ? row.isObject() ? "device row without device_id" : "device row that is no object"
                        : firstUnusable;
            } else {
                rows.add(row(deviceId, row, start, end));
            }
        }
    }

    private DeviceRow row(String deviceId, JsonNode row, int start, int end) throws BadBody {
        if (start < 0) {
            throw BadBody.shape("expected UTF-8, found another encoding");
        }
        Boolean removed = bool(row, "is_removed");
        long lastCheckIn = Moment.parse(text(row, "last_check_in"));
        return new DeviceRow(
                deviceId,
                text(row, "device_name"),
                text(row, "serial_number"),
                text(row, "platform"),
                text(row, "model"),
                text(row, "os_version"),
                text(row, "supplemental_build_version"),
                text(row, "supplemental_os_version_extra"),
                text(row, "lost_mode_status"),
                lastCheckIn,
                user(row.get("user")),
                text(row, "asset_tag"),
                text(row, "blueprint_id"),
                text(row, "blueprint_name"),
                bool(row, "mdm_enabled"),
                bool(row, "agent_installed"),
                text(row, "agent_version"),
                bool(row, "is_missing"),
                removed,
                Moment.parse(text(row, "first_enrollment")),
                Moment.parse(text(row, "last_enrollment")),
                tags(row.get("tags")),
                new String(body, start, end - start, StandardCharsets.UTF_8),
                details(row, lastCheckIn),
                attribution(row.get("user"), removed),
                observedAt);
    }

    /** An object, else {@code ""}, null or missing: nobody. */
    private static AssignedUser user(JsonNode user) {
        if (user == null || !user.isObject()) {
            return null;
        }
        String email = text(user, "email");
        return new AssignedUser(
                text(user, "id"),
                email == null ? null : email.strip().toLowerCase(Locale.ROOT),
                text(user, "name"),
                bool(user, "is_archived"));
    }

    private static List<String> tags(JsonNode tags) {
        if (tags == null || !tags.isArray()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        tags.forEach(tag -> {
            if (tag.isValueNode() && !tag.isNull() && !tag.asText().isBlank()) {
                texts.add(tag.asText());
            }
        });
        return List.copyOf(texts);
    }

    /** Text, or a number as text; null for blank, null, missing, and what is neither. */
    private static String text(JsonNode row, String field) {
        JsonNode value = row.get(field);
        if (value == null
                || !value.isTextual() && !value.isNumber()
                || value.asText().isBlank()) {
            return null;
        }
        return value.asText();
    }

    /** A boolean, or the words true and false, which other endpoints use. */
    private static Boolean bool(JsonNode row, String field) {
        JsonNode value = row.get(field);
        if (value != null && value.isBoolean()) {
            return value.booleanValue();
        }
        String word = text(row, field);
        return "true".equalsIgnoreCase(word) ? Boolean.TRUE : "false".equalsIgnoreCase(word) ? Boolean.FALSE : null;
    }

    private static long attribution(JsonNode user, Boolean removed) {
        long whose = user != null && user.isObject() ? print(user) : Fingerprint.NOTHING;
        return Fingerprint.ordered(whose, Boolean.TRUE.equals(removed) ? 1 : 0);
    }

    private static long details(JsonNode row, long lastCheckIn) {
        long sum = 0;
        for (var field : row.properties()) {
            long value =
                    switch (field.getKey()) {
                        case "user", "is_removed" -> 0;
                        // A check-in is reported all the time; only its hour is worth a record.
                        case "last_check_in" ->
                            lastCheckIn == Moment.UNKNOWN
                                    ? print(field.getValue())
                                    : Fingerprint.mix(Math.floorDiv(lastCheckIn, HOUR));
                        default -> print(field.getValue());
                    };
            sum += value == 0 ? 0 : Fingerprint.ordered(Fingerprint.of(field.getKey()), value);
        }
        return Fingerprint.mix(sum);
    }

    /** Of any JSON value; the order of an object's fields does not count. */
    private static long print(JsonNode value) {
        if (value == null || value.isNull()) {
            return Fingerprint.NOTHING;
        }
        if (value.isObject()) {
            long sum = OBJECT;
            for (var field : value.properties()) {
                sum += Fingerprint.ordered(Fingerprint.of(field.getKey()), print(field.getValue()));
            }
            return Fingerprint.mix(sum);
        }
        if (value.isArray()) {
            long print = LIST;
            for (JsonNode item : value) {
                print = Fingerprint.ordered(print, print(item));
            }
            return print;
        }
        long type = value.isTextual() ? 1 : value.isNumber() ? 2 : 3;
        return Fingerprint.ordered(type, Fingerprint.of(value.asText()));
    }
}
