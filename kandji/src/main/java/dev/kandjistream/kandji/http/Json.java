package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Parses bodies. Pages of rows are read token by token, with limits so wide that no field makes its page unreadable. Bodies
 * of a few known fields are read as trees, within Jackson's own limits.
 */
public final class Json {
    public static final ObjectMapper MAPPER = new ObjectMapper();

    /** Each open array takes about sixty bytes while a page is read. */
    static final int DEEPEST = 200_000;

    private static final StreamReadConstraints WIDE = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxNameLength(KandjiClient.LARGEST_BODY)
            .maxNumberLength(KandjiClient.LARGEST_BODY)
            .build();

    /** Device ids are UUIDs; whatever is longer than this is no id. */
    public static final int LONGEST_ID = 200;

    /** Of a page; some thirty times what is asked for. */
    static final int MOST_ROWS = 10_000;

    private Json() {}

    /** Reads a body with one of the parsers below. */
    public interface Read<T> {
        T from(JsonParser parser) throws IOException;
    }

    /**
     * Numbers may have millions of digits: take their text, not their value.
     *
     * @throws BadBody for anything but one valid JSON value of the expected shape
     */
    public static <T> T read(InputStream body, Read<T> read) throws BadBody {
        try (JsonParser parser = factory().createParser(body)) {
            return read(parser, read);
        } catch (BadBody bad) {
            throw bad;
        } catch (IOException garbled) {
            throw BadBody.garbled("no readable JSON", garbled);
        }
    }

    /** As {@link #read(InputStream, Read)}; the parser's byte offsets are places in this array. */
    static <T> T read(byte[] body, Read<T> read) throws BadBody {
        try (JsonParser parser = factory().createParser(body)) {
            return read(parser, read);
        } catch (BadBody bad) {
            throw bad;
        } catch (IOException garbled) {
            throw BadBody.garbled("no readable JSON", garbled);
        }
    }

    /** @throws BadBody for anything but one valid JSON value */
    public static JsonNode tree(InputStream body) throws BadBody {
        try (JsonParser parser = MAPPER.createParser(body)) {
            return read(parser, MAPPER::<JsonNode>readTree);
        } catch (BadBody bad) {
            throw bad;
        } catch (IOException garbled) {
            throw BadBody.garbled("no readable JSON", garbled);
        }
    }

    /** Creates a factory for each body, because the field names that a factory caches may be of any length and number. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(WIDE)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Not JSON, but what programs write into it; else one such value would hide every row of the page.
                .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
    }

    private static <T> T read(JsonParser parser, Read<T> read) throws IOException {
        try {
            if (parser.nextToken() == null) {
                throw BadBody.garbled("empty body", null);
            }
            T value = read.from(parser);
            if (parser.nextToken() != null) {
                throw BadBody.garbled("more than one JSON value", null);
            }
            return value;
        } catch (JsonParseException garbled) {
            // Jackson's message quotes the body; where it went wrong is enough.
            throw BadBody.garbled(
                    "no sound JSON at byte " + garbled.getLocation().getByteOffset(), null);
        } catch (JsonProcessingException bounds) {
            throw BadBody.shape("no acceptable JSON: " + bounds.getOriginalMessage());
        }
    }

    /** @throws BadBody where a page holds far more rows than were asked for */
    public static void bound(int rows, int asked) throws BadBody {
        if (rows > MOST_ROWS) {
            throw BadBody.shape("expected at most " + asked + " rows, found more than " + MOST_ROWS);
        }
    }

    public static BadBody unexpected(String expected, JsonToken found) {
        return BadBody.shape("expected " + expected + ", found " + (found == null ? "nothing" : found.name()));
    }

    /** @return the id in lower case; null where it is no id */
    public static String deviceId(String text) {
        return text == null || text.isBlank() || !id(text) ? null : text.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a text can be an id and so part of a key: of bounded length, and without characters that tables or UTF-8
     * cannot hold, for two ids that differ in these alone would meet in one row.
     */
    public static boolean id(String text) {
        return text.length() <= LONGEST_ID && plain(text);
    }

    /**
     * Number of characters to keep of a text with a limit: all of them, or as many as do not split a surrogate pair.
     */
    public static int cut(char[] buffer, int offset, int length, int longest) {
        if (length <= longest) {
            return length;
        }
        boolean splits = Character.isHighSurrogate(buffer[offset + longest - 1])
                && Character.isLowSurrogate(buffer[offset + longest]);
        return splits ? longest - 1 : longest;
    }

    /** Stands for bytes that are no UTF-8. A text with it may have been another. */
    public static final char REPLACEMENT = '\uFFFD';

    /** Whether a text is free of control characters, halves of surrogate pairs and {@link #REPLACEMENT}. */
    static boolean plain(String text) {
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c)
                        || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                        || c == REPLACEMENT);
    }
}
