package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LastOfEachTest {
    private static final int PARTITIONS = 3;

    /** @param minutesAgo by its timestamp, which says nothing about its place */
    private record Written(int key, boolean gone, long minutesAgo) {
        int partition() {
            return key % PARTITIONS;
        }
    }

    /** A log in memory. Its records' values are their numbers, so that no two are alike. */
    private static final class Memory implements LastOfEach.Log {
        private record Placed(String key, byte[] value, long minutesAgo) {}

        private final Map<Integer, List<Placed>> partitions = new HashMap<>();
        private int read;

        Memory(List<Written> records) {
            IntStream.range(0, PARTITIONS).forEach(number -> partitions.put(number, new ArrayList<>()));
            for (int i = 0; i < records.size(); i++) {
                Written written = records.get(i);
                byte[] value = written.gone() ? null : String.valueOf(i).getBytes(StandardCharsets.UTF_8);
                partitions
                        .get(written.partition())
                        .add(new Placed("key-" + written.key(), value, written.minutesAgo()));
            }
        }

        /** What a reader from beginning to end is left with. */
        Map<String, String> fold() {
            var state = new TreeMap<String, byte[]>();
            partitions.values().forEach(records -> records.forEach(record -> state.put(record.key(), record.value())));
            state.values().removeIf(value -> value == null);
            return text(state);
        }

        @Override
        public Map<Integer, Long> beginning() {
            var offsets = new HashMap<Integer, Long>();
            partitions.keySet().forEach(number -> offsets.put(number, 0L));
            return offsets;
        }

        @Override
        public Map<Integer, Long> end() {
            var offsets = new HashMap<Integer, Long>();
            partitions.forEach((number, records) -> offsets.put(number, (long) records.size()));
            return offsets;
        }

        @Override
        public Map<Integer, Long> younger(Duration age) {
            var offsets = new HashMap<Integer, Long>();
            partitions.forEach((number, records) -> IntStream.range(0, records.size())
                    .filter(i -> records.get(i).minutesAgo() <= age.toMinutes())
                    .findFirst()
                    .ifPresent(i -> offsets.put(number, (long) i)));
            return offsets;
        }

        @Override
        public void read(Map<Integer, Long> from, Map<Integer, Long> to, LastOfEach.Reader reader) {
            partitions.forEach((number, records) -> records.subList(
                            from.get(number).intValue(), to.get(number).intValue())
                    .forEach(record -> {
                        read++;
                        reader.record(record.key(), record.value());
                    }));
        }
    }

    private static Map<String, String> text(Map<String, byte[]> values) {
        var text = new TreeMap<String, String>();
        values.forEach((key, value) -> text.put(key, new String(value, StandardCharsets.UTF_8)));
        return text;
    }

    @Provide
    Arbitrary<List<Written>> logs() {
        var ages = Arbitraries.longs().between(0, Duration.ofDays(30).toMinutes());
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8), Arbitraries.of(false, false, false, true), ages)
                .as(Written::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whatIsWantedIsAsInAFullReadAndNothingElseIsStale(
            @ForAll("logs") List<Written> records, @ForAll Set<Integer> numbers) {
        var log = new Memory(records);
        Set<String> wanted = Set.copyOf(numbers.stream()
                .map(number -> "key-" + Math.floorMod(number, 11))
                .toList());
        Map<String, String> found = text(LastOfEach.find(log, wanted));
        Map<String, String> all = log.fold();
        if (wanted.isEmpty()) {
            assertThat(found).isEqualTo(all);
        } else {
            wanted.forEach(key -> assertThat(found.get(key)).as(key).isEqualTo(all.get(key)));
            assertThat(all.entrySet()).containsAll(found.entrySet());
            assertThat(log.read).as("no record is read twice").isLessThanOrEqualTo(records.size());
        }
    }

    @Example
    void whatWasWrittenLatelyIsFoundWithoutReadingTheRest() {
        var records = new ArrayList<Written>();
        for (int day = 30; day > 0; day--) {
            records.add(new Written(0, false, day * 1440L));
        }
        records.add(new Written(1, false, 300));
        records.add(new Written(0, false, 2));
        var log = new Memory(records);
        assertThat(text(LastOfEach.find(log, Set.of("key-0")))).containsEntry("key-0", "31");
        assertThat(log.read).isEqualTo(1);
        LastOfEach.find(log, Set.of("key-0", "key-1"));
        assertThat(log.read).as("this one and two more").isEqualTo(3);
    }
}
