package dev.kandjistream.standalone.run;

import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.standalone.run.RedriveRule.Latest;
import dev.kandjistream.standalone.run.RedriveRule.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * What a partition holds of some letters that came from it: the latest record of each key, and which of the letters were
 * redriven before. Knows digests instead of keys and values, so it takes some hundred bytes for each letter, whatever its size.
 */
final class RedriveOrigin {
    private final TopicPartition partition;
    private final boolean keepsLatest;
    private final Set<Digest> keys = new HashSet<>();
    private final Set<String> places = new HashSet<>();
    private final Map<Digest, Latest> latest = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();
    private long from = Long.MAX_VALUE;
    private long end;

    /** @param keepsLatest whether the topic's records of one key replace each other */
    RedriveOrigin(TopicPartition partition, boolean keepsLatest) {
        this.partition = partition;
        this.keepsLatest = keepsLatest;
    }

    /** Adds a letter, before {@link #look}. */
    void expect(DeadLetter letter) {
        places.add(letter.place());
        if (letter.key() != null) {
            keys.add(Digest.of(letter.key()));
        }
        // What stands before a record neither replaces nor repeats it.
        from = Math.min(from, letter.offset());
    }

    /** Reads the partition from the first of the letters' records on. */
    void look(BytesLog committed) {
        end = committed.end(partition);
        committed.read(partition, from, end, this::see);
    }

    /** Reads on to before an offset, records that may yet be aborted included; the record at that offset is the caller's. */
    void catchUp(BytesLog everything, long to) {
        everything.read(partition, end, to, this::see);
        end = to + 1;
    }

    private void see(ConsumerRecord<byte[], byte[]> record) {
        String place = redriven(record);
        if (place != null && places.contains(place)) {
            redriven.add(place);
        }
        if (record.key() != null) {
            Digest key = Digest.of(record.key());
            if (keys.contains(key)) {
                latest.put(key, new Latest(record.offset(), Digest.of(record.value())));
            }
        }
    }

    private static String redriven(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(DeadLetterHeaders.REDRIVEN);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** What may become of one of the letters, by what was read so far. */
    Outcome outcome(DeadLetter letter) {
        Latest record = letter.key() == null ? null : latest.get(Digest.of(letter.key()));
        return RedriveRule.of(letter, record, redriven.contains(letter.place()), keepsLatest);
    }

    /** The letter's record stands in the partition again. */
    void wrote(DeadLetter letter, byte[] value, long offset) {
        redriven.add(letter.place());
        if (letter.key() != null) {
            latest.put(Digest.of(letter.key()), new Latest(offset, Digest.of(value)));
        }
    }

    /** Whether a newer record of its key would be overwritten by a letter's record. */
    boolean keepsLatest() {
        return keepsLatest;
    }
}
