package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads a page of {@code GET /devices}: a bare array (documented), or an object with {@code results} as one client copes
 * with. A row is passed over first, which takes no memory however large it is, and read only then. A row without a device
 * id cannot be used; one that cannot be published is left out by its id.
 */
public final class DeviceParser {
    /** Bytes of a row; real ones have one or two thousand. An event carries a device twice, before and after. */
    static final int LARGEST_ROW = 64 << 10;

    private final byte[] body;
    private final long observedAt;
    private final List<DeviceRow> rows = new ArrayList<>(DevicePage.LIMIT);
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private int size;
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
        return new DevicePage(page.rows, page.leftOut, page.unusable, page.firstUnusable, page.size, total);
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
            Json.bound(++size, DevicePage.LIMIT);
            if (parser.currentToken() != JsonToken.START_OBJECT) {
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

    /** To the end of the row. @return its device id; null where there is none, or more than one */
    private static String passOver(JsonParser parser) throws IOException {
        String deviceId = null;
        int found = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean id = parser.currentName().equals("device_id");
            JsonToken value = parser.nextToken();
            if (id && (value == JsonToken.VALUE_STRING || value.isNumeric())) {
                deviceId = Json.deviceId(parser.getText());
            }
            found += id ? 1 : 0;
            parser.skipChildren();
        }
        return found == 1 ? deviceId : null;
    }

    private void row(String deviceId, int start, int end) throws BadBody {
        if (end - start > LARGEST_ROW) {
            leftOut.put(deviceId, "its row is larger than " + LARGEST_ROW + " bytes");
            return;
        }
        var reader = new DeviceRowReader(body, start, end);
        String unfit = reader.unfit();
        if (unfit == null) {
            rows.add(reader.read(deviceId, observedAt));
        } else {
            leftOut.put(deviceId, unfit);
        }
    }
}
