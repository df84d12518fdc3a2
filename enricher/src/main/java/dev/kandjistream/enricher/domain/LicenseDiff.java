package dev.kandjistream.enricher.domain;

import java.util.Objects;

/** What changed about the seat of a device. */
final class LicenseDiff {
    private LicenseDiff() {}

    /**
     * @param before null where the device took no seat
     * @param after null where it takes none
     * @return null where they are equal
     */
    static Change<License> between(License before, License after, Trigger trigger) {
        if (Objects.equals(before, after)) {
            return null;
        }
        if (before == null) {
            return trigger.baseline()
                    ? new Change<>(EventType.LICENSE_ASSIGNED, Op.BASELINE, Cause.BASELINE, null, after)
                    : new Change<>(EventType.LICENSE_ASSIGNED, Op.CREATED, trigger.cause(), null, after);
        }
        if (after == null) {
            return new Change<>(EventType.LICENSE_REVOKED, Op.DELETED, trigger.cause(), before, null);
        }
        EventType type =
                before.user().isSamePersonAs(after.user()) ? EventType.LICENSE_UPDATED : EventType.LICENSE_REASSIGNED;
        return new Change<>(type, Op.UPDATED, trigger.cause(), before, after);
    }
}
