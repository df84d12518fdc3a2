package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads one row of the device list. Fields may be missing, null, blank or of another type than documented, and unknown ones
 * are kept in the row's JSON only. Only of the user nothing is guessed: what cannot be understood there is not taken for
 * nobody, since that would end a seat.
 */
final class DeviceRowReader {
    /** RFC 5321 allows 254 octets. */
    private static final int LONGEST_EMAIL = 320;

    private static final int LONGEST_USER_NAME = 1_000;
    private static final ObjectReader TREE =
            Json.MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final byte[] body;
    private final int start;
    private final int end;
    private JsonNode row;

    /** The row is these bytes of the body: an object of sound JSON. */
    DeviceRowReader(byte[] body, int start, int end) {
        this.body = body;
        this.start = start;
        this.end = end;
    }

    /** @return why the row cannot be published; null where it can */
    String unfit() throws BadBody {
        try {
            row = TREE.readTree(body, start, end - start);
        } catch (JsonProcessingException twice) {
            // The page as a whole was sound JSON; this is all that can be wrong with a part of it.
            return "a field of its row comes twice";
        } catch (IOException unreadable) {
            throw BadBody.garbled("no readable JSON", unreadable);
        }
        JsonNode user = row.path("user");
        boolean blank = user.isTextual() && user.textValue().isBlank();
        boolean hollow = user.isContainerNode() && user.isEmpty();
        if (user.isMissingNode() || user.isNull() || blank || hollow) {
            return null;
        }
        return user.isObject() ? unfit(user) : "its user is neither an object nor empty";
    }

    private static String unfit(JsonNode user) {
        JsonNode id = user.path("id");
        if (!user.has("id") && !user.has("email")) {
            return "its user has neither an id nor an email";
        }
        if (!id.isMissingNode() && !id.isNull() && !id.isTextual() && !id.isIntegralNumber()) {
            return "the id of its user is neither text nor a whole number";
        }
        JsonNode email = user.path("email");
        if (!email.isMissingNode() && !email.isNull() && !email.isTextual()) {
            return "the email of its user is no text";
        }
        if (!Json.id(id.asText())) {
            return "the id of its user is no id";
        }
        if (email.asText().length() > LONGEST_EMAIL
                || !Json.plain(email.asText().strip())) {
            return "the email of its user is no email";
        }
        return user.path("name").asText().length() > LONGEST_USER_NAME ? "the name of its user is too long" : null;
    }

    /** After {@link #unfit} has found nothing. */
    DeviceRow read(String deviceId, long observedAt) {
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
                DevicePrint.details(row, lastCheckIn),
                DevicePrint.attribution(row.get("user"), removed),
                observedAt,
                RowShape.FULL);
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
}
