package dev.kandjistream.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array that a page is put together in. */
final class PageBytes {
    private static final int TIME_LENGTH = 32;

    private byte[] bytes;
    private int size;

    PageBytes(int expected) {
        bytes = new byte[Math.max(64, expected)];
    }

    PageBytes add(byte[] part) {
        room(part.length);
        System.arraycopy(part, 0, bytes, size, part.length);
        size += part.length;
        return this;
    }

    PageBytes add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    PageBytes add(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** A time as Prism writes it, in quotes. */
    PageBytes addTime(long micros) {
        return add('"').addPlainTime(micros).add('"');
    }

    /** A time as Prism writes it. */
    PageBytes addPlainTime(long micros) {
        room(TIME_LENGTH);
        ApiTimes.write(micros, 'T', "+00:00", bytes, size);
        size += TIME_LENGTH;
        return this;
    }

    PageBytes clear() {
        size = 0;
        return this;
    }

    void copy(int start, byte[] into, int from, int length) {
        System.arraycopy(bytes, start, into, from, length);
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
