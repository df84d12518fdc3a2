package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What holds of every fleet whose app rows lose some or all of what identifies them, cannot be read, or come with copies under
 * other bundle ids and then as copies only. Every device reports before every sweep, and totals agree with the rows, so nothing
 * but the rows themselves tells. Left out is what no reader could tell from the truth: copies in place of the rows of a few
 * devices, and a partial row that was published as a new one and later stands for another.
 */
class AppFieldLawsTest {
    private AppFleet fleet;
    private Random random;
    private int installed;
    /** What was published of a device when an operator rejected that it ends. */
    private final Map<String, Set<String>> rejected = new HashMap<>();

    private void begin(long seed) {
        random = new Random(seed);
        fleet = AppFleet.of(
                random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 14 + random.nextInt(30), 1 + random.nextInt(6));
        rejected.clear();
        installed = 100;
        for (int i = random.nextInt(10); i > 0; i--) {
            install(anyDevice());
        }
        fleet.sweep(AppFleet.NONE);
    }

    private String anyDevice() {
        return new ArrayList<>(fleet.truth.keySet()).get(random.nextInt(fleet.truth.size()));
    }

    /** An app with all fields, or one that never had some. */
    private void install(String device) {
        int number = ++installed;
        App whole = AppFleet.app(number);
        fleet.truth
                .get(device)
                .add(
                        switch (random.nextInt(6)) {
                            case 0 -> AppFleet.app(whole.name(), null, whole.path(), null);
                            case 1 -> AppFleet.app(whole.name(), whole.bundleId(), null, null);
                            case 2 ->
                                AppFleet.app(null, whole.bundleId(), whole.path(), whole.bundleName() + " Helper");
                            default -> whole;
                        });
    }

    private void evolve() {
        for (int events = random.nextInt(3); events > 0; events--) {
            String device = anyDevice();
            List<App> apps = fleet.truth.get(device);
            if (random.nextBoolean() || apps.size() < 2) {
                install(device);
            } else {
                apps.remove(random.nextInt(apps.size()));
            }
        }
    }

    /** Rows known before these faults began lose fields; those that come meanwhile do not. */
    private AppFleet.Lie losing() {
        double often = List.of(0.02, 0.3, 1.0).get(random.nextInt(3));
        double devices = List.of(0.2, 1.0).get(random.nextInt(2));
        var all = AppEvidenceTest.Lost.values();
        var same = random.nextBoolean() ? all[random.nextInt(all.length)] : null;
        Set<String> hit = new HashSet<>(fleet.truth.keySet());
        hit.removeIf(device -> random.nextDouble() > devices);
        Map<String, Set<App>> known = new HashMap<>();
        fleet.truth.forEach((device, rows) -> known.put(device, Set.copyOf(rows)));
        return (device, row) -> {
            boolean lost = hit.contains(device) && known.get(device).contains(row) && random.nextDouble() < often;
            var how = same == null ? all[random.nextInt(all.length)] : same;
            return List.of(lost ? how.of(row) : row);
        };
    }

    private Set<String> unreadRows() {
        var unread = new TreeSet<String>();
        for (int rows = random.nextInt(3); rows > 0 && fleet.truth.size() > 12; rows--) {
            unread.add(anyDevice());
        }
        return unread;
    }

    private void sweepAndCheck(AppFleet.Lie lie, Set<String> unreadRows) {
        Map<String, Set<String>> before = new TreeMap<>(fleet.usages);
        fleet.sweep(lie, unreadRows);
        Map<String, Set<String>> wanted = fleet.wanted();
        before.forEach((device, ids) -> {
            var ended = new TreeSet<>(ids);
            ended.removeAll(fleet.usages.getOrDefault(device, Set.of()));
            ended.retainAll(wanted.get(device));
            assertThat(ended).as("ended of " + device).isEmpty();
        });
        rejected.forEach((device, ids) ->
                assertThat(fleet.usages.get(device)).as("rejected of " + device).containsAll(ids));
        // What was rejected has returned.
        rejected.entrySet()
                .removeIf(entry -> fleet.shownAsTheyAre.contains(entry.getKey())
                        && wanted.get(entry.getKey()).containsAll(entry.getValue()));
    }

    private void reject() {
        for (int devices = random.nextInt(4); devices > 0; devices--) {
            String device = anyDevice();
            Absence absence = fleet.ledger.entry(device).apps().absence();
            if (absence != null) {
                fleet.order("reject", device);
                rejected.putIfAbsent(device, fleet.usages.get(device));
            }
        }
    }

    private void episode() {
        if (random.nextInt(3) == 0) {
            // More of the same for as long as it takes: nothing but an operator ends all that there was.
            for (int sweeps = 1 + random.nextInt(3); sweeps > 0; sweeps--) {
                sweepAndCheck(AppGrowthTest.WITH_COPIES, Set.of());
            }
            for (int sweeps = random.nextInt(14); sweeps > 0; sweeps--) {
                sweepAndCheck(AppGrowthTest.ONLY_COPIES, Set.of());
            }
            approveTheEndOfAllCopies();
        } else {
            AppFleet.Lie lie = losing();
            for (int sweeps = random.nextInt(12); sweeps > 0; sweeps--) {
                evolve();
                sweepAndCheck(random.nextInt(4) == 0 ? AppFleet.NONE : lie, unreadRows());
                reject();
            }
        }
        sweepAndCheck(AppFleet.NONE, Set.of());
    }

    private void approveTheEndOfAllCopies() {
        sweepAndCheck(AppFleet.NONE, Set.of());
        approve();
        sweepAndCheck(AppFleet.NONE, Set.of());
    }

    private void approve() {
        fleet.ledger.buckets().forEach(bucket -> List.copyOf(bucket.keySet())
                .forEach(id -> fleet.order("approve", id)));
        rejected.clear();
    }

    @Property(tries = 300, seed = "15", shrinking = ShrinkingMode.OFF)
    void noUsageEndsThatIsThereAndNoneThatAnOperatorRejectedAndAllIsTrueAfterwards(@ForAll long seed) {
        begin(seed);
        for (int episodes = 1 + random.nextInt(3); episodes > 0; episodes--) {
            episode();
        }
        for (int sweep = 0; sweep < 12; sweep++) {
            sweepAndCheck(AppFleet.NONE, Set.of());
        }
        approve();
        assertThat(fleet.sweep(AppFleet.NONE).withheld()).isZero();
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }
}
