package dev.kandjistream.enricher.stream;

import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import java.time.Instant;
import java.util.List;

/** Raw records as the poller would publish them, little in them but what a test is about. */
final class Raw {
    private Raw() {}

    /** Who a device is assigned to. */
    record Who(String id, String email, String name, boolean archived) {
        static final Who ANN = new Who("7", "ann@example.com", "Ann", false);
        static final Who BOB = new Who("8", "bob@example.com", "Bob", false);
        static final Who NOBODY = new Who(null, null, null, false);
    }

    /**
     * One device record, to be changed field by field.
     *
     * @param replaces device id under which the same hardware was enrolled before; null if none is known
     */
    record DeviceRecord(
            String account,
            String id,
            String sweep,
            Instant observedAt,
            boolean baseline,
            String platform,
            String name,
            Who who,
            boolean removed,
            Instant lastCheckIn,
            String serial,
            String replaces) {

        static DeviceRecord mac(String id, Who who) {
            Instant time = Instant.parse("2025-03-01T00:00:00Z");
            return new DeviceRecord(
                    "acme", id, "s1", time, false, "Mac", "Mac of x", who, false, null, "SN" + id, null);
        }

        DeviceRecord of(Who other) {
            return new DeviceRecord(
                    account,
                    id,
                    sweep,
                    observedAt,
                    baseline,
                    platform,
                    name,
                    other,
                    removed,
                    lastCheckIn,
                    serial,
                    replaces);
        }

        DeviceRecord inAccount(String other) {
            return new DeviceRecord(
                    other,
                    id,
                    sweep,
                    observedAt,
                    baseline,
                    platform,
                    name,
                    who,
                    removed,
                    lastCheckIn,
                    serial,
                    replaces);
        }

        DeviceRecord named(String other) {
            return new DeviceRecord(
                    account,
                    id,
                    sweep,
                    observedAt,
                    baseline,
                    platform,
                    other,
                    who,
                    removed,
                    lastCheckIn,
                    serial,
                    replaces);
        }

        DeviceRecord platform(String other) {
            return new DeviceRecord(
                    account, id, sweep, observedAt, baseline, other, name, who, removed, lastCheckIn, serial, replaces);
        }

        DeviceRecord baseline(boolean now) {
            return new DeviceRecord(
                    account, id, sweep, observedAt, now, platform, name, who, removed, lastCheckIn, serial, replaces);
        }

        DeviceRecord removed(boolean now) {
            return new DeviceRecord(
                    account, id, sweep, observedAt, baseline, platform, name, who, now, lastCheckIn, serial, replaces);
        }

        DeviceRecord checkedIn(Instant time) {
            return new DeviceRecord(
                    account, id, sweep, observedAt, baseline, platform, name, who, removed, time, serial, replaces);
        }

        DeviceRecord in(String otherSweep, Instant time) {
            return new DeviceRecord(
                    account,
                    id,
                    otherSweep,
                    time,
                    baseline,
                    platform,
                    name,
                    who,
                    removed,
                    lastCheckIn,
                    serial,
                    replaces);
        }

        DeviceRecord serial(String other) {
            return new DeviceRecord(
                    account,
                    id,
                    sweep,
                    observedAt,
                    baseline,
                    platform,
                    name,
                    who,
                    removed,
                    lastCheckIn,
                    other,
                    replaces);
        }

        DeviceRecord replacing(String other) {
            return new DeviceRecord(
                    account, id, sweep, observedAt, baseline, platform, name, who, removed, lastCheckIn, serial, other);
        }

        RawDevice raw() {
            return RawDevice.newBuilder()
                    .setAccountId(account)
                    .setDeviceId(id)
                    .setSweepId(sweep)
                    .setObservedAt(observedAt)
                    .setBaseline(baseline)
                    .setPlatform(platform)
                    .setDeviceName(name)
                    .setSerialNumber(serial)
                    .setUserId(who.id())
                    .setUserEmail(who.email())
                    .setUserName(who.name())
                    .setUserArchived(who.id() == null && who.email() == null ? null : who.archived())
                    .setIsRemoved(removed)
                    .setLastCheckIn(lastCheckIn)
                    .setTags(List.of("t"))
                    .setJson("{}")
                    .setReplacesDeviceId(replaces)
                    .build();
        }
    }

    /** One record of apps, to be changed field by field. */
    record AppsRecord(
            String account,
            String id,
            String sweep,
            Instant observedAt,
            boolean baseline,
            Instant collectedAt,
            List<RawApp> apps,
            boolean keepsRows) {

        static AppsRecord of(String id, RawApp... apps) {
            Instant time = Instant.parse("2025-03-01T00:10:00Z");
            return new AppsRecord("acme", id, "a1", time, false, time.minusSeconds(60), List.of(apps), false);
        }

        AppsRecord baseline(boolean now) {
            return new AppsRecord(account, id, sweep, observedAt, now, collectedAt, apps, keepsRows);
        }

        AppsRecord keepingRows(boolean now) {
            return new AppsRecord(account, id, sweep, observedAt, baseline, collectedAt, apps, now);
        }

        AppsRecord listing(List<RawApp> others) {
            return new AppsRecord(account, id, sweep, observedAt, baseline, collectedAt, others, keepsRows);
        }

        AppsRecord in(String otherSweep, Instant time) {
            return new AppsRecord(account, id, otherSweep, time, baseline, time.minusSeconds(60), apps, keepsRows);
        }

        RawDeviceApps raw() {
            return new RawDeviceApps(
                    account, id, sweep, observedAt, baseline, collectedAt, apps, keepsRows ? 1 : 0, keepsRows);
        }
    }

    static RawApp app(String name, String bundleId, String version) {
        return app(name, bundleId, version, "/Applications/" + name + ".app", Instant.parse("2025-01-01T00:00:00Z"));
    }

    static RawApp app(String name, String bundleId, String version, String path, Instant createdAt) {
        return RawApp.newBuilder()
                .setName(name)
                .setBundleId(bundleId)
                .setVersion(version)
                .setPath(path)
                .setDeveloperName("Dev of " + name)
                .setCreatedAt(createdAt)
                .build();
    }
}
