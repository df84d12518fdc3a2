package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.Moment;
import dev.kandjistream.poller.domain.SharedApps;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads pages of {@code GET /prism/apps}: an object with {@code data}, and mostly {@code cursor} and {@code total}. A row
 * has some fifty columns, of which fourteen are read; the others are passed over without making text of them. Belongs to
 * one sweep, whose texts it shares, and to one thread.
 */
final class AppRowParser {
    private static final int NAME = 0;
    private static final int BUNDLE_ID = 1;
    private static final int VERSION = 2;
    private static final int SHORT_VERSION = 3;
    private static final int PATH = 4;
    private static final int BUNDLE_NAME = 5;
    private static final int BUNDLE_TYPE = 6;
    private static final int DEVELOPER_NAME = 7;
    private static final int TEAM_ID = 8;
    private static final int OBTAINED_FROM = 9;
    private static final int CATEGORY = 10;
    private static final int TEXTS = 11;
    private static final int DEVICE_ID = 11;
    private static final int CREATED_AT = 12;
    private static final int UPDATED_AT = 13;
    private static final int COLLECTED_AT = 14;
    private static final int PASSED_OVER = -1;

    private static final Map<String, Integer> COLUMNS = Map.ofEntries(
            Map.entry("name", NAME),
            Map.entry("bundle_id", BUNDLE_ID),
            Map.entry("version", VERSION),
            Map.entry("short_version", SHORT_VERSION),
            Map.entry("path", PATH),
            Map.entry("bundle_name", BUNDLE_NAME),
            Map.entry("bundle_type", BUNDLE_TYPE),
            Map.entry("developer_name", DEVELOPER_NAME),
            Map.entry("team_id", TEAM_ID),
            Map.entry("obtained_from", OBTAINED_FROM),
            Map.entry("category", CATEGORY),
            Map.entry("device_id", DEVICE_ID),
            Map.entry("created_at", CREATED_AT),
            Map.entry("updated_at", UPDATED_AT),
            Map.entry("last_collected_at", COLLECTED_AT));

    /** It has to fit into a URL, three characters for one. */
    private static final int LONGEST_CURSOR = 2_000;

    /** Rows have the same fields in the same order: a name that is expected is compared, not looked up. */
    private static final int MOST_EXPECTED = 200;

    private final SharedApps shared = new SharedApps();
    private final Map<String, String> deviceIds = new HashMap<>();
    private final SerializedString[] expected = new SerializedString[MOST_EXPECTED];
    private final int[] expectedColumn = new int[MOST_EXPECTED];
    private final String[] text = new String[TEXTS];
    private String deviceId;
    private long createdAt;
    private long updatedAt;
    private long collectedAt;
    /** The columns that the row has brought, a bit each. */
    private int seen;
    /** Why the row cannot be published; null where it can. */
    private String unfit;

    /** Bytes of heap that the texts of all pages so far take, roughly. */
    long weight() {
        return shared.weight();
    }

    AppPage parse(InputStream body) throws BadBody {
        return Json.read(body, this::page);
    }

    private AppPage page(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Json.unexpected("an object with data", parser.currentToken());
        }
        var page = new AppPage();
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
            if (deviceId == null) {
                page.unusable("app row without a device_id that is one");
            } else if (unfit != null) {
                page.leaveOut(deviceId, unfit);
            } else {
                page.add(deviceId, shared.app(app()), createdAt, updatedAt, collectedAt);
            }
        }
    }

    private void row(JsonParser parser) throws IOException {
        Arrays.fill(text, null);
        deviceId = null;
        seen = 0;
        unfit = null;
        createdAt = Moment.UNKNOWN;
        updatedAt = Moment.UNKNOWN;
        collectedAt = Moment.UNKNOWN;
        for (int place = 0; nextField(place, parser); place++) {
            int column = column(place, parser);
            JsonToken value = parser.nextToken();
            if (column != PASSED_OVER && comesAgain(column)) {
                parser.skipChildren();
                continue;
            }
            switch (column) {
                case PASSED_OVER -> parser.skipChildren();
                case DEVICE_ID -> deviceId = deviceId(parser, value);
                case CREATED_AT -> createdAt = time(parser, value);
                case UPDATED_AT -> updatedAt = time(parser, value);
                case COLLECTED_AT -> collectedAt = time(parser, value);
                default -> text(column, parser, value);
            }
        }
    }

    /** A column that comes twice is believed neither time; of which device such a row speaks is anybody's guess. */
    private boolean comesAgain(int column) {
        int bit = 1 << column;
        if ((seen & bit) == 0) {
            seen |= bit;
            return false;
        }
        deviceId = column == DEVICE_ID ? null : deviceId;
        unfit = "a field of an app row comes twice";
        return true;
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
            return COLUMNS.getOrDefault(name, PASSED_OVER);
        }
        if (expected[place] == null || !expected[place].getValue().equals(name)) {
            expected[place] = new SerializedString(name);
            expectedColumn[place] = COLUMNS.getOrDefault(name, PASSED_OVER);
        }
        return expectedColumn[place];
    }

    /** Text, or a number as text; null for blank, null and what is neither. */
    private void text(int column, JsonParser parser, JsonToken value) throws IOException {
        text[column] = null;
        if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
            int longest = column <= BUNDLE_ID ? Json.LONGEST_NAME : Json.LONGEST_TEXT;
            if (parser.getTextLength() > longest) {
                unfit = "a text of an app row has more than " + longest + " characters";
                return;
            }
            text[column] = shared.text(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else {
            parser.skipChildren();
        }
    }

    private String deviceId(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING && !value.isNumeric()) {
            parser.skipChildren();
            return null;
        }
        if (parser.getTextLength() > Json.LONGEST_ID) {
            return null;
        }
        String told = shared.text(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        if (told == null) {
            return null;
        }
        String known = deviceIds.get(told);
        if (known == null) {
            known = Json.deviceId(told);
            if (known != null) {
                deviceIds.put(told, known);
            }
        }
        return known;
    }

    private static long time(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return Moment.UNKNOWN;
        }
        return Moment.parse(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    private App app() {
        return new App(
                text[NAME],
                text[BUNDLE_ID],
                text[VERSION],
                text[SHORT_VERSION],
                text[PATH],
                text[BUNDLE_NAME],
                text[BUNDLE_TYPE],
                text[DEVELOPER_NAME],
                text[TEAM_ID],
                text[OBTAINED_FROM],
                text[CATEGORY]);
    }
}
