package dev.kandjistream.enricher.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;

/**
 * Writes values of stores, smallest first: numbers take as many bytes as they need, text is UTF-8, missing text and
 * missing times take one byte. Reads with {@link BytesReader}, in the same order. Reused from value to value.
 */
final class BytesWriter {
    private byte[] bytes = new byte[512];
    private int size;

    /** What was written since the last call. */
    byte[] take() {
        byte[] written = Arrays.copyOf(bytes, size);
        size = 0;
        return written;
    }

    BytesWriter octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    BytesWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /** 0 where null, else 1 or 2. */
    BytesWriter flagOrNull(Boolean value) {
        return octet(value == null ? 0 : value ? 1 : 2);
    }

    BytesWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Milliseconds; anything finer is lost. */
    BytesWriter time(Instant time) {
        flag(time != null);
        return time == null ? this : signed(time.toEpochMilli());
    }

    BytesWriter text(String text) {
        if (text == null) {
            return number(0);
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length + 1L);
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    BytesWriter texts(Collection<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    private BytesWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
