package dev.kandjistream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void lastRecordOfEachKeyIsMarkedTopicByTopic() {
        var batch = new Batch(
                List.of(
                        record("a", 0, 0, "k1"),
                        record("a", 0, 1, "k2"),
                        record("a", 0, 2, "k1"),
                        record("b", 0, 0, "k1")),
                List.of());

        assertThat(batch.lastOfKeys().stream()).containsExactly(1, 2, 3);
    }

    @Test
    void withoutSomeRecordsABatchGoesJustAsFar() {
        var bad = record("a", 0, 1, "k");
        var advance = new Advance(new Partition("a", 0), at(0), 9, true);
        var batch = new Batch(List.of(record("a", 0, 0, "k"), bad), List.of(advance));

        Batch rest = batch.without(Set.of(bad));

        assertThat(rest.records()).hasSize(1);
        assertThat(rest.advances()).containsExactly(advance);
    }

    @Test
    void firstHalfStopsBehindItsLastRecordAndTheSecondGoesOnThere() {
        Partition one = new Partition("a", 0);
        Partition two = new Partition("a", 1);
        Partition markersOnly = new Partition("b", 0);
        var batch = new Batch(
                List.of(record("a", 0, 5, "x"), record("a", 1, 0, "x"), record("a", 1, 3, "x"), record("a", 1, 4, "x")),
                List.of(
                        new Advance(one, at(5), 7, true),
                        new Advance(two, at(0), 6, true),
                        new Advance(markersOnly, at(1), 2, true)));

        List<Batch> halves = batch.halves();

        assertThat(halves.get(0).advances())
                .containsExactly(new Advance(one, at(5), 7, true), new Advance(two, at(0), 1, false));
        assertThat(halves.get(1).advances())
                .containsExactly(new Advance(two, at(1), 6, true), new Advance(markersOnly, at(1), 2, true));
    }

    /** Records of three partitions, with gaps; halved again and again, the parts do in turn what the whole did. */
    @Property(tries = 300)
    void partsOfABatchFollowOneAnotherWithoutGapOrOverlap(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(max = 2) Integer> partitions,
            @ForAll @IntRange(min = 1, max = 3) int gap) {
        Map<Integer, Long> next = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        partitions.stream().sorted().forEach(partition -> {
            long offset = next.merge(partition, (long) gap, Long::sum);
            records.add(record("t", partition, offset, "k"));
        });
        List<Advance> advances = new ArrayList<>();
        next.forEach((partition, last) ->
                advances.add(new Advance(new Partition("t", partition), at(0), last + 1 + gap, true)));

        List<Batch> parts = new ArrayList<>();
        split(new Batch(records, advances), parts);

        Map<Partition, Position> reached = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
        for (Batch part : parts) {
            for (Advance advance : part.advances()) {
                assertThat(advance.from()).isEqualTo(reached.getOrDefault(advance.partition(), at(0)));
                reached.put(advance.partition(), advance.reached());
            }
            for (ConsumerRecord<byte[], byte[]> record : part.records()) {
                assertThat(record.offset())
                        .isLessThan(reached.get(new Partition("t", record.partition()))
                                .nextOffset());
            }
            seen.addAll(part.records());
        }
        assertThat(seen).isEqualTo(records);
        advances.forEach(advance -> assertThat(reached.get(advance.partition())).isEqualTo(advance.reached()));
    }

    private static void split(Batch batch, List<Batch> parts) {
        if (batch.records().size() < 2) {
            parts.add(batch);
        } else {
            batch.halves().forEach(half -> split(half, parts));
        }
    }

    private static Position at(long offset) {
        return new Position(new UUID(0, 1), offset, 0, OptionalLong.empty());
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, String key) {
        return new ConsumerRecord<>(topic, partition, offset, key.getBytes(), new byte[0]);
    }
}
