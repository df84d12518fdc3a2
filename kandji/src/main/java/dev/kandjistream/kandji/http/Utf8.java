package dev.kandjistream.kandji.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes that should be UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** The text with {@link Json#REPLACEMENT} for what is no UTF-8; empty if all of it is. */
    static Optional<byte[]> replaced(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return Optional.empty();
        } catch (CharacterCodingException malformed) {
            // A new String replaces what it cannot decode.
            return Optional.of(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        }
    }
}
