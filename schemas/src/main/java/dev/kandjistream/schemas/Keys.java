package dev.kandjistream.schemas;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Record keys: UTF-8 text of segments joined by {@code /}. In a segment {@code %}, {@code /} and control characters are
 * percent-encoded, so that two different lists of segments never make the same key. Readers should take fields from
 * values, not from keys; {@link #split} is for null records, which have nothing else.
 */
public final class Keys {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Keys() {}

    /**
     * The key of the segments, in their order; at least one, each possibly empty. Half a surrogate pair, which no UTF-8
     * can carry, is written as a question mark like everywhere in Java.
     */
    public static String of(String... segments) {
        var key = new StringBuilder();
        for (int i = 0; i < segments.length; i++) {
            if (i > 0) {
                key.append('/');
            }
            encode(segments[i], key);
        }
        return key.toString();
    }

    /** The segments of a key made by {@link #of}, decoded. */
    public static List<String> split(String key) {
        var segments = new ArrayList<String>();
        for (String segment : key.split("/", -1)) {
            segments.add(decode(segment));
        }
        return segments;
    }

    private static void encode(String segment, StringBuilder key) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%' && c != '/' && !Character.isISOControl(c)) {
                key.append(c);
            } else {
                // ISO controls end at U+009F; as UTF-8 those from U+0080 on take two bytes.
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    key.append('%').append(HEX.toHexDigits(b));
                }
            }
        }
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        var bytes = new ByteArrayOutputStream();
        byte[] text = segment.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '%' && i + 2 < text.length) {
                bytes.write(Integer.parseInt(new String(text, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                bytes.write(text[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
