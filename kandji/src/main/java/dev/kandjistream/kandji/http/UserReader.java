package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Fingerprint;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads the user of a device row, part by part. Null, blank text, {@code {}} and {@code []} mean that
 * there is no user. An object whose id or email can be read is a user. Every other value is unreadable: text, a number, and
 * an object whose id and email are both missing, empty or of another form. Such a value never means that there is no user,
 * because that would end a seat.
 */
final class UserReader {
    private final Map<Part, Cell> parts = new EnumMap<>(Part.class);
    private Cell cell;
    private boolean hasParts;

    enum Part {
        ID("id"),
        EMAIL("email"),
        NAME("name"),
        IS_ARCHIVED("is_archived");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        /** Name in the API. */
        String word() {
            return word;
        }

        private static Part of(String name) {
            return switch (name) {
                case "id" -> ID;
                case "email" -> EMAIL;
                case "name" -> NAME;
                case "is_archived" -> IS_ARCHIVED;
                default -> null;
            };
        }
    }

    private UserReader() {}

    /** Reads the value at the parser's position. */
    static UserReader read(JsonParser parser) throws IOException {
        var user = new UserReader();
        user.cell = switch (parser.currentToken()) {
            case START_OBJECT -> user.object(parser);
            case START_ARRAY -> array(parser);
            default -> scalar(parser);
        };
        return user;
    }

    /** Its value is an {@link AssignedUser}. */
    Cell cell() {
        return cell;
    }

    /** Whether it is an object with fields, so that {@link #part} applies. */
    boolean hasParts() {
        return hasParts;
    }

    /** @return null if the object does not have it */
    Cell part(Part part) {
        return parts.get(part);
    }

    /** Combines two values of the field in one row: of two different users neither counts. */
    UserReader again(UserReader other) {
        Cell both = cell.again(other.cell);
        if (both == cell) {
            return this;
        }
        var neither = new UserReader();
        neither.cell = both;
        return neither;
    }

    private static Cell scalar(JsonParser parser) throws IOException {
        Cell text = Cell.text(parser, Cell.LONGEST_TEXT);
        return text.isEmpty() ? Cell.empty(Fingerprint.NOTHING) : Cell.unread(text.print());
    }

    private static Cell array(JsonParser parser) throws IOException {
        long print = DevicePrint.value(parser);
        // Fingerprints never change: an empty array has always had the fingerprint of no user.
        return Cell.unread(print == DevicePrint.LIST ? Fingerprint.NOTHING : print);
    }

    private Cell object(JsonParser parser) throws IOException {
        long other = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            hasParts = true;
            String name = parser.currentName();
            Part part = Part.of(name);
            parser.nextToken();
            if (part == null) {
                other += DevicePrint.field(name, DevicePrint.value(parser));
            } else {
                parts.merge(part, read(part, parser), Cell::again);
            }
        }
        long print = print(other);
        AssignedUser user = user();
        return user.identified() ? new Cell(true, user, false, print) : Cell.unread(print);
    }

    private static Cell read(Part part, JsonParser parser) throws IOException {
        return switch (part) {
            case ID -> Cell.userId(parser);
            case EMAIL -> Cell.email(parser);
            case NAME -> Cell.text(parser, Cell.LONGEST_USER_NAME);
            case IS_ARCHIVED -> Cell.flag(parser);
        };
    }

    private long print(long otherFields) {
        long sum = DevicePrint.OBJECT + otherFields;
        for (var part : parts.entrySet()) {
            sum += DevicePrint.field(part.getKey().word(), part.getValue().print());
        }
        return Fingerprint.mix(sum);
    }

    private AssignedUser user() {
        return new AssignedUser(
                (String) value(Part.ID), (String) value(Part.EMAIL), (String) value(Part.NAME), (Boolean)
                        value(Part.IS_ARCHIVED));
    }

    private Object value(Part part) {
        Cell read = parts.get(part);
        return read == null ? null : read.value();
    }
}
