package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads a page of {@code GET /devices}: a bare array (documented), or an object with {@code results} as one client copes
 * with. A first pass over the page finds the rows and their device ids, a second reads each row by itself. A row without a
 * device id is unusable; a row of which only the device id can be read is unread. Of a device with several rows that
 * differ or cannot be read, no row can be believed: the device is unread. Each further row is unusable, because the page may
 * lack another device in its place.
 * Otherwise no content of a row makes another row or another field unreadable.
 */
public final class DeviceParser {
    /** Bytes of a row whose JSON is kept as received; real ones have one or two thousand. */
    static final int LARGEST_ROW = 64 << 10;

    static final String DEVICE_ID = "device_id";

    private final JsonFactory factory = Json.factory();
    private final byte[] body;
    private final long observedAt;
    private final List<DeviceRow> rows = new ArrayList<>(DevicePage.LIMIT);
    private final Map<String, DeviceRow> byId = new HashMap<>();
    private final Map<String, String> unread = new LinkedHashMap<>();
    private final List<String> deviceIds = new ArrayList<>(DevicePage.LIMIT);
    private int unusable;
    private String firstUnusable;

    private DeviceParser(byte[] body, long observedAt) {
        this.body = body;
        this.observedAt = observedAt;
    }

    /** @param total as the answer's header claims */
    public static DevicePage parse(byte[] body, OptionalLong total, long observedAt) throws BadBody {
        var page = new DeviceParser(body, observedAt);
        Json.read(body, parser -> {
            page.page(parser);
            return page;
        });
        return new DevicePage(page.rows, page.unread, page.unusable, page.firstUnusable, page.deviceIds, total);
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
            Json.bound(deviceIds.size() + 1, DevicePage.LIMIT);
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                deviceIds.add(null);
                parser.skipChildren();
                unusable("device row that is no object");
                continue;
            }
            int start = (int) parser.currentTokenLocation().getByteOffset();
            String deviceId = passOver(parser);
            int end = (int) parser.currentLocation().getByteOffset();
            if (start < 0) {
                throw BadBody.shape("expected UTF-8, found another encoding");
            }
            deviceIds.add(deviceId);
            if (deviceId == null) {
                unusable("device row without a device_id that is one");
            } else {
                row(deviceId, start, end);
            }
        }
    }

    private void unusable(String why) {
        unusable++;
        firstUnusable = firstUnusable == null ? why : firstUnusable;
    }

    /** Reads to the end of the row. @return its device id; null if there is none, or there are different ones */
    private static String passOver(JsonParser parser) throws IOException {
        var deviceIds = new HashSet<String>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isId = parser.currentName().equals(DEVICE_ID);
            JsonToken value = parser.nextToken();
            if (isId) {
                boolean isText = value == JsonToken.VALUE_STRING || value.isNumeric();
                deviceIds.add(isText ? Json.deviceId(parser.getText()) : null);
            }
            parser.skipChildren();
        }
        return deviceIds.size() == 1 ? deviceIds.iterator().next() : null;
    }

    private void row(String deviceId, int start, int end) throws IOException {
        if (unread.containsKey(deviceId)) {
            unusable("another row of device " + deviceId + ", of which a row cannot be read");
            return;
        }
        DeviceRowReader row = rowAt(start, end, DeviceRowReader::read);
        if (row.isUnread()) {
            disbelieve(deviceId, row.whyUnread());
            return;
        }
        boolean tooLarge = end - start > LARGEST_ROW;
        String json = tooLarge
                ? rowAt(start, end, RowExcerpt::of)
                : new String(body, start, end - start, StandardCharsets.UTF_8);
        add(row.row(deviceId, json, tooLarge, observedAt));
    }

    private void add(DeviceRow row) {
        DeviceRow other = byId.putIfAbsent(row.deviceId(), row);
        boolean same = other == null || other.details() == row.details() && other.attribution() == row.attribution();
        if (same) {
            rows.add(row);
        } else {
            disbelieve(row.deviceId(), "the page has two rows of it with different values");
        }
    }

    /** The device is unread, whatever its rows so far were; these stand in the places of other devices, perhaps. */
    private void disbelieve(String deviceId, String why) {
        unread.put(deviceId, why);
        for (var earlier = rows.iterator(); earlier.hasNext(); ) {
            if (earlier.next().deviceId().equals(deviceId)) {
                earlier.remove();
                unusable("another row of device " + deviceId + ": " + why);
            }
        }
    }

    private <T> T rowAt(int start, int end, Json.Read<T> read) throws IOException {
        try (JsonParser parser = factory.createParser(body, start, end - start)) {
            parser.nextToken();
            return read.from(parser);
        }
    }
}
