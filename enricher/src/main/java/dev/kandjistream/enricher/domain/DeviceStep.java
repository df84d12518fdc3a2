package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What one record means for one device: what to remember from now on, and what to tell. The device must have been judged
 * by the rules given ({@link DeviceState#rulesVersion}); when it was not, {@link #onRules} comes first, as a step of its
 * own.
 */
public final class DeviceStep {
    private final String accountId;
    private final String deviceId;
    private final Rules rules;

    /** Steps of one device. */
    public DeviceStep(String accountId, String deviceId, Rules rules) {
        this.accountId = accountId;
        this.deviceId = deviceId;
        this.rules = rules;
    }

    /**
     * A device record.
     *
     * @param inventory fetched only where it matters
     */
    public DeviceOutcome onDevice(DeviceState before, Supplier<Inventory> inventory, DeviceReading reading) {
        DeviceState after = before.seenAs(reading, rules);
        boolean first = before.isFirst(reading);
        Cause cause = DeviceDiff.cause(before.sighting(), after.sighting());
        var trigger = new Trigger.OfDevice(cause, first, first && reading.baseline());
        var evidence = evidence(reading.sweepId(), appSweepId(before), reading.sweepId(), reading.observedAt());
        return sameApps(before, after, inventory, trigger, evidence);
    }

    /** The end of a device: its null record among the devices. */
    public DeviceOutcome onDeviceGone(DeviceState before, Supplier<Inventory> inventory, Disappearance gone) {
        var trigger = new Trigger.OfDevice(gone.cause(), false, false);
        String last = deviceSweepId(before);
        var evidence = evidence(sweepOf(gone, last), appSweepId(before), told(gone, last), gone.observedAt());
        return sameApps(before, before.withoutDevice(gone), inventory, trigger, evidence);
    }

    /** A record of apps. */
    public DeviceOutcome onApps(DeviceState before, Inventory inventory, AppsReading reading) {
        var told = Inventory.following(
                inventory, reading.rows(), rules, reading.baseline(), reading.observedAt(), reading.collectedAt());
        Inventory next = reading.keepsRows() ? told.keeping(inventory) : told;
        DeviceState after =
                before.withApps(new DeviceState.Apps(reading.sweepId(), reading.observedAt(), reading.collectedAt()));
        Cause enrolment = before.apps() == null ? before.enrolment() : null;
        var trigger = new Trigger.OfApps(enrolment, null, reading.baseline());
        var evidence = evidence(deviceSweepId(before), reading.sweepId(), reading.sweepId(), reading.observedAt());
        return otherApps(before, after, inventory, next, trigger, evidence);
    }

    /** The end of a device: its null record among the apps. */
    public DeviceOutcome onAppsGone(DeviceState before, Inventory inventory, Disappearance gone) {
        var trigger = new Trigger.OfApps(null, gone.cause(), false);
        String last = appSweepId(before);
        var evidence = evidence(deviceSweepId(before), sweepOf(gone, last), told(gone, last), gone.observedAt());
        return otherApps(before, before.withoutApps(gone), inventory, Inventory.EMPTY, trigger, evidence);
    }

    /** Other rules for what is known of the device. */
    public DeviceOutcome onRules(DeviceState before, Inventory inventory) {
        DeviceState after = before.judged(rules);
        Instant observedAt =
                before.sighting() == null ? Instant.EPOCH : before.sighting().observedAt();
        String sweepId = deviceSweepId(before);
        var evidence = evidence(sweepId, appSweepId(before), sweepId, observedAt);
        return otherApps(before, after, inventory, inventory.judged(rules), new Trigger.OfRules(), evidence);
    }

    private DeviceOutcome sameApps(
            DeviceState before, DeviceState after, Supplier<Inventory> inventory, Trigger trigger, Evidence evidence) {
        // Without another user or email, apps that stay the same say the same: they need not be fetched.
        boolean fetch = UserDiff.concernsApps(before, after);
        Inventory apps = fetch ? inventory.get() : Inventory.EMPTY;
        return outcome(before, after, apps, apps, trigger, evidence, null);
    }

    private DeviceOutcome otherApps(
            DeviceState before,
            DeviceState after,
            Inventory appsBefore,
            Inventory appsAfter,
            Trigger trigger,
            Evidence evidence) {
        return outcome(before, after, appsBefore, appsAfter, trigger, evidence, appsAfter);
    }

    private DeviceOutcome outcome(
            DeviceState before,
            DeviceState after,
            Inventory appsBefore,
            Inventory appsAfter,
            Trigger trigger,
            Evidence evidence,
            Inventory toStore) {
        var users = new UserDiff(trigger, evidence)
                .between(new UserDiff.Side(before, appsBefore), new UserDiff.Side(after, appsAfter));
        return new DeviceOutcome(
                after,
                toStore,
                evidence,
                DeviceDiff.between(before.attributedDevice(), after.attributedDevice(), trigger),
                DeviceDiff.unattributed(before.unattributedDevice(), after.unattributedDevice()),
                LicenseDiff.between(before.license(), after.license(), trigger),
                users,
                toStore == null ? List.of() : appsAfter.newlySuppressed(appsBefore));
    }

    private Evidence evidence(String deviceSweepId, String appSweepId, String sweepId, Instant observedAt) {
        return new Evidence(accountId, deviceId, deviceSweepId, appSweepId, rules.version(), sweepId, observedAt);
    }

    private static String deviceSweepId(DeviceState state) {
        return state.sighting() == null ? "" : state.sighting().sweepId();
    }

    private static String appSweepId(DeviceState state) {
        return state.apps() == null ? "" : state.apps().sweepId();
    }

    /** For ids: never the sweep of the record before, whose events may bear the same key and type. */
    private static String sweepOf(Disappearance gone, String last) {
        return gone.sweepId() == null ? last + Evidence.GONE : gone.sweepId();
    }

    /** For readers: the sweep that brought it, or the nearest known. */
    private static String told(Disappearance gone, String last) {
        return gone.sweepId() == null ? last : gone.sweepId();
    }
}
