package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads pages of {@code GET /prism/apps}: an object with {@code data}, and mostly {@code cursor} and {@code total}. Of a
 * row no text is made but of the columns that {@link AppRow} reads. Belongs to one sweep and to one thread.
 */
final class AppRowParser {
    /** It has to fit into a URL, three characters for one. */
    private static final int LONGEST_CURSOR = 2_000;

    /** Rows have the same fields in the same order: a name that is expected is compared, not looked up. */
    private static final int MOST_EXPECTED = 200;

    /** Of a long, sign included. */
    private static final int MOST_DIGITS = 20;

    private final AppRow row = new AppRow();
    private final SerializedString[] expected = new SerializedString[MOST_EXPECTED];
    private final int[] expectedColumn = new int[MOST_EXPECTED];

    /** Bytes of heap that the texts of all pages so far take, roughly. */
    long weight() {
        return row.weight();
    }

    /** @param askedAt when the page was asked for, milliseconds since 1970 */
    AppPage parse(InputStream body, long askedAt) throws BadBody {
        return Json.read(body, parser -> page(parser, askedAt));
    }

    private AppPage page(JsonParser parser, long askedAt) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected("an object with data", parser.currentToken());
        }
        var page = new AppPage(askedAt);
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "data" -> {
                    if (found) {
                        throw BadBody.shape("expected data once, found it twice");
                    }
                    if (value != JsonToken.START_ARRAY) {
                        throw Json.unexpected("an array as data", value);
                    }
                    rows(parser, page);
                    found = true;
                }
                case "cursor" -> page.cursor = value == JsonToken.VALUE_STRING ? cursor(parser) : null;
                case "total" -> page.total = number(parser);
                case "limit" -> {
                    OptionalLong limit = number(parser);
                    page.appliedLimit = limit.isPresent() && limit.getAsLong() > 0
                            ? OptionalInt.of((int) Math.min(limit.getAsLong(), Integer.MAX_VALUE))
                            : OptionalInt.empty();
                }
                default -> parser.skipChildren();
            }
        }
        if (!found) {
            throw BadBody.shape("expected an object with data, found one without");
        }
        return page;
    }

    private static String cursor(JsonParser parser) throws IOException {
        String cursor = parser.getText();
        if (cursor.length() > LONGEST_CURSOR) {
            throw BadBody.shape(
                    "expected a cursor of at most " + LONGEST_CURSOR + " characters, found one of " + cursor.length());
        }
        return cursor.isBlank() ? null : cursor;
    }

    private static OptionalLong number(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getTextLength() <= MOST_DIGITS
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue() < 0 ? OptionalLong.empty() : OptionalLong.of(parser.getLongValue());
        }
        parser.skipChildren();
        return OptionalLong.empty();
    }

    private void rows(JsonParser parser, AppPage page) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Json.bound(page.size() + 1, AppsWalk.LIMIT);
            if (token != JsonToken.START_OBJECT) {
                parser.skipChildren();
                page.unusable("app row that is no object");
                continue;
            }
            row(parser);
            row.end(page);
        }
    }

    private void row(JsonParser parser) throws IOException {
        row.begin();
        for (int place = 0; nextField(place, parser); place++) {
            int column = column(place, parser);
            JsonToken value = parser.nextToken();
            if (column == AppRow.PASSED_OVER) {
                parser.skipChildren();
            } else if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
                // A number's text has all its digits.
                row.value(column, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            } else if (value == JsonToken.VALUE_NULL) {
                row.nothing(column);
            } else {
                row.unreadable(column);
                parser.skipChildren();
            }
        }
    }

    /** @return false at the end of the row */
    private boolean nextField(int place, JsonParser parser) throws IOException {
        if (place < MOST_EXPECTED && expected[place] != null) {
            return parser.nextFieldName(expected[place]) || parser.currentToken() == JsonToken.FIELD_NAME;
        }
        return parser.nextToken() == JsonToken.FIELD_NAME;
    }

    private int column(int place, JsonParser parser) throws IOException {
        String name = parser.currentName();
        if (place >= MOST_EXPECTED) {
            return AppRow.column(name);
        }
        if (expected[place] == null || !expected[place].getValue().equals(name)) {
            expected[place] = new SerializedString(name);
            expectedColumn[place] = AppRow.column(name);
        }
        return expectedColumn[place];
    }
}
