package dev.kandjistream.simulator.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Fills a fleet as it might have grown over a year: same plan and same present, same fleet. Drawn with
 * {@link Random}, whose algorithm is specified, so that it is the same on every JDK.
 */
public final class FleetSeeder {
    private static final long SECOND = 1_000_000;
    private static final long DAY = 24 * 3600 * SECOND;
    private static final long OLDEST = 400 * DAY;
    private static final long YOUNGEST = 10 * DAY;

    private static final List<Blueprint> BLUEPRINTS = List.of(
            Defaults.EVERYBODY,
            new Blueprint("a4d0f6d5-98c1-4a7e-8f43-2c1be01d5502", "Engineering"),
            new Blueprint("5be1b1c0-3f0a-4c2b-b7ad-77c6e9f3c303", "Vertrieb – München"),
            new Blueprint("", "Retired blueprint"));
    private static final List<String> ASSET_SERIES = List.of("IT", "FIN", "LAB");

    private record LateRow(Device device, App app, long at) {}

    private final Fleet fleet;
    private final FleetPlan plan;
    private final Random random;
    private final AppDraw draw = new AppDraw(Catalogue.standard());
    private final long present;
    private final List<LateRow> late = new ArrayList<>();

    private FleetSeeder(Fleet fleet, FleetPlan plan, Instant present) {
        this.fleet = fleet;
        this.plan = plan;
        this.random = new Random(plan.seed() * 0x9E3779B97F4A7C15L + plan.devices());
        this.present = Micros.of(present);
    }

    /** Fills an empty fleet with what happened until the present. */
    public static void fill(Fleet fleet, FleetPlan plan, Instant present) {
        fleet.changing(() -> {
            new FleetSeeder(fleet, plan, present).fill();
            fleet.audit.clear();
            return null;
        });
    }

    private void fill() {
        List<Platform> platforms = platforms();
        int macs = Collections.frequency(platforms, Platform.MAC);
        var people = new PeopleSeeder(fleet, random, plan.domain());
        var seats = new SeatingPlan(random, people.hire(Math.max(8, macs * 9 / 10)), people.kiosk(), plan.devices());
        for (int i = 0; i < platforms.size(); i++) {
            Device device = enrol(i, platforms.get(i), seats.next(platforms.get(i)));
            age(device, i);
            fillIn(device);
        }
        // Rows installed after enrolment come later in Prism's order, those of many devices mixed.
        late.sort(Comparator.comparingLong(LateRow::at));
        late.forEach(row -> touch(fleet.installAt(row.device, row.app, row.at)));
    }

    private List<Platform> platforms() {
        int macs = Math.round(plan.devices() * plan.macPercent() / 100f);
        int others = plan.devices() - macs;
        int tvs = others / 8;
        int androids = others >= 5 ? 1 : 0;
        int ipads = (others - tvs - androids) * 2 / 5;
        var platforms = new ArrayList<>(Collections.nCopies(macs, Platform.MAC));
        platforms.addAll(Collections.nCopies(tvs, Platform.APPLE_TV));
        platforms.addAll(Collections.nCopies(androids, Platform.ANDROID));
        platforms.addAll(Collections.nCopies(ipads, Platform.IPAD));
        platforms.addAll(Collections.nCopies(others - tvs - androids - ipads, Platform.IPHONE));
        Collections.shuffle(platforms, random);
        return platforms;
    }

    private Device enrol(int i, Platform platform, Person person) {
        long step = (OLDEST - YOUNGEST) / plan.devices();
        long enrolled = present - OLDEST + step * i + random.nextInt(1_000_000);
        Hardware hardware = hardware(i, platform);
        return fleet.enrolAt(new Enrolment(hardware, name(person, hardware), person, List.of()), enrolled);
    }

    private Hardware hardware(int i, Platform platform) {
        String serial = serial();
        if (platform == Platform.MAC) {
            return switch (i % 50) {
                // Virtual machines: one image, one serial number.
                case 7, 8 -> new Hardware(platform, "ZVM0SHARED1", "Virtual Machine", "VirtualMac2,1");
                case 9 -> new Hardware(platform, "", "Virtual Machine", "VirtualMac2,1");
                default -> macModel(serial);
            };
        }
        return Hardware.of(platform, platform == Platform.APPLE_TV && i % 4 == 0 ? "" : serial);
    }

    private Hardware macModel(String serial) {
        return switch (random.nextInt(4)) {
            case 0 -> new Hardware(Platform.MAC, serial, "MacBook Air (M1, 2020)", "MacBookAir10,1");
            case 1 -> new Hardware(Platform.MAC, serial, "MacBook Pro (14-inch, M3, Nov 2023)", "Mac15,3");
            case 2 -> new Hardware(Platform.MAC, serial, "Mac mini (M4, 2024)", "Mac16,10");
            default -> Hardware.of(Platform.MAC, serial);
        };
    }

    private String serial() {
        String letters = "CDFGHJKLMNPQRTVWXY0123456789";
        var serial = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            serial.append(letters.charAt(random.nextInt(letters.length())));
        }
        return serial.toString();
    }

    private static String name(Person person, Hardware hardware) {
        String kind = hardware.platform() == Platform.MAC
                ? hardware.model().replaceAll(" \\(.*", "")
                : hardware.platform().word();
        return person == null ? kind : person.name().split(" ")[0] + "’s " + kind;
    }

    private void age(Device device, int i) {
        device.lastEnrolledAt =
                random.nextInt(10) == 0 ? between(device.firstEnrolledAt, present - 5 * DAY) : device.firstEnrolledAt;
        device.lastCollectedAt = present - random.nextInt(24 * 3600) * SECOND - random.nextInt(1_000_000);
        device.lastCheckIn = present - random.nextInt(900) * SECOND - random.nextInt(1_000_000);
        if (i % 33 == 20) {
            device.missing = true;
            device.lastCheckIn = device.lastCheckIn - 40 * DAY;
        }
        if (i % 300 == 17) {
            device.lastCheckIn = Micros.NEVER;
        }
        device.removed = i % 200 == 30;
        device.mdmEnabled = i % 100 != 40;
        device.blueprint = BLUEPRINTS.get(i % 150 == 60 ? 3 : random.nextInt(3));
        device.assetTag = random.nextInt(5) == 0 ? ASSET_SERIES.get(random.nextInt(3)) + "-" + (1000 + i) : "";
        device.tags = random.nextInt(7) == 0 ? List.of("loaner", "Büro " + (1 + i % 3)) : List.of();
        if (device.platform() == Platform.MAC) {
            device.osVersion = List.of("26.0.1", "15.7.1", "15.6", "14.8").get(random.nextInt(4));
        }
    }

    private void fillIn(Device device) {
        long stored = device.firstEnrolledAt + 60 * SECOND;
        int onMac = Math.round(plan.appsPerMac() * (0.9f + random.nextFloat() * 0.2f));
        for (App app : draw.on(device.platform(), random, rows(device.platform(), onMac))) {
            stored += 37;
            if (random.nextInt(100) < 15) {
                late.add(new LateRow(device, app, between(stored, device.lastCollectedAt)));
            } else {
                touch(fleet.installAt(device, app, stored));
            }
        }
    }

    private static int rows(Platform platform, int onMac) {
        return switch (platform) {
            case MAC -> onMac;
            case IPHONE, IPAD -> Math.max(1, onMac / 4);
            case APPLE_TV -> Math.min(onMac, 3);
            case ANDROID -> 0;
        };
    }

    /** Two of five rows changed since they were stored. */
    private void touch(AppRow row) {
        if (random.nextInt(5) < 2) {
            row.updatedAt = between(row.createdAt, row.device.lastCollectedAt);
            row.changedAt = row.updatedAt;
        }
    }

    private long between(long from, long to) {
        return from + (long) (random.nextDouble() * Math.max(0, to - from));
    }

    /** Email domain of a tenant's people. */
    public static String domainOf(String tenantId) {
        return tenantId.toLowerCase(Locale.ROOT) + ".example";
    }
}
