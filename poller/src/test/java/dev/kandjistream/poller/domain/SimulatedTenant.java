package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tenant whose fleet changes by chance. Remembers of every device, seat and app when it was last untrue and when a page
 * last showed it, so that a retraction can be held against the fleet's own history and not against any rule.
 */
final class SimulatedTenant {
    private static final int APPS = 10;
    private static final Map<String, SharedApp> SHARED = new ConcurrentHashMap<>();

    /** An app as the device last reported it. */
    record Installed(int version, long createdAt, long updatedAt) {}

    /** One device. What is installed reaches the API with the next report. */
    static final class Device {
        final String id;
        final String serial;
        String details = "as enrolled";
        String user;
        boolean removed;
        boolean silent;
        long collectedAt;
        Map<String, Installed> installed = new TreeMap<>();
        Map<String, Installed> reported = new TreeMap<>();

        Device(String id, String serial) {
            this.id = id;
            this.serial = serial;
        }

        boolean seat() {
            return user != null && !removed;
        }
    }

    /** One row of the apps listing. */
    record Row(String deviceId, String name, Installed app, long collectedAt) {
        SharedApp shared() {
            return SHARED.computeIfAbsent(
                    name + " " + app.version(), any -> SharedApp.of(Fleet.app(name, String.valueOf(app.version()))));
        }
    }

    final TreeMap<String, Device> devices = new TreeMap<>();
    private final Map<String, Long> untrueAt = new HashMap<>();
    private final Map<String, Long> shownAt = new HashMap<>();
    private final Random random;
    /** Devices that always stay, so that a lie about the whole of a large fleet stays one about many. */
    private final int fewest;

    private final int fewestSeats;
    private int enrolled;
    long now = 1_700_000_000_000L;

    SimulatedTenant(Random random) {
        this.random = random;
        boolean small = random.nextInt(5) == 0;
        fewest = small ? 2 : 26;
        fewestSeats = small ? 1 : 20;
        int size = fewest + 4 + random.nextInt(small ? 4 : 12);
        for (int i = 0; i < size; i++) {
            enrol("serial-" + i, random.nextInt(6) == 0 ? null : "user-" + i);
        }
    }

    /** Rows as a walk by cursor brings them: by device, then by app. */
    List<Row> rows() {
        var rows = new ArrayList<Row>();
        devices.values()
                .forEach(device -> device.reported.forEach(
                        (name, app) -> rows.add(new Row(device.id, name, app, device.collectedAt))));
        return rows;
    }

    /** The whole list of one device, as its own endpoint tells it. */
    DeviceApps whole(String deviceId) {
        var apps = new DeviceApps(deviceId, now);
        Device device = devices.get(deviceId);
        device.reported.forEach((name, app) -> {
            var row = new Row(deviceId, name, app, device.collectedAt);
            apps.add(row.shared(), app.createdAt(), app.updatedAt(), row.collectedAt(), now);
            shown(row);
        });
        return apps.seal();
    }

    /** Something happens. @return in words */
    String evolve() {
        now += 1 + random.nextInt(20) * 60_000L;
        var all = new ArrayList<>(devices.values());
        Device device = all.get(random.nextInt(all.size()));
        String what =
                switch (random.nextInt(14)) {
                    case 0 -> "enrolled " + enrol("serial-new-" + enrolled, "user-" + enrolled).id;
                    case 1 -> remove(device) ? "removed" : "kept";
                    case 2 -> reEnrol(device);
                    case 3 -> assign(device, "user-" + random.nextInt(60));
                    case 4 -> assign(device, null);
                    case 5 -> mark(device, !device.removed);
                    case 6 -> {
                        device.details = "changed " + now;
                        yield "changed";
                    }
                    case 7 -> {
                        device.silent = !device.silent;
                        yield device.silent ? "fell silent" : "is back";
                    }
                    case 8 -> {
                        device.installed.clear();
                        yield "lost all apps";
                    }
                    default -> changeApps(device);
                };
        if (!device.silent && devices.containsKey(device.id)) {
            report(device);
        }
        return device.id + ": " + what;
    }

    /** Two fifths of the fleet leave for good on one day, if enough stay. @return how many left */
    int massRemoval() {
        now++;
        int left = 0;
        for (Device device : new ArrayList<>(devices.values())) {
            left += random.nextInt(5) < 2 && remove(device) ? 1 : 0;
        }
        return left;
    }

    private Device enrol(String serial, String user) {
        var device = new Device(String.format("device-%03d", random.nextInt(10) * 100 + enrolled % 100), serial);
        enrolled++;
        if (devices.containsKey(device.id) || untrueAt.containsKey("device " + device.id)) {
            // An id is given once.
            return enrol(serial, user);
        }
        device.user = user;
        devices.put(device.id, device);
        for (int i = 3 + random.nextInt(4); i > 0; i--) {
            changeApps(device);
        }
        report(device);
        return device;
    }

    private boolean remove(Device device) {
        boolean fewSeats = device.seat() && seats() <= fewestSeats;
        if (devices.size() <= fewest || fewSeats) {
            return false;
        }
        devices.remove(device.id);
        untrueAt.put("device " + device.id, now);
        untrueAt.put("seat " + device.id, now);
        device.reported.keySet().forEach(name -> untrueAt.put("app " + device.id + " " + name, now));
        return true;
    }

    private String reEnrol(Device device) {
        return remove(device) ? "re-enrolled as " + enrol(device.serial, device.user).id : "kept";
    }

    private String assign(Device device, String user) {
        if (user == null && device.seat() && seats() <= fewestSeats) {
            return "kept";
        }
        device.user = user;
        noteSeat(device);
        return user == null ? "unassigned" : "assigned to " + user;
    }

    private String mark(Device device, boolean removed) {
        if (removed && device.seat() && seats() <= fewestSeats) {
            return "kept";
        }
        device.removed = removed;
        noteSeat(device);
        return removed ? "marked as removed" : "no longer marked as removed";
    }

    private void noteSeat(Device device) {
        if (!device.seat()) {
            untrueAt.put("seat " + device.id, now);
        }
    }

    private long seats() {
        return devices.values().stream().filter(Device::seat).count();
    }

    private String changeApps(Device device) {
        String name = "app-" + random.nextInt(APPS);
        Installed was = device.installed.get(name);
        if (was == null) {
            device.installed.put(name, new Installed(1, now, now));
            return "installed " + name;
        }
        if (random.nextBoolean()) {
            device.installed.put(name, new Installed(was.version() + 1, was.createdAt(), now));
            return "updated " + name;
        }
        device.installed.remove(name);
        return "uninstalled " + name;
    }

    private void report(Device device) {
        now++;
        var gone = new HashSet<>(device.reported.keySet());
        gone.removeAll(device.installed.keySet());
        gone.forEach(name -> untrueAt.put("app " + device.id + " " + name, now));
        device.reported = new TreeMap<>(device.installed);
        device.collectedAt = now;
    }

    /** A page showed this row. */
    void shown(DeviceRow row) {
        shownAt.put("device " + row.deviceId(), now);
        if (row.attributed()) {
            shownAt.put("seat " + row.deviceId(), now);
        }
    }

    /** A page showed this row. */
    void shown(Row row) {
        shownAt.put("app " + row.deviceId() + " " + row.name(), now);
    }

    boolean isUser(String user, String id) {
        return devices.containsKey(id) && user.equals(devices.get(id).user);
    }

    boolean deviceEnded(String id) {
        return !devices.containsKey(id) || endedSinceShown("device " + id);
    }

    boolean seatEnded(String id) {
        Device device = devices.get(id);
        return device == null || !device.seat() || endedSinceShown("seat " + id);
    }

    boolean appEnded(String id, String name) {
        Device device = devices.get(id);
        return device == null || !device.reported.containsKey(name) || endedSinceShown("app " + id + " " + name);
    }

    private boolean endedSinceShown(String what) {
        return untrueAt.getOrDefault(what, Long.MIN_VALUE) >= shownAt.getOrDefault(what, Long.MIN_VALUE + 1);
    }
}
