package dev.kandjistream.enricher.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** How far a partition is with each replay, in the store of what is replayed. The key is the letter p and the replay's id. */
public final class ReplayStore {
    private static final int FORM = 1;
    private static final String LETTER = "p";

    private final KeyValueStore<Bytes, byte[]> store;
    private final BytesWriter out = new BytesWriter();

    /**
     * How far it is.
     *
     * @param reached the last key that was replayed, as {@link StoredKeys} has it; null before the first
     * @param records records so far, by entity
     */
    public record Progress(String reached, Map<String, Long> records, boolean done) {
        public static final Progress NONE = new Progress(null, Map.of(), false);

        public Progress {
            records = Map.copyOf(records);
        }
    }

    public ReplayStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    public Progress progress(String id) {
        byte[] value = store.get(key(id));
        if (value == null) {
            return Progress.NONE;
        }
        var in = BytesReader.of(value, FORM);
        boolean done = in.flag();
        String reached = in.text();
        var records = new TreeMap<String, Long>();
        for (int left = in.count(); left > 0; left--) {
            String entity = in.text();
            records.put(entity, in.number());
        }
        return new Progress(reached, records, done);
    }

    public void put(String id, Progress progress) {
        out.octet(FORM).flag(progress.done()).text(progress.reached());
        out.number(progress.records().size());
        new TreeMap<>(progress.records())
                .forEach((entity, count) -> out.text(entity).number(count));
        store.put(key(id), out.take());
    }

    /** Forgets the replays that nobody asks for any more. */
    public void keepOnly(List<String> ids) {
        var outdated = new ArrayList<String>();
        try (var keys = new StoredKeys(store, LETTER, "", null)) {
            for (String key = keys.next(); key != null; key = keys.next()) {
                if (!ids.contains(key.substring(LETTER.length()))) {
                    outdated.add(key);
                }
            }
        }
        outdated.forEach(key -> store.delete(Bytes.wrap(key.getBytes(StandardCharsets.UTF_8))));
    }

    private static Bytes key(String id) {
        return Bytes.wrap((LETTER + id).getBytes(StandardCharsets.UTF_8));
    }
}
