package dev.kandjistream.sink.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary format of {@code COPY}, written straight from values to bytes: no text to quote on our side, none to
 * parse on the server's. A row is {@link #beginRow} and then each column once, in order.
 *
 * <p>Format: PostgreSQL documentation, COPY, "Binary Format"; types as their {@code *_send} functions write them.
 */
final class CopyBuffer {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TEXT_OID = 25;
    private static final int CHUNK = 1 << 18;
    /** 2000-01-01T00:00Z, where PostgreSQL's times begin. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private byte[] bytes = new byte[1 << 12];
    private int length;
    private int rows;
    private long strippedCharacters;

    CopyBuffer() {
        clear();
    }

    /** Makes it empty; the memory stays for the next batch. */
    void clear() {
        length = 0;
        rows = 0;
        strippedCharacters = 0;
        put(SIGNATURE);
        putInt(0); // flags
        putInt(0); // no header extension
    }

    int rows() {
        return rows;
    }

    /** How many U+0000 were left out of texts since {@link #clear}: PostgreSQL's text has no place for them. */
    long strippedCharacters() {
        return strippedCharacters;
    }

    void beginRow(int columns) {
        rows++;
        putShort(columns);
    }

    void text(String value) {
        if (value == null) {
            putNull();
            return;
        }
        int start = beginValue();
        putUtf8(value);
        endValue(start);
    }

    void integer(Integer value) {
        if (value == null) {
            putNull();
            return;
        }
        putInt(Integer.BYTES);
        putInt(value);
    }

    void bigint(Long value) {
        if (value == null) {
            putNull();
            return;
        }
        putInt(Long.BYTES);
        putLong(value);
    }

    void bool(Boolean value) {
        if (value == null) {
            putNull();
            return;
        }
        putInt(1);
        putByte(value ? 1 : 0);
    }

    /** Microseconds since 2000. */
    void time(Instant value) {
        if (value == null) {
            putNull();
            return;
        }
        putInt(Long.BYTES);
        putLong(Math.addExact(
                Math.multiplyExact(value.getEpochSecond() - EPOCH_SECONDS, 1_000_000L), value.getNano() / 1_000));
    }

    void uuid(UUID value) {
        putInt(2 * Long.BYTES);
        putLong(value.getMostSignificantBits());
        putLong(value.getLeastSignificantBits());
    }

    /** One dimension, counted from 1; empty arrays have no dimension at all. */
    void texts(List<?> values) {
        if (values == null) {
            putNull();
            return;
        }
        int start = beginValue();
        putInt(values.isEmpty() ? 0 : 1);
        putInt(0); // no nulls inside
        putInt(TEXT_OID);
        if (!values.isEmpty()) {
            putInt(values.size());
            putInt(1);
            for (Object value : values) {
                text((String) value);
            }
        }
        endValue(start);
    }

    /** @param state values of the columns that {@code json} was made for; null: SQL null */
    void jsonb(JsonObject json, List<Object> state) {
        if (state == null) {
            putNull();
            return;
        }
        int start = beginValue();
        putByte(1); // version of jsonb's binary format
        json.write(state, this);
        endValue(start);
    }

    /** @param members null: SQL null */
    void jsonb(Map<String, String> members) {
        if (members == null) {
            putNull();
            return;
        }
        int start = beginValue();
        putByte(1); // version of jsonb's binary format
        JsonObject.write(members, this);
        endValue(start);
    }

    /** Sends everything and ends the copy. */
    void sendTo(CopyIn copy) throws SQLException {
        for (int sent = 0; sent < length; sent += CHUNK) {
            copy.writeToCopy(bytes, sent, Math.min(CHUNK, length - sent));
        }
        copy.writeToCopy(new byte[] {(byte) 0xFF, (byte) 0xFF}, 0, 2);
        copy.endCopy();
    }

    /** What was written so far, for tests. */
    byte[] written() {
        return Arrays.copyOf(bytes, length);
    }

    void put(byte[] some) {
        ensure(some.length);
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }

    void putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    /** For {@link JsonObject}, which escapes U+0000 away on its own. */
    void countStripped() {
        strippedCharacters++;
    }

    private void putUtf8(String value) {
        if (value.indexOf(0) < 0) {
            put(value.getBytes(StandardCharsets.UTF_8));
            return;
        }
        String clean = value.replace("\0", "");
        strippedCharacters += value.length() - clean.length();
        put(clean.getBytes(StandardCharsets.UTF_8));
    }

    private void putNull() {
        putInt(-1);
    }

    private int beginValue() {
        putInt(0);
        return length;
    }

    private void endValue(int start) {
        int size = length - start;
        bytes[start - 4] = (byte) (size >>> 24);
        bytes[start - 3] = (byte) (size >>> 16);
        bytes[start - 2] = (byte) (size >>> 8);
        bytes[start - 1] = (byte) size;
    }

    private void putShort(int value) {
        ensure(2);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void putInt(int value) {
        ensure(4);
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
