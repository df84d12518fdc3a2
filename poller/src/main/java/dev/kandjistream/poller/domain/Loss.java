package dev.kandjistream.poller.domain;

import dev.kandjistream.poller.domain.Withheld.What;

/**
 * One thing that a sweep would take away from a published device.
 *
 * @param picture tells this loss from others of its kind, see {@link Absence}
 * @param before what is published, for operators; null where there is nothing to show
 * @param after what the sweep read instead; null for nothing
 * @param endsSeat whether a seat, a user or usages end or move with it, if the device has a seat
 */
record Loss(What what, long picture, String before, String after, Evidence evidence, boolean endsSeat) {
    /** What it takes to believe a loss that is not one of too many. */
    enum Evidence {
        /** The API says so: as many complete sweeps in a row as for an absent device. */
        STATED,
        /** The API says something that does not happen to real devices, or merely omits something: it must stand. */
        MUST_STAND,
        /** The API omits what every device has, or has it in no form that is known: only an operator can approve it. */
        APPROVAL
    }

    /** The user stays, with another email or without one. Nothing ends with it, but the same email is the same person. */
    boolean isOfEmailAlone() {
        return what == What.OTHER_EMAIL || what == What.OTHER_USER && !endsSeat;
    }

    /** The device is absent from the list. */
    static Loss ofDevice(DeviceMemory memory) {
        return new Loss(What.DEVICE, What.DEVICE.number(), label(memory), null, Evidence.STATED, true);
    }

    /** What is published of that, for operators. The row of the device does not say what is in its place. */
    static String published(DeviceMemory memory, What what) {
        return switch (what) {
            case DEVICE -> label(memory);
            case USER, OTHER_USER, OTHER_EMAIL, REMOVED ->
                memory.holder() == null ? null : DeviceComparison.name(memory.holder());
            case PLATFORM -> memory.platform();
            case SERIAL -> memory.serial();
            case REMOVAL_FLAG -> Boolean.TRUE.equals(memory.removed()) ? "removed" : "not removed";
            case APPS -> null;
        };
    }

    private static String label(DeviceMemory memory) {
        return memory.serial() == null ? memory.platform() : memory.serial();
    }
}
