package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Column;
import dev.kandjistream.sink.domain.CurrentTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * An entity's columns as a JSON object, written straight into a {@link CopyBuffer}: half of all bytes the sink writes come
 * through here, so there is no tree and no text in between. Members stand in the order of the columns, nulls included; times
 * are ISO 8601 text in UTC with milliseconds. For one thread.
 */
final class JsonObject {
    private static final byte[] NULL = ascii("null");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final List<Column> columns;
    /** Each with the comma or brace before it and the colon behind it. */
    private final byte[][] names;
    /** Filled in anew for each time. */
    private final byte[] instant = ascii("0000-00-00T00:00:00.000Z");

    JsonObject(CurrentTable table) {
        columns = table.columns();
        names = new byte[columns.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = ascii((i == 0 ? "{\"" : ",\"") + columns.get(i).name() + "\":");
        }
    }

    void write(List<Object> values, CopyBuffer out) {
        for (int i = 0; i < names.length; i++) {
            out.put(names[i]);
            Object value = values.get(i);
            if (value == null) {
                out.put(NULL);
                continue;
            }
            switch (columns.get(i).type()) {
                case TEXT -> text((String) value, out);
                case INTEGER -> out.put(ascii(value.toString()));
                case BOOLEAN -> out.put((Boolean) value ? TRUE : FALSE);
                case TIME -> time((Instant) value, out);
                case TEXTS -> texts((List<?>) value, out);
            }
        }
        out.putByte('}');
    }

    /** An object of texts. */
    static void write(Map<String, String> members, CopyBuffer out) {
        boolean first = true;
        out.putByte('{');
        for (Map.Entry<String, String> member : members.entrySet()) {
            if (!first) {
                out.putByte(',');
            }
            first = false;
            text(member.getKey(), out);
            out.putByte(':');
            text(member.getValue(), out);
        }
        out.putByte('}');
    }

    private static void texts(List<?> values, CopyBuffer out) {
        out.putByte('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.putByte(',');
            }
            text((String) values.get(i), out);
        }
        out.putByte(']');
    }

    private static void text(String value, CopyBuffer out) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.putByte('"');
        if (needsEscape(utf8)) {
            escape(utf8, out);
        } else {
            out.put(utf8);
        }
        out.putByte('"');
    }

    /** Bytes of multi-byte characters are negative, so they never look like one that needs escaping. */
    private static boolean needsEscape(byte[] utf8) {
        for (byte b : utf8) {
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                return true;
            }
        }
        return false;
    }

    private static void escape(byte[] utf8, CopyBuffer out) {
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                out.putByte('\\');
                out.putByte(b);
            } else if (b == 0) {
                out.countStripped(); // jsonb refuses U+0000 even when escaped
            } else if (b > 0 && b < ' ') {
                out.put(new byte[] {'\\', 'u', '0', '0', HEX[b >> 4], HEX[b & 15]});
            } else {
                out.putByte(b);
            }
        }
    }

    private void time(Instant value, CopyBuffer out) {
        out.putByte('"');
        var time = LocalDateTime.ofEpochSecond(value.getEpochSecond(), value.getNano(), ZoneOffset.UTC);
        if (time.getYear() < 0 || time.getYear() > 9999) {
            out.put(ascii(value.toString()));
        } else {
            twoDigits(time.getYear() / 100, 0);
            twoDigits(time.getYear() % 100, 2);
            twoDigits(time.getMonthValue(), 5);
            twoDigits(time.getDayOfMonth(), 8);
            twoDigits(time.getHour(), 11);
            twoDigits(time.getMinute(), 14);
            twoDigits(time.getSecond(), 17);
            int millis = time.getNano() / 1_000_000;
            instant[20] = (byte) ('0' + millis / 100);
            twoDigits(millis % 100, 21);
            out.put(instant);
        }
        out.putByte('"');
    }

    private void twoDigits(int value, int at) {
        instant[at] = (byte) ('0' + value / 10);
        instant[at + 1] = (byte) ('0' + value % 10);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
