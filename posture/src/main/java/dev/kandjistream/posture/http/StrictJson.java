package dev.kandjistream.posture.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kandjistream.posture.http.Problem.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * JSON taken at its word: UTF-8, one value and nothing behind it, no key twice. What the library says of a fault is not passed
 * on, for it quotes what it found.
 */
final class StrictJson {
    private static final int DEEPEST = 16;
    private static final ObjectMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());
    private static final ObjectReader READER =
            MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private StrictJson() {}

    /** @throws Refusal where it is none */
    static JsonNode parse(byte[] body) {
        try (JsonParser parser = isPlain(body) ? READER.createParser(body) : READER.createParser(text(body))) {
            return parse(parser);
        } catch (IOException fault) {
            throw refusal("", "expected JSON, found something else");
        }
    }

    private static JsonNode parse(JsonParser parser) throws IOException {
        try {
            JsonNode root = READER.readTree(parser);
            if (root == null || root.isMissingNode()) {
                throw refusal("", "expected JSON, found nothing");
            }
            if (parser.nextToken() != null) {
                throw refusal("", "expected one JSON value, found more behind it" + at(parser));
            }
            return root;
        } catch (JsonEOFException fault) {
            throw refusal("", "expected JSON, found its end too early" + at(parser));
        } catch (MismatchedInputException fault) {
            throw refusal("", "expected every key once, found one twice" + at(parser));
        } catch (StreamConstraintsException fault) {
            throw refusal(
                    "", "expected at most " + DEEPEST + " levels and numbers of sane length, found more" + at(parser));
        } catch (IOException fault) {
            throw refusal("", "expected JSON, found something else" + at(parser));
        }
    }

    /**
     * Whether all of it is ASCII, as most is, and there is nothing to decode. Zeros are not, for they would have the parser take
     * it for UTF-16.
     */
    private static boolean isPlain(byte[] body) {
        for (byte one : body) {
            if (one <= 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException fault) {
            throw refusal("", "expected UTF-8, found bytes that are none");
        }
    }

    private static String at(JsonParser parser) {
        JsonLocation place = parser.currentLocation();
        return " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    private static Refusal refusal(String pointer, String detail) {
        return Problem.invalid(List.of(new Fault(pointer, detail))).refusal();
    }
}
