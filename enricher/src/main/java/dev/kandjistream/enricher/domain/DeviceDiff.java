package dev.kandjistream.enricher.domain;

import java.util.Objects;

/** What changed about a device. */
final class DeviceDiff {
    private DeviceDiff() {}

    /**
     * Why a device record that follows another differs from it; the weightier cause where there are several.
     *
     * @param before null where the device was not there
     */
    static Cause cause(Sighting before, Sighting after) {
        if (before == null) {
            return after.enrolment();
        }
        if (before.removed() && !after.removed()) {
            return Cause.DEVICE_ENROLLED;
        }
        if (!before.removed() && after.removed()) {
            return Cause.DEVICE_REMOVED;
        }
        if (after.reEnrolled() && !before.reEnrolled()) {
            return Cause.DEVICE_REENROLLED;
        }
        return cause(before.device().user(), after.device().user());
    }

    private static Cause cause(Attribution before, Attribution after) {
        if (before.isAttributed() != after.isAttributed()) {
            return after.isAttributed() ? Cause.USER_ASSIGNED : Cause.USER_UNASSIGNED;
        }
        if (!before.isSamePersonAs(after)) {
            return Cause.USER_ASSIGNED;
        }
        if (!before.hasSameIdAs(after)) {
            // Takes precedence over the status: user and usages end under one key and begin under another.
            return Cause.USER_CHANGED;
        }
        if (!Objects.equals(before.archived(), after.archived())) {
            return Boolean.TRUE.equals(after.archived()) ? Cause.USER_ARCHIVED : Cause.USER_UNARCHIVED;
        }
        return before.equals(after) ? Cause.DEVICE_CHANGED : Cause.USER_CHANGED;
    }

    /**
     * @param before among the attributed devices; null where not there
     * @param after the same
     * @return null where they are equal
     */
    static Change<Device> between(Device before, Device after, Trigger trigger) {
        if (Objects.equals(before, after)) {
            return null;
        }
        if (before == null) {
            return trigger.baseline()
                    ? new Change<>(EventType.DEVICE_ATTRIBUTED, Op.BASELINE, Cause.BASELINE, null, after)
                    : new Change<>(EventType.DEVICE_ATTRIBUTED, Op.CREATED, trigger.cause(), null, after);
        }
        if (after == null) {
            return new Change<>(EventType.DEVICE_RELEASED, Op.DELETED, trigger.cause(), before, null);
        }
        EventType type = after.isButSeenAgain(before) ? EventType.DEVICE_SEEN : EventType.DEVICE_UPDATED;
        return new Change<>(type, Op.UPDATED, trigger.cause(), before, after);
    }

    /**
     * @param before among the unattributed devices; null where not there
     * @param after the same
     * @return null where they are equal
     */
    static DeviceOutcome.Unattributed unattributed(Device before, Device after) {
        return Objects.equals(before, after) ? null : new DeviceOutcome.Unattributed(after);
    }
}
