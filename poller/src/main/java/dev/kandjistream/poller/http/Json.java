package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** How bodies are parsed. Jackson's own bounds on depth and on the length of names, numbers and texts stay in force. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final JsonFactory FACTORY = MAPPER.getFactory();

    /** Device ids are UUIDs; whatever is longer than this is no id. */
    private static final int LONGEST_ID = 200;

    private Json() {}

    /** Reads a body with one of the parsers below. */
    interface Read<T> {
        T from(JsonParser parser) throws IOException;
    }

    /** @throws BadBody for anything but one sound JSON value of the expected shape */
    static <T> T read(InputStream body, Read<T> read) throws BadBody {
        try (JsonParser parser = FACTORY.createParser(body)) {
            return read(parser, read);
        } catch (BadBody bad) {
            throw bad;
        } catch (IOException garbled) {
            throw BadBody.garbled("no readable JSON", garbled);
        }
    }

    /** As {@link #read(InputStream, Read)}; the parser's byte offsets are places in this array. */
    static <T> T read(byte[] body, Read<T> read) throws BadBody {
        try (JsonParser parser = FACTORY.createParser(body)) {
            return read(parser, read);
        } catch (BadBody bad) {
            throw bad;
        } catch (IOException garbled) {
            throw BadBody.garbled("no readable JSON", garbled);
        }
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
            throw BadBody.garbled("no acceptable JSON: " + bounds.getOriginalMessage(), null);
        }
    }

    static BadBody unexpected(String expected, JsonToken found) {
        return BadBody.shape("expected " + expected + ", found " + (found == null ? "nothing" : found.name()));
    }

    /** @return the id in lower case; null where it is no id */
    static String deviceId(String text) {
        if (text == null || text.isBlank() || text.length() > LONGEST_ID) {
            return null;
        }
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
