package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.Partition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records that are written in one transaction, each partition's in order, and how far they take us.
 *
 * @param advances one for each partition that moves, with or without records: transaction markers move it too
 */
record Batch(List<ConsumerRecord<byte[], byte[]>> records, List<Advance> advances) {

    /** Key of a record within its topic; compared by bytes, without decoding. */
    private record TopicKey(String topic, ByteBuffer key) {}

    /** For each record, whether it is the last of its key. */
    BitSet lastOfKeys() {
        Map<TopicKey, Integer> last = new HashMap<>(records.size() * 2);
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            if (record.key() != null) {
                last.put(new TopicKey(record.topic(), ByteBuffer.wrap(record.key())), i);
            }
        }
        var marks = new BitSet(records.size());
        last.values().forEach(marks::set);
        return marks;
    }

    /** As far, without some of the records. */
    Batch without(Set<ConsumerRecord<byte[], byte[]>> some) {
        List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>(records);
        rest.removeIf(some::contains);
        return new Batch(rest, advances);
    }

    /** Two batches that do the same one after the other. There must be at least two records. */
    List<Batch> halves() {
        int middle = records.size() / 2;
        List<ConsumerRecord<byte[], byte[]>> first = records.subList(0, middle);
        List<ConsumerRecord<byte[], byte[]>> second = records.subList(middle, records.size());
        Map<Partition, Long> endsOfFirst = ends(first);
        Map<Partition, Long> endsOfSecond = ends(second);
        List<Advance> byFirst = new ArrayList<>();
        List<Advance> bySecond = new ArrayList<>();
        for (Advance advance : advances) {
            Partition partition = advance.partition();
            Long end = endsOfFirst.get(partition);
            if (end == null) {
                bySecond.add(advance);
            } else if (!endsOfSecond.containsKey(partition)) {
                byFirst.add(advance);
            } else {
                byFirst.add(new Advance(partition, advance.from(), end, false));
                bySecond.add(new Advance(partition, advance.from().advancedTo(end), advance.to(), advance.caughtUp()));
            }
        }
        return List.of(new Batch(first, byFirst), new Batch(second, bySecond));
    }

    /** Offset after the last record, by partition. */
    private static Map<Partition, Long> ends(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Partition, Long> ends = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ends.put(new Partition(record.topic(), record.partition()), record.offset() + 1);
        }
        return ends;
    }
}
