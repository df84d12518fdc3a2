package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * What is remembered of a device beside its {@link Inventory}. Everything published about the device follows from the
 * two, so what stood before a change need not be stored again.
 *
 * @param rulesVersion rules that {@code licenseType} and the inventory were judged by
 * @param known whether a device record was ever seen. It stays when the device goes, so that no later record of it can
 *     be taken for baseline
 * @param sighting the device half; null where there is none
 * @param tenure since when it is whose; null where unattributed
 * @param licenseType type of the seat the device takes when attributed; null where it takes none
 * @param apps the apps half without the apps; null where there is none
 * @param ends where each half ended that is not there any more
 */
public record DeviceState(
        int rulesVersion, boolean known, Sighting sighting, Tenure tenure, String licenseType, Apps apps, Ends ends) {

    /**
     * What the last reading of apps was.
     *
     * @param observedAt when the poller read it; null in states of earlier versions
     * @param collectedAt when the device had reported them; null where unknown
     */
    public record Apps(String sweepId, Instant observedAt, Instant collectedAt) {
        public ReadingOrder order() {
            return new ReadingOrder(sweepId, observedAt);
        }
    }

    /**
     * The last reading of each half up to its end. They stay when the half goes, so that no record that is read again can
     * bring it back.
     *
     * @param device null while there is a device half, before there was one, and where an earlier version saw it go
     * @param apps the same of the apps half
     */
    public record Ends(ReadingOrder device, ReadingOrder apps) {
        public static final Ends NONE = new Ends(null, null);
    }

    /** Nothing known yet. */
    public static DeviceState unknown(Rules rules) {
        return new DeviceState(rules.version(), false, null, null, null, null, Ends.NONE);
    }

    /** Whether there is nothing to remember. */
    public boolean isBlank() {
        return !known && sighting == null && apps == null && ends.apps() == null;
    }

    /** Whether a device record, or the tombstone of one, is older than what is known of the device half. */
    public boolean isAheadOfDevice(ReadingOrder reading, Instant now) {
        return sighting == null ? isUpTo(ends.device(), reading, now) : reading.isBefore(sighting.order(), now);
    }

    /** Whether a record of apps, or the tombstone of one, is older than what is known of the apps half. */
    public boolean isAheadOfApps(ReadingOrder reading, Instant now) {
        return apps == null ? isUpTo(ends.apps(), reading, now) : reading.isBefore(apps.order(), now);
    }

    private static boolean isUpTo(ReadingOrder end, ReadingOrder reading, Instant now) {
        return end != null && reading.isUpTo(end, now);
    }

    /** Whose it is; null where unattributed. */
    Attribution user() {
        return tenure == null ? null : sighting.device().user();
    }

    /** As published among the attributed devices; null where it is not there. */
    public Device attributedDevice() {
        return tenure == null ? null : sighting.device();
    }

    /** As published among the unattributed; null where it is not there. */
    public Device unattributedDevice() {
        return sighting == null || tenure != null ? null : sighting.device();
    }

    /** The seat it takes; null where it takes none. */
    public License license() {
        if (tenure == null || licenseType == null) {
            return null;
        }
        Device device = sighting.device();
        return new License(licenseType, device.serialNumber(), device.deviceName(), device.user(), tenure.assignedAt());
    }

    /** Cause of its beginning; if there is no device record yet, the cause it will have. */
    Cause enrolment() {
        return sighting == null ? Cause.DEVICE_ENROLLED : sighting.enrolment();
    }

    /** Whether the record is the device's first ever, or completes what the baseline could not show of it. */
    boolean isFirst(DeviceReading reading) {
        return !known || sighting != null && sighting.completedBy(reading);
    }

    DeviceState seenAs(DeviceReading reading, Rules rules) {
        Sighting next = sighting == null ? Sighting.first(reading, !known) : sighting.followedBy(reading);
        var left = new Ends(null, ends.apps());
        return new DeviceState(
                rulesVersion, true, next, tenureOf(next, reading), licenseTypeOf(next, rules), apps, left);
    }

    /** The device half ended; for a half that is gone already, later than was known. */
    public DeviceState withoutDevice(Disappearance gone) {
        ReadingOrder last = sighting == null ? ends.device() : sighting.order();
        return withoutSighting(new Ends(endOf(gone, last), ends.apps()));
    }

    /** As if there were no device half; not to be stored. */
    DeviceState withoutSighting() {
        return withoutSighting(ends);
    }

    private DeviceState withoutSighting(Ends next) {
        return new DeviceState(rulesVersion, known, null, null, null, apps, next);
    }

    DeviceState withApps(Apps nextApps) {
        var left = new Ends(ends.device(), null);
        return new DeviceState(rulesVersion, known, sighting, tenure, licenseType, nextApps, left);
    }

    /** The apps half ended; for a half that is gone already, later than was known. */
    public DeviceState withoutApps(Disappearance gone) {
        ReadingOrder last = apps == null ? ends.apps() : apps.order();
        var next = new Ends(ends.device(), endOf(gone, last));
        return new DeviceState(rulesVersion, known, sighting, tenure, licenseType, null, next);
    }

    /** A tombstone without a sweep id stands right behind the record that it ends. */
    private static ReadingOrder endOf(Disappearance gone, ReadingOrder last) {
        return gone.sweepId() == null ? last : gone.order();
    }

    DeviceState judged(Rules rules) {
        return new DeviceState(rules.version(), known, sighting, tenure, licenseTypeOf(sighting, rules), apps, ends);
    }

    private Tenure tenureOf(Sighting next, DeviceReading reading) {
        Attribution nextUser = next.device().user();
        if (!nextUser.isAttributed()) {
            return null;
        }
        return tenure == null
                ? Tenure.beginning(isFirst(reading), reading.baseline(), reading.observedAt())
                : tenure.following(user(), nextUser, reading.observedAt());
    }

    private static String licenseTypeOf(Sighting sighting, Rules rules) {
        return sighting == null ? null : rules.licenseType(sighting.device().platform());
    }
}
