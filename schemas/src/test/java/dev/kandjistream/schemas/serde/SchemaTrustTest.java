package dev.kandjistream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.UnreadableRun;
import dev.kandjistream.schemas.serde.SchemaTrust.Blame;
import dev.kandjistream.schemas.serde.SchemaTrust.Known;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** A record is called bad only by a registry that is proven to be ours. */
class SchemaTrustTest {
    private static final String TOPIC = "kandji.raw.devices";
    private static final Schema OURS = RawDevice.SCHEMA$;
    private static final Schema FOREIGN = SweepReceipt.SCHEMA$;
    private static final int LIMIT = 10;

    /** Whatever reads the topic: a model of a hop, with a registry that a test may empty, replace and restore. */
    private static final class Hop {
        final Map<Integer, Schema> registry = new HashMap<>(Map.of(3, OURS, 5, FOREIGN));
        final Map<Known, Schema> memory = new HashMap<>();
        final List<Integer> log = new ArrayList<>();
        final List<Integer> letters = new ArrayList<>();
        UnreadableRun run = new UnreadableRun(LIMIT);
        int position;
        int read;

        SchemaTrust trust() {
            return new SchemaTrust(
                    id -> Optional.ofNullable(registry.get(id)),
                    new SchemaTrust.Memory() {
                        @Override
                        public Map<Known, Schema> all() {
                            return Map.copyOf(memory);
                        }

                        @Override
                        public void remember(Known known, Schema schema) {
                            memory.put(known, schema);
                        }
                    },
                    topic -> log.stream().filter(id -> id != BROKEN).collect(Collectors.toSet()));
        }

        /** @return whether there is more to do and the hop does not wait */
        boolean step() {
            if (position == log.size()) {
                return false;
            }
            int id = log.get(position);
            Blame blame =
                    id == BROKEN ? Blame.RECORD : trust().judge(TOPIC, OURS, id).blame();
            if (blame == Blame.REGISTRY || blame == Blame.RECORD && !run.unreadable(TOPIC, 0, position)) {
                return false;
            }
            if (blame == Blame.RECORD) {
                letters.add(id);
            } else {
                run.readable(TOPIC);
                read++;
            }
            position++;
            return true;
        }

        void work() {
            while (step()) {
                // on
            }
        }

        void restart() {
            run = new UnreadableRun(LIMIT);
        }
    }

    private static final int GOOD = 3;
    private static final int STRAY = 5;
    private static final int BROKEN = -1;

    @Provide
    Arbitrary<List<Integer>> fewBadAmongGood() {
        Arbitrary<List<Integer>> bad = Arbitraries.of(STRAY, BROKEN, 999, 1000, Integer.MAX_VALUE, 0)
                .list()
                .ofMaxSize(LIMIT);
        return bad.list().ofMinSize(2).ofMaxSize(8).map(runs -> {
            var log = new ArrayList<Integer>();
            runs.forEach(one -> {
                log.addAll(one);
                log.add(GOOD);
            });
            return log;
        });
    }

    @Property
    void badRecordsAmongGoodOnesNeverStopTheHop(
            @ForAll("fewBadAmongGood") List<Integer> log,
            @ForAll @Size(max = 5) Set<@IntRange(max = 60) Integer> crashes) {
        var hop = new Hop();
        hop.log.addAll(log);
        do {
            if (crashes.contains(hop.position)) {
                hop.restart();
            }
        } while (hop.step());

        assertThat(hop.position).isEqualTo(log.size());
        assertThat(hop.letters).isEqualTo(log.stream().filter(id -> id != GOOD).toList());
    }

    /** The registry loses everything, hands the ids out anew in any order, and is restored, all at any time. */
    @Property
    void noRegistryThatForgotMakesADeadLetter(
            @ForAll @IntRange(min = 1, max = 20) int before,
            @ForAll @IntRange(min = 1, max = 20) int meanwhile,
            @ForAll @Size(max = 4) List<Boolean> handedOutAnew,
            @ForAll boolean restarts) {
        var hop = new Hop();
        for (int i = 0; i < before; i++) {
            hop.log.add(GOOD);
        }
        hop.work();
        var whole = Map.copyOf(hop.registry);

        hop.registry.clear();
        for (int i = 0; i < meanwhile; i++) {
            hop.log.add(GOOD);
        }
        hop.work();
        for (boolean ours : handedOutAnew) {
            hop.registry.put(hop.registry.size() + 1, ours ? OURS : FOREIGN);
            // A service that trusts it writes with its ids.
            if (restarts) {
                hop.restart();
            }
            hop.work();
        }
        boolean isAsBefore = OURS.equals(hop.registry.get(GOOD));
        assertThat(hop.letters).isEmpty();
        assertThat(hop.position).isEqualTo(isAsBefore ? hop.log.size() : before);

        hop.registry.clear();
        hop.registry.putAll(whole);
        hop.work();
        assertThat(hop.letters).isEmpty();
        assertThat(hop.read).isEqualTo(before + meanwhile);
    }

    @Property
    void anIdOfAnotherRegistryIsNotReadEither(@ForAll @IntRange(min = 6, max = 50) int newId) {
        var hop = new Hop();
        hop.log.add(GOOD);
        hop.work();
        hop.registry.clear();
        hop.registry.put(newId, OURS);
        hop.log.add(newId);
        hop.work();

        assertThat(hop.read).as("what it knows is not what we wrote").isEqualTo(1);
        assertThat(hop.letters).isEmpty();
        assertThat(new HashSet<>(hop.memory.keySet())).containsExactly(new Known(TOPIC, GOOD));
    }

    @Test
    void aNewVersionIsReadAndRemembered() {
        var hop = new Hop();
        hop.log.addAll(List.of(GOOD, 9, GOOD));
        hop.registry.put(9, OURS);
        hop.work();

        assertThat(hop.read).isEqualTo(3);
        assertThat(hop.memory).containsOnlyKeys(new Known(TOPIC, GOOD), new Known(TOPIC, 9));
    }

    @Test
    void aVersionThatThisReaderCannotReadStopsTheHop() {
        Schema later = SchemaBuilder.record("RawDevice")
                .namespace("dev.kandjistream.raw")
                .fields()
                .requiredLong("account_id")
                .endRecord();
        var hop = new Hop();
        hop.log.addAll(List.of(GOOD, 9));
        hop.registry.put(9, later);
        hop.work();

        assertThat(hop.position).isEqualTo(1);
        assertThat(hop.trust().judge(TOPIC, OURS, 9).reason()).contains("Upgrade this service");
    }

    @Test
    void theReasonNamesIdTopicAndWhatToDo() {
        var hop = new Hop();
        hop.log.add(GOOD);
        assertThat(hop.trust().judge(TOPIC, OURS, 999).reason())
                .isEqualTo("Schema id 999 is unknown to the schema registry. topic=kandji.raw.devices");
        hop.registry.clear();

        assertThat(hop.trust().judge(TOPIC, OURS, GOOD).reason())
                .isEqualTo(
                        "The schema registry does not know schema id 3, which records of kandji.raw.devices were read"
                                + " with: it lost schemas, or it is another registry. Restore its schemas, or set"
                                + " schema_registry.url to the former registry");
        hop.memory.clear();
        assertThat(hop.trust().judge(TOPIC, OURS, GOOD).reason())
                .isEqualTo("Schema id 3 is unknown to the schema registry, and no record of kandji.raw.devices can be"
                        + " read with it. Set schema_registry.url to the registry that kandji.raw.devices was written"
                        + " with");
    }
}
