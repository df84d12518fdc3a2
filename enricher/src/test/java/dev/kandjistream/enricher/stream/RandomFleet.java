package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import dev.kandjistream.enricher.stream.Raw.Who;
import dev.kandjistream.raw.RawApp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random histories of a small fleet, all from one seed: devices enrol, change hands, go and come back, some with another
 * device id; people are renamed and archived, and lose and regain their id, their email or both; apps come and go. Each raw
 * topic keeps its order; the interleaving of the two is random.
 */
final class RandomFleet {
    private static final List<String> DEVICES = List.of("d1", "d2", "d3", "d4");
    private static final List<String> CAUSES = List.of("DEVICE_REENROLLED", "ACCOUNT_REMOVED", "", "SOLAR_FLARE");
    private static final List<String> SERIALS = List.of("C02XK1ZZJGH5", "c02xk1zzjgh5", " C02XK1ZZJGH5 ", "-1", " ");
    private static final List<String> PLATFORMS = List.of("Mac", "Mac", "iPad", "AppleTV");
    private static final List<Who> PEOPLE = List.of(
            Who.ANN,
            Who.ANN,
            new Who(" 7", "Ann@example.com\t", "Ann", false),
            new Who("7", null, "Ann", false),
            new Who(null, "ann@example.com", "Ann", false),
            new Who("7", "ann.lee@example.com", "Ann Lee", false),
            new Who("uuid-7", "ann@example.com", "Ann", false),
            new Who("uuid-7", "ann.lee@example.com", "Ann Lee", true),
            new Who("7", "ann@example.com", "Ann", true),
            new Who("7", "bob@example.com", "Ann", false),
            Who.BOB,
            new Who("8", null, "Bob", false),
            new Who(null, "cleo@example.com", "Cleo", false),
            Who.NOBODY,
            new Who(null, null, "Nameless", false));

    private final Random random;
    private final ArrayDeque<Step> devices = new ArrayDeque<>();
    private final ArrayDeque<Step> apps = new ArrayDeque<>();
    private final Map<String, DeviceRecord> lastDevice = new HashMap<>();
    private final Map<String, AppsRecord> lastApps = new HashMap<>();
    private final int devicesBaseline;
    private final int appsBaseline;
    private Instant now = Instant.parse("2025-03-01T00:00:00Z");

    private RandomFleet(long seed) {
        random = new Random(seed);
        devicesBaseline = random.nextInt(12);
        appsBaseline = random.nextInt(12);
    }

    static List<Step> steps(long seed, int days) {
        return new RandomFleet(seed).live(days);
    }

    private List<Step> live(int days) {
        for (int day = 0; day < days; day++) {
            now = now.plus(Duration.ofHours(random.nextInt(4) * 9L));
            String id = pick(DEVICES);
            if (random.nextInt(8) == 0) {
                disappear(id, day);
            } else if (random.nextBoolean()) {
                device(id, day);
            } else {
                apps(id, day);
            }
        }
        return interleaved();
    }

    private void device(String id, int day) {
        DeviceRecord device = lastDevice.containsKey(id)
                ? lastDevice.get(id).replacing(null)
                : DeviceRecord.mac(id, pick(PEOPLE))
                        .platform(PLATFORMS.get(DEVICES.indexOf(id)))
                        .replacing(random.nextInt(3) == 0 ? "d0" : null);
        switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                device = device.of(pick(PEOPLE)).replacing(random.nextInt(3) == 0 ? "d0" : device.replaces());
            case 3 -> device = device.named("Mac " + random.nextInt(2));
            case 4 -> device = device.removed(random.nextBoolean());
            case 5 -> device = device.checkedIn(now);
            case 6 -> device = device.serial(pick(SERIALS));
            default -> {
                // The same again.
            }
        }
        device = device.in(sweep(day), read()).baseline(day < devicesBaseline);
        lastDevice.put(id, device);
        devices.add(new Step.OfDevice(device));
    }

    private void apps(String id, int day) {
        AppsRecord before = lastApps.get(id);
        List<RawApp> rows = before != null && random.nextInt(4) == 0 ? before.apps() : rows();
        AppsRecord next = AppsRecord.of(id, rows.toArray(RawApp[]::new))
                .in(sweep(day), read())
                .baseline(day < appsBaseline)
                .keepingRows(random.nextInt(5) == 0);
        lastApps.put(id, next);
        apps.add(new Step.OfApps(next));
    }

    private void disappear(String id, int day) {
        lastDevice.remove(id);
        lastApps.remove(id);
        String cause = pick(CAUSES);
        // The poller's tombstones name their sweep; those of another writer do not.
        String sweep = random.nextInt(3) == 0 ? null : sweep(day);
        devices.add(new Step.DeviceGone(id, cause, sweep, published(day)));
        apps.add(new Step.AppsGone(id, cause, sweep, published(day)));
    }

    /** Sweeps are published one after the other. */
    private Instant published(int day) {
        return now.plusMillis(day + 1);
    }

    private String sweep(int day) {
        return SweepId.at(published(day));
    }

    /** Some sweeps take so long that what they read is older than what a shorter one published before them. */
    private Instant read() {
        return random.nextInt(4) == 0 ? now.minus(Duration.ofMinutes(50)) : now;
    }

    private List<RawApp> rows() {
        var rows = new ArrayList<RawApp>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            rows.add(row());
        }
        return rows;
    }

    private RawApp row() {
        String version = pick(List.of("1", "2", "10"));
        Instant created = Instant.parse("2025-01-0" + (1 + random.nextInt(3)) + "T00:00:00Z");
        return switch (random.nextInt(13)) {
            case 0 -> Raw.app("Figma", "com.figma", version, "/Applications/Figma.app", created);
            case 1 -> Raw.app("Figma Beta", "com.figma", version, "/Applications/Figma.app", created);
            case 2 -> Raw.app("Foo Helper", "com.foo", version, "/A/Foo.app/H.app", created);
            case 3 -> Raw.app("Foo", "com.foo", null, "/A/Foo.app", created);
            case 4 -> Raw.app("\u00dcn\u00ef  Editor.app", null, version, null, created);
            case 5 -> Raw.app("Zoom Updater", "No value", version, "/Z", created);
            case 6 -> Raw.app(null, "com.a/b%c", version, "/x/A.app", created);
            case 7 -> Raw.app("Figma Helper", "com.figma", version, "/F", created);
            case 8 -> Raw.app("Figma", " com.figma\t", version, "/Figma.app", created);
            case 9 -> Raw.app("Quux", pick(List.of("(null)", "NULL", "--", "xX")), version, "/yy/Quux.app", created);
            case 10 -> Raw.app("Foo", "no  value ", version, "/N/Foo.app", created);
            case 11 -> Raw.app("Quux", "com.foo", version, "/zzz/Quux.app", created);
            default -> Raw.app(null, null, version, "/x/Quux.app", created);
        };
    }

    private List<Step> interleaved() {
        var steps = new ArrayList<Step>();
        int version = 1;
        while (!devices.isEmpty() || !apps.isEmpty()) {
            boolean device = apps.isEmpty() || (!devices.isEmpty() && random.nextBoolean());
            steps.add(device ? devices.poll() : apps.poll());
            if (random.nextInt(15) == 0) {
                version++;
                Set<String> words = pick(List.of(Set.of("helper", "updater"), Set.of("figma"), Set.of("HELPER")));
                Set<String> types = pick(List.of(Set.of("Mac", "iPhone", "iPad"), Set.of("Mac", "AppleTV")));
                Set<String> none =
                        pick(List.of(Rules.DEFAULT_PLACEHOLDER_BUNDLE_IDS, Set.of("COM.FIGMA", "com.foo"), Set.of()));
                steps.add(new Step.OtherRules(new Rules(version, words, types, none)));
            }
        }
        return steps;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
