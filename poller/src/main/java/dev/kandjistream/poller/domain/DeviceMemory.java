package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.List;
import java.util.Objects;

/**
 * What was last published of a device's row.
 *
 * @param details print of the row as it was read, see {@link DeviceRow#details}
 * @param lasting the same without the check-in, see {@link DeviceRow#lasting}
 * @param attribution print of the row as it was read, see {@link DeviceRow#attribution}
 * @param holder the user the published record attributes the device to; null where it is not attributed
 * @param platform as published; null where it is not known
 * @param serial serial number as published; null where it is not known
 * @param removed whether the published record says that the device is removed; null where it does not say
 * @param absences what waits to be retracted, at most one of each kind; empty where the last complete sweep showed all
 * @param unconfirmed {@link Unconfirmed#print} of the record that readers last got; 0 for none
 * @param namesUnconfirmed whether the published record names fields that its row did not confirm
 * @param since when the device was first published, by {@link Ledger#watched}; {@link #ALWAYS} if that was up to the end of the
 *     baseline, or is not known
 * @param heldSince when the device was first published with a user; {@link #ALWAYS} as above, {@link #NEVER} where it was not
 */
public record DeviceMemory(
        long details,
        long lasting,
        long attribution,
        AssignedUser holder,
        String platform,
        String serial,
        Boolean removed,
        List<Absence> absences,
        long unconfirmed,
        boolean namesUnconfirmed,
        long since,
        long heldSince) {
    /** A time before all sweeps. */
    public static final long ALWAYS = 0;

    public static final long NEVER = -1;

    /** In place of prints. Nothing has it, so everything differs from it. */
    private static final long UNPUBLISHED = 0x756e_7075_626c_6973L;

    public DeviceMemory {
        absences = List.copyOf(absences);
    }

    /** Of a ledger of 0.1.0, which knew neither platform, serial number nor removal flag. */
    public static DeviceMemory former(long details, long attribution, AssignedUser holder, List<Absence> absences) {
        return new DeviceMemory(
                details, UNPUBLISHED, attribution, holder, null, null, null, absences, 0, false, ALWAYS, ALWAYS);
    }

    /**
     * Of a record that stands, where the rest of what was known is lost: it counts as unpublished.
     *
     * @param namesUnconfirmed as of the record, and true where it has no platform: this is no {@linkplain #isFormer former} one
     */
    static DeviceMemory recovered(
            AssignedUser holder,
            String platform,
            String serial,
            Boolean removed,
            List<Absence> absences,
            boolean namesUnconfirmed) {
        return new DeviceMemory(
                UNPUBLISHED,
                UNPUBLISHED,
                UNPUBLISHED,
                holder,
                platform == null ? null : platform.intern(),
                serial,
                removed,
                absences,
                // Whether readers got a record that is out of date by now is not known.
                UNPUBLISHED,
                namesUnconfirmed,
                ALWAYS,
                holder == null ? NEVER : ALWAYS);
    }

    /** Of a row as it is published first. @param now by {@link Ledger#watched} */
    static DeviceMemory of(DeviceRow published, long unconfirmed, boolean namesUnconfirmed, long now) {
        return of(published, List.of(), unconfirmed, namesUnconfirmed, now, published.attributed() ? now : NEVER);
    }

    /** Of a row as it is published after this. @param now by {@link Ledger#watched} */
    DeviceMemory next(DeviceRow published, List<Absence> newAbsences, long newUnconfirmed, boolean newNames, long now) {
        boolean first = heldSince == NEVER && published.attributed();
        return of(published, newAbsences, newUnconfirmed, newNames, since, first ? now : heldSince);
    }

    private static DeviceMemory of(
            DeviceRow published,
            List<Absence> absences,
            long unconfirmed,
            boolean namesUnconfirmed,
            long since,
            long heldSince) {
        return new DeviceMemory(
                published.details(),
                published.lasting(),
                published.attribution(),
                published.attributed() ? published.user() : null,
                published.platform() == null ? null : published.platform().intern(),
                published.serialNumber(),
                published.isRemoved(),
                absences,
                unconfirmed,
                namesUnconfirmed,
                since,
                heldSince);
    }

    /**
     * The same, where no record stands any more: the next row is published, whatever it says.
     *
     * @param lost which topics lost their records
     */
    DeviceMemory unpublished(Destination.Lost lost) {
        return new DeviceMemory(
                lost.devices() ? UNPUBLISHED : details,
                lost.devices() ? UNPUBLISHED : lasting,
                lost.devices() ? UNPUBLISHED : attribution,
                holder,
                platform,
                serial,
                removed,
                absences,
                lost.unconfirmed() && unconfirmed != 0 ? UNPUBLISHED : unconfirmed,
                namesUnconfirmed,
                since,
                heldSince);
    }

    /** Whether the record must be published again. */
    boolean isUnpublished() {
        return details == UNPUBLISHED && attribution == UNPUBLISHED;
    }

    /** Whether this is of a former ledger, which knew no platform. A record without a platform names it as unconfirmed. */
    boolean isFormer() {
        return platform == null && !namesUnconfirmed;
    }

    /** Whether the published record was made from this very row. */
    boolean isOf(DeviceRow row) {
        return details == row.details() && attribution == row.attribution();
    }

    /** Whether the published values on which seats and access depend are the same. */
    boolean saysTheSameAs(DeviceMemory other) {
        return Objects.equals(holder, other.holder)
                && Objects.equals(platform, other.platform)
                && Objects.equals(serial, other.serial)
                && Objects.equals(removed, other.removed);
    }

    DeviceMemory with(List<Absence> newAbsences, long newUnconfirmed) {
        return new DeviceMemory(
                details,
                lasting,
                attribution,
                holder,
                platform,
                serial,
                removed,
                newAbsences,
                newUnconfirmed,
                namesUnconfirmed,
                since,
                heldSince);
    }

    /**
     * Whether the ledger must store this in place of that. A later check-in alone is not stored, because devices report
     * check-ins all the time: an owner that reads an earlier one publishes the row once more.
     */
    boolean differsLastinglyFrom(DeviceMemory before) {
        return !withCheckInOf(before).equals(before);
    }

    /** {@link #details} include the check-in, {@link #lasting} all the rest. */
    private DeviceMemory withCheckInOf(DeviceMemory before) {
        return new DeviceMemory(
                before.details,
                lasting,
                attribution,
                holder,
                platform,
                serial,
                removed,
                absences,
                unconfirmed,
                namesUnconfirmed,
                since,
                heldSince);
    }

    /** With the order on each absence. */
    DeviceMemory with(Order order) {
        return with(absences.stream().map(absence -> absence.with(order)).toList(), unconfirmed);
    }

    /** What waits of this kind, or of one that excludes it; null where nothing does. */
    Absence absence(Withheld.What what) {
        for (Absence absence : absences) {
            if (absence.what().excludes(what)) {
                return absence;
            }
        }
        return null;
    }
}
