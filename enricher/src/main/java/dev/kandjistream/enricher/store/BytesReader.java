package dev.kandjistream.enricher.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link BytesWriter} wrote. */
final class BytesReader {
    private final byte[] bytes;
    private int at;
    private int form;

    BytesReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalStateException where the value was written in a form this version does not know */
    static BytesReader of(byte[] bytes, int form) {
        return of(bytes, form, form);
    }

    /** @throws IllegalStateException if the value has a form outside the given range, both ends included */
    static BytesReader of(byte[] bytes, int oldest, int newest) {
        var reader = new BytesReader(bytes);
        reader.form = reader.octet();
        if (reader.form < oldest || reader.form > newest) {
            throw new IllegalStateException("Stored value of form " + reader.form + ", this version knows forms "
                    + oldest + " to " + newest
                    + ": the state was written by a newer version. Start that version, or clear the enricher's"
                    + " application (state directory, changelogs, offsets) to derive all of it anew");
        }
        return reader;
    }

    /** Form in which the value was written. */
    int form() {
        return form;
    }

    int octet() {
        return bytes[at++];
    }

    boolean flag() {
        return octet() != 0;
    }

    Boolean flagOrNull() {
        int flag = octet();
        return flag == 0 ? null : flag == 1;
    }

    int count() {
        return (int) number();
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    Instant time() {
        if (!flag()) {
            return null;
        }
        long value = number();
        return Instant.ofEpochMilli((value >>> 1) ^ -(value & 1));
    }

    String text() {
        int length = count() - 1;
        if (length < 0) {
            return null;
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    List<String> texts() {
        int count = count();
        if (count == 0) {
            return List.of();
        }
        if (count == 1) {
            return List.of(text());
        }
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }
}
