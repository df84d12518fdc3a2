package dev.kandjistream.enricher.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.AppFacts;
import dev.kandjistream.enricher.domain.Contribution;
import dev.kandjistream.enricher.domain.Holding;
import dev.kandjistream.enricher.domain.Summary;
import dev.kandjistream.enricher.domain.UsageFacts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a user holds, through the bytes of the store, from one device to thousands. */
class UserStoreTest {
    private static final byte[] KEY = "acme/kiosk/com.app".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEIGHBOUR = "acme/kiosk/com.app2".getBytes(StandardCharsets.UTF_8);

    private final CountingStore counted = new CountingStore();
    private final UserStore store = new UserStore(counted.store());

    private Summary<UsageFacts> change(byte[] key, Contribution<UsageFacts> put, String remove) {
        Holding<UsageFacts> usage = store.usage(key);
        Holding<UsageFacts> next = put == null ? usage.remove(remove) : usage.put(put, store.usageIndex(key));
        Summary<UsageFacts> summary = next.summary();
        store.putUsage(key, next, summary.isEmpty());
        return summary;
    }

    private static Contribution<UsageFacts> contribution(String deviceId, Random random) {
        var versions = new java.util.TreeSet<String>();
        for (int i = random.nextInt(3); i > 0; i--) {
            versions.add("1." + random.nextInt(30));
        }
        return new Contribution<>(
                deviceId,
                Instant.ofEpochMilli(random.nextInt(20) - 10),
                random.nextBoolean() ? null : Instant.ofEpochMilli(random.nextInt(9)),
                random.nextInt(4) == 0 ? null : Instant.ofEpochMilli(random.nextInt(40) - 20),
                random.nextInt(2),
                List.copyOf(versions),
                new UsageFacts(null, new AppFacts("says " + deviceId, null, null, null, null, null)));
    }

    /** The plainest way: all contributions in a list, counted from nothing. */
    private static Summary<UsageFacts> expected(Map<String, Contribution<UsageFacts>> all) {
        var speaker = all.values().stream()
                .max(Comparator.comparing((Contribution<UsageFacts> c) -> c.observedAt())
                        .thenComparing(Contribution::deviceId))
                .map(c -> new Summary.Speaker<>(c.deviceId(), c.observedAt(), c.collectedAt(), c.facts()));
        return new Summary<>(
                all.size(),
                all.values().stream().mapToInt(Contribution::seats).sum(),
                all.keySet().stream().sorted().limit(20).toList(),
                all.values().stream()
                        .flatMap(c -> c.versions().stream())
                        .distinct()
                        .sorted()
                        .limit(20)
                        .toList(),
                all.values().stream()
                        .map(Contribution::firstSeenAt)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                speaker.orElse(null));
    }

    @Property(tries = 200)
    void fewAndManyDevicesSayWhatAPlainCountSays(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int devices,
            @ForAll @IntRange(max = 400) int steps) {
        var random = new Random(seed);
        var model = new TreeMap<String, Contribution<UsageFacts>>();
        change(NEIGHBOUR, contribution("neighbour", random), null);
        for (int i = 0; i < steps; i++) {
            String id = "d" + random.nextInt(devices);
            // Thirds of each kind at first, then more and more is taken away.
            if (random.nextInt(steps) > i / 2) {
                model.put(id, contribution(id, random));
                assertThat(change(KEY, model.get(id), null)).isEqualTo(expected(model));
            } else {
                model.remove(id);
                assertThat(change(KEY, null, id)).isEqualTo(expected(model));
            }
        }
        for (String id : List.copyOf(model.keySet())) {
            model.remove(id);
            assertThat(change(KEY, null, id)).isEqualTo(expected(model));
        }
        change(NEIGHBOUR, null, "neighbour");
        assertThat(counted.content()).as("nothing is left behind").isEmpty();
    }

    @Test
    void aKioskUserLoadsAndUnloadsInLinearTime() {
        for (Consumer<List<String>> order : List.<Consumer<List<String>>>of(
                ids -> {}, Collections::reverse, ids -> Collections.shuffle(ids, new Random(1)))) {
            var random = new Random(2);
            var ids = new ArrayList<>(IntStream.range(0, 2000)
                    .mapToObj(i -> "device-%04d".formatted(i))
                    .toList());
            order.accept(ids);
            ids.forEach(id -> assertThat(operations(() -> change(KEY, contribution(id, random), null)))
                    .isLessThan(40 + spreadingOut(id, ids)));
            order.accept(ids);
            ids.forEach(
                    id -> assertThat(operations(() -> change(KEY, null, id))).isLessThan(40));
            assertThat(counted.content()).isEmpty();
        }
    }

    @Test
    void oneDeviceIsOneReadAndOneWrite() {
        var random = new Random(3);

        assertThat(operations(() -> change(KEY, contribution("d1", random), null)))
                .isEqualTo(2);
        assertThat(operations(() -> change(KEY, contribution("d1", random), null)))
                .isEqualTo(2);
        assertThat(operations(() -> change(KEY, null, "d1"))).isEqualTo(2);
    }

    private long operations(Runnable work) {
        long before = counted.operations();
        work.run();
        return counted.operations() - before;
    }

    /** The one device too many for a value moves all of them into the index, once. */
    private static int spreadingOut(String id, List<String> ids) {
        return ids.indexOf(id) == 32 ? 32 * 12 : 0;
    }
}
