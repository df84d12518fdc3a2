package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Value of one field of a row. Reads the value at the parser's position, to its end. A value of any size and depth takes
 * no more memory than its longest text.
 *
 * @param readable false for a value that is of another type or form than documented. An explicit null and blank text are
 *     empty values, and readable
 * @param value null if the value is empty or cannot be read
 * @param cut whether the value is only a part of the received text
 * @param print of the value as received
 */
record Cell(boolean readable, Object value, boolean cut, long print) {
    /** Limit of a published text. An event carries a device twice, before and after. */
    static final int LONGEST_TEXT = 4_096;

    static final int LONGEST_USER_NAME = 1_000;
    static final int LONGEST_TAG = 500;
    static final int MOST_TAGS = 500;

    /** RFC 5321 allows 254 octets. */
    private static final int LONGEST_EMAIL = 320;

    static Cell unread(long print) {
        return new Cell(false, null, false, print);
    }

    static Cell empty(long print) {
        return new Cell(true, null, false, print);
    }

    private static Cell of(Object value, long print) {
        return new Cell(true, value, false, print);
    }

    /** Whether the value is readable and empty. */
    boolean isEmpty() {
        return readable && value == null && !cut;
    }

    /** Combines two values of the same field in one row: of two different values neither counts. */
    Cell again(Cell other) {
        boolean same = print == other.print || isWhole() && other.isWhole() && Objects.equals(value, other.value);
        return same ? this : unread(print + other.print);
    }

    private boolean isWhole() {
        return readable && !cut;
    }

    /** Text, or a number with its digits as received. */
    static Cell text(JsonParser parser, int longest) throws IOException {
        JsonToken token = parser.currentToken();
        long print = DevicePrint.value(parser);
        if (token == JsonToken.VALUE_NULL) {
            return empty(print);
        }
        if (!isText(token)) {
            return unread(print);
        }
        if (isBlank(parser)) {
            return empty(print);
        }
        String text = cutText(parser, longest);
        if (token == JsonToken.VALUE_NUMBER_FLOAT && text.chars().noneMatch(Character::isDigit)) {
            // NaN and the infinities.
            return unread(print);
        }
        return new Cell(true, text.isBlank() ? null : text, text.length() < parser.getTextLength(), print);
    }

    /** Never cuts texts that identify a device or a user: a cut text could identify another. */
    static Cell serialNumber(JsonParser parser) throws IOException {
        Cell cell = text(parser, LONGEST_TEXT);
        boolean isOne = cell.isEmpty() || cell.value instanceof String text && !cell.cut && Json.id(text.strip());
        return isOne ? cell : unread(cell.print);
    }

    /** Text, or a whole number; unreadable if it is only a placeholder for an id. */
    static Cell userId(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        Cell cell = text(parser, LONGEST_TEXT);
        if (!(cell.value instanceof String text)) {
            return cell.isEmpty() ? cell : unread(cell.print);
        }
        String id = cell.cut || token == JsonToken.VALUE_NUMBER_FLOAT ? null : Person.id(text);
        return id != null && Json.id(id) ? of(id, cell.print) : unread(cell.print);
    }

    /** Text with an at sign between two parts. */
    static Cell email(JsonParser parser) throws IOException {
        Cell cell = text(parser, LONGEST_TEXT);
        if (!(cell.value instanceof String text)) {
            return cell.isEmpty() ? cell : unread(cell.print);
        }
        String email = cell.cut ? null : Person.email(text);
        boolean isEmail = email != null && email.length() <= LONGEST_EMAIL && Json.plain(email);
        return isEmail ? of(email, cell.print) : unread(cell.print);
    }

    /** A boolean, or the words true and false, which other endpoints use. */
    static Cell flag(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token.isBoolean()) {
            return of(token == JsonToken.VALUE_TRUE, DevicePrint.value(parser));
        }
        Cell cell = text(parser, LONGEST_TEXT);
        if (!(cell.value instanceof String text)) {
            return cell.isEmpty() ? cell : unread(cell.print);
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> of(true, cell.print);
            case "false" -> of(false, cell.print);
            default -> unread(cell.print);
        };
    }

    /** A {@link Moment}. */
    static Cell time(JsonParser parser) throws IOException {
        Cell cell = text(parser, LONGEST_TEXT);
        if (!(cell.value instanceof String text)) {
            return cell.isEmpty() ? cell : unread(cell.print);
        }
        long moment = Moment.parse(text);
        return moment == Moment.UNKNOWN ? unread(cell.print) : of(moment, cell.print);
    }

    /** An array of texts; blank ones and nulls in it are skipped. */
    static Cell tags(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            Cell cell = text(parser, LONGEST_TEXT);
            return cell.isEmpty() ? cell : unread(cell.print);
        }
        List<String> tags = new ArrayList<>();
        boolean readable = true;
        boolean cut = false;
        long print = DevicePrint.LIST;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            print = Fingerprint.ordered(print, DevicePrint.value(parser));
            if (!token.isScalarValue()) {
                readable = false;
            } else if (token != JsonToken.VALUE_NULL) {
                cut |= addTag(parser, tags);
            }
        }
        return readable ? new Cell(true, List.copyOf(tags), cut, print) : unread(print);
    }

    /** @return whether a part of the tag was cut */
    private static boolean addTag(JsonParser parser, List<String> tags) throws IOException {
        if (isBlank(parser)) {
            return false;
        }
        String tag = cutText(parser, LONGEST_TAG);
        if (tags.size() == MOST_TAGS || tag.isBlank()) {
            return true;
        }
        tags.add(tag);
        return tag.length() < parser.getTextLength();
    }

    private static boolean isText(JsonToken token) {
        return token == JsonToken.VALUE_STRING || token.isNumeric();
    }

    private static boolean isBlank(JsonParser parser) throws IOException {
        char[] buffer = parser.getTextCharacters();
        int end = parser.getTextOffset() + parser.getTextLength();
        for (int i = parser.getTextOffset(); i < end; i++) {
            if (!Character.isWhitespace(buffer[i])) {
                return false;
            }
        }
        return true;
    }

    private static String cutText(JsonParser parser, int longest) throws IOException {
        char[] buffer = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        return new String(buffer, offset, Json.cut(buffer, offset, parser.getTextLength(), longest));
    }
}
