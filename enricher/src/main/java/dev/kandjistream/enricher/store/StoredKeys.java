package dev.kandjistream.enricher.store;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keys of a store, letter by letter, each with its letter in front; in order, and read as they are asked for. To be closed. */
public final class StoredKeys implements AutoCloseable {
    private final KeyValueStore<Bytes, byte[]> store;
    private final String letters;
    private final String beginning;
    private final String after;
    private int letter;
    private KeyValueIterator<Bytes, byte[]> entries;

    /**
     * @param letters in ascending order
     * @param beginning of the keys behind the letter; empty for all
     * @param after the key to begin behind, with its letter; null for the first
     */
    StoredKeys(KeyValueStore<Bytes, byte[]> store, String letters, String beginning, String after) {
        this.store = store;
        this.letters = letters;
        this.beginning = beginning;
        this.after = after;
    }

    /** Null at the end. */
    public String next() {
        while (letter < letters.length()) {
            if (entries == null) {
                entries = open(letters.substring(letter, letter + 1));
            }
            if (entries.hasNext()) {
                return new String(entries.next().key.get(), StandardCharsets.UTF_8);
            }
            close();
            letter++;
        }
        return null;
    }

    private KeyValueIterator<Bytes, byte[]> open(String of) {
        String first = of + beginning;
        // A zero byte behind a key makes the smallest key greater than it.
        String from = after != null && after.compareTo(first) >= 0 ? after + '\0' : first;
        byte[] end = first.getBytes(StandardCharsets.UTF_8);
        // Beginnings end with a letter or a slash, so nothing overflows.
        end[end.length - 1]++;
        Bytes to = Bytes.wrap(end);
        Bytes start = Bytes.wrap(from.getBytes(StandardCharsets.UTF_8));
        return store.range(start.compareTo(to) < 0 ? start : to, to);
    }

    @Override
    public void close() {
        if (entries != null) {
            entries.close();
            entries = null;
        }
    }
}
