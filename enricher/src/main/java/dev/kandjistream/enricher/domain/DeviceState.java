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
 */
public record DeviceState(
        int rulesVersion, boolean known, Sighting sighting, Tenure tenure, String licenseType, Apps apps) {

    /**
     * What the last reading of apps was.
     *
     * @param collectedAt when the device had reported them; null where unknown
     */
    public record Apps(String sweepId, Instant collectedAt) {}

    /** Nothing known yet. */
    public static DeviceState unknown(Rules rules) {
        return new DeviceState(rules.version(), false, null, null, null, null);
    }

    /** Whether there is nothing to remember. */
    public boolean isBlank() {
        return !known && sighting == null && apps == null;
    }

    /** Whose it is; null where unattributed. */
    Attribution user() {
        return tenure == null ? null : sighting.device().user();
    }

    /** As published among the attributed devices; null where it is not there. */
    Device attributedDevice() {
        return tenure == null ? null : sighting.device();
    }

    /** As published among the unattributed; null where it is not there. */
    Device unattributedDevice() {
        return sighting == null || tenure != null ? null : sighting.device();
    }

    /** The seat it takes; null where it takes none. */
    License license() {
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
        return new DeviceState(rulesVersion, true, next, tenureOf(next, reading), licenseTypeOf(next, rules), apps);
    }

    DeviceState withoutSighting() {
        return new DeviceState(rulesVersion, known, null, null, null, apps);
    }

    DeviceState withApps(Apps nextApps) {
        return new DeviceState(rulesVersion, known, sighting, tenure, licenseType, nextApps);
    }

    DeviceState judged(Rules rules) {
        return new DeviceState(rules.version(), known, sighting, tenure, licenseTypeOf(sighting, rules), apps);
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
