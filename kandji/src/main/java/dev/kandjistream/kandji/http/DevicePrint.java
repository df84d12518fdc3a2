package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.Fingerprint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Computes fingerprints of JSON values as received; the ledger keeps them for years. Numbers count by their digits: 15.10
 * is not 15.1. The order of an object's fields does not count.
 */
final class DevicePrint {
    static final long LIST = 0x1B873593L;
    static final long OBJECT = 0xCC9E2D51L;

    private static final long TEXT = 1;
    private static final long NUMBER = 2;
    private static final long FLAG = 3;

    private DevicePrint() {}

    /**
     * The fingerprint of the value at the parser's position, read to its end. Without recursion, because a value may be nested
     * as deep as it is long.
     */
    static long value(JsonParser parser) throws IOException {
        if (!parser.currentToken().isStructStart()) {
            return scalar(parser);
        }
        Deque<Container> open = new ArrayDeque<>();
        open.push(new Container(null, parser.currentToken()));
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.FIELD_NAME) {
                continue;
            }
            if (token.isStructStart()) {
                open.push(new Container(parser.currentName(), token));
            } else if (token.isStructEnd()) {
                Container closed = open.pop();
                if (open.isEmpty()) {
                    return closed.print();
                }
                open.peek().add(closed.name, closed.print());
            } else {
                open.peek().add(parser.currentName(), scalar(parser));
            }
        }
    }

    private static long scalar(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Fingerprint.NOTHING;
        }
        long type = token == JsonToken.VALUE_STRING ? TEXT : token.isNumeric() ? NUMBER : FLAG;
        return Fingerprint.ordered(
                type, Fingerprint.of(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength()));
    }

    /** A field's part of the sum over its object's fields. */
    static long field(String name, long value) {
        return Fingerprint.ordered(Fingerprint.of(name), value);
    }

    /** An object or array that has not ended yet. */
    private static final class Container {
        /** Of the field that holds it; null in an array. */
        private final String name;

        private final boolean isObject;
        private long sofar;

        Container(String name, JsonToken start) {
            this.name = name;
            isObject = start == JsonToken.START_OBJECT;
            sofar = isObject ? OBJECT : LIST;
        }

        void add(String field, long value) {
            sofar = isObject ? sofar + field(field, value) : Fingerprint.ordered(sofar, value);
        }

        long print() {
            return isObject ? Fingerprint.mix(sofar) : sofar;
        }
    }
}
