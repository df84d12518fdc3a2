package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.poller.domain.Loss.Evidence;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A row held against what is published of its device: what the row would take away, and the record that follows while some
 * of that waits. It looks at effects: a seat ends by a user who is gone, by another platform, by a field that is missing.
 *
 * <p>A field that the row lacks, or that cannot be read, says nothing: the published value is kept.
 */
final class DeviceComparison {
    private static final AssignedUser NO_USER = new AssignedUser(null, null, null, null);

    private final DeviceMemory memory;
    private final DeviceRow row;
    private final LedgerEntry.Owed owed;
    private final List<Loss> losses = new ArrayList<>(0);
    private final SortedSet<String> lost = new TreeSet<>();
    /** Whether the row has the serial number or platform of other hardware: its other values may be that one's, too. */
    private final boolean otherHardware;

    /** Whether the row lacks what every device has: that it shows no user says as little. */
    private final boolean blank;

    /**
     * Compares them.
     *
     * @param owed what the baseline could not read of the device
     * @param realSerial from a serial number as received to its normal form; null for a text that is none
     */
    DeviceComparison(DeviceMemory memory, DeviceRow row, LedgerEntry.Owed owed, UnaryOperator<String> realSerial) {
        this.memory = memory;
        this.row = row;
        this.owed = owed;
        String serialBefore = real(memory.serial(), realSerial);
        String serial = real(row.serialNumber(), realSerial);
        boolean owedSerial = serialBefore == null && owed.serial();
        boolean otherSerial = serial != null && !serial.equals(serialBefore) && !owedSerial;
        otherHardware = otherSerial || isOtherPlatform();
        blank = serialBefore != null && serial == null || memory.platform() != null && row.platform() == null;
        compareRemovalFlag();
        compareUser();
        comparePlatform();
        compareSerial(realSerial);
    }

    /** What the row would take away; empty for most rows. */
    List<Loss> losses() {
        return losses;
    }

    /** Fields that are published of the device and about which the row says nothing. Named as in the API. */
    SortedSet<String> lostFields() {
        return lost;
    }

    /** Whether the device has no user so far and would get one. */
    boolean attributes() {
        return memory.holder() == null && published(Set.of()).attributed();
    }

    private void compareRemovalFlag() {
        if (memory.removed() != null && row.isRemoved() == null) {
            lost.add("is_removed");
            String before = memory.removed() ? "removed" : "not removed";
            lose(What.REMOVAL_FLAG, before, null, Evidence.APPROVAL, false);
        }
    }

    private void compareUser() {
        AssignedUser holder = memory.holder();
        if (holder == null) {
            return;
        }
        if (row.removed()) {
            lose(What.REMOVED, name(holder), "removed", Evidence.STATED, true);
        } else if (!saysUser(row)) {
            lost.add("user");
            loseUnreadableUser(holder);
        } else if (row.shape().missing().contains("user")) {
            // Some tenants may omit it where there is no user.
            lost.add("user");
            lose(What.USER, name(holder), null, Evidence.MUST_STAND, true);
        } else if (!isIdentified(row.user()) && lacksPartOfUser(row.shape().missing())) {
            lost.add("user.id");
            lost.add("user.email");
            lose(What.USER, name(holder), null, Evidence.APPROVAL, true);
        } else if (!isIdentified(row.user())) {
            lose(What.USER, name(holder), null, Evidence.STATED, true);
        } else {
            comparePeople(holder, row.user());
        }
    }

    private void loseUnreadableUser(AssignedUser holder) {
        // A rejection holds what the device loses until its row shows otherwise, and this row shows nothing.
        if (Absence.orderOf(memory.absence(What.USER)) != Order.REJECTED) {
            lose(What.USER, name(holder), "unreadable", Evidence.APPROVAL, true);
        }
    }

    private static boolean isIdentified(AssignedUser user) {
        return user != null && user.identified();
    }

    private static boolean lacksPartOfUser(Set<String> fields) {
        return fields.contains("user.id") || fields.contains("user.email");
    }

    /** Whether the row says who its user is, or that there is none; a value that cannot be read says neither. */
    private static boolean saysUser(DeviceRow row) {
        Set<String> unread = row.shape().unread();
        return !unread.contains("user") && (isIdentified(row.user()) || row.user() == null || !lacksPartOfUser(unread));
    }

    /** As {@link #saysUser}, of a row that has a field for the user at all. */
    static boolean saysWholeUser(DeviceRow row) {
        return saysUser(row) && !row.shape().missing().contains("user");
    }

    /** Whether the row's platform can be read and is one of the known words. */
    static boolean saysPlatform(DeviceRow row) {
        return row.platform() != null && !row.shape().unknown().contains("platform");
    }

    /** Losses that wait and about which the row says nothing: they neither went on nor ended. */
    List<Absence> untold(List<Absence> waiting) {
        return waiting.stream()
                .filter(absence -> isUntold(absence.what()) || isRejectedStill(absence))
                .toList();
    }

    /** What an operator rejected is held while the row does not say who its user is. */
    private boolean isRejectedStill(Absence absence) {
        return absence.order() == Order.REJECTED
                && absence.what().excludes(What.USER)
                && !saysUser(row)
                && losses.stream().noneMatch(loss -> loss.what().excludes(What.USER));
    }

    private boolean isUntold(What what) {
        boolean told = losses.stream().anyMatch(loss -> loss.what().excludes(what));
        return !told
                && switch (what) {
                    case USER, OTHER_USER, OTHER_EMAIL -> !saysUser(row);
                    case REMOVED -> row.isRemoved() == null;
                    case DEVICE, APPS, PLATFORM, SERIAL, REMOVAL_FLAG -> false;
                };
    }

    private boolean loses(What what) {
        return losses.stream().anyMatch(loss -> loss.what() == what);
    }

    private void comparePeople(AssignedUser holder, AssignedUser user) {
        boolean idLost = holder.id() != null && user.id() == null;
        boolean emailLost = holder.email() != null && user.email() == null;
        if (!holder.isSamePersonAs(user)) {
            // Where half of the user is missing, the other half may be wrong as well.
            Evidence evidence = idLost || emailLost ? Evidence.MUST_STAND : Evidence.STATED;
            lose(What.OTHER_USER, name(holder), name(user), evidence, true);
        } else if (idLost) {
            lose(What.OTHER_USER, "id " + holder.id(), "no id", Evidence.APPROVAL, true);
        } else if (emailLost) {
            // Nothing ends with an email. An explicit blank says that there is none, a missing one says nothing.
            Evidence evidence = row.shape().lacks("user.email") ? Evidence.APPROVAL : Evidence.STATED;
            lose(What.OTHER_USER, holder.email(), "no email", evidence, false);
        } else if (!Objects.equals(holder.id(), user.id())) {
            lose(What.OTHER_USER, "id " + holder.id(), "id " + user.id(), Evidence.STATED, true);
        } else if (user.email() != null && !user.email().equals(holder.email())) {
            // Nothing ends with it, but the same email is the same person: a wrong one would merge people.
            lose(What.OTHER_EMAIL, holder.email(), user.email(), Evidence.STATED, false);
        }
        if (idLost) {
            lost.add("user.id");
        }
        if (emailLost) {
            lost.add("user.email");
        }
    }

    /** One known platform in place of another: hardware does not change it. */
    private boolean isOtherPlatform() {
        return memory.platform() != null
                && DeviceRow.PLATFORMS.contains(memory.platform())
                && saysPlatform(row)
                && !memory.platform().equals(row.platform());
    }

    private void comparePlatform() {
        String before = memory.platform();
        if (before == null || before.equals(row.platform())) {
            return;
        }
        boolean known = saysPlatform(row);
        if (row.platform() == null) {
            lost.add("platform");
        }
        boolean wasKnown = DeviceRow.PLATFORMS.contains(before);
        if (known && !wasKnown && owed.platform()) {
            // The baseline could not read it: nothing is lost.
            return;
        }
        // That a known word replaces an unknown one is how a fault of the API ends.
        Evidence evidence = !known ? Evidence.APPROVAL : wasKnown ? Evidence.MUST_STAND : Evidence.STATED;
        lose(What.PLATFORM, before, row.platform(), evidence, memory.holder() != null);
    }

    private void compareSerial(UnaryOperator<String> realSerial) {
        String before = real(memory.serial(), realSerial);
        String after = real(row.serialNumber(), realSerial);
        if (Objects.equals(before, after)) {
            return;
        }
        if (before == null && owed.serial()) {
            return;
        }
        if (before == null) {
            // A serial number that turns up may be another machine's, and access goes by it.
            lose(What.SERIAL, memory.serial(), row.serialNumber(), Evidence.MUST_STAND, false);
            return;
        }
        if (after == null) {
            lost.add("serial_number");
        }
        lose(
                What.SERIAL,
                memory.serial(),
                row.serialNumber(),
                after == null ? Evidence.APPROVAL : Evidence.MUST_STAND,
                false);
    }

    private static String real(String serial, UnaryOperator<String> realSerial) {
        return serial == null ? null : realSerial.apply(serial);
    }

    private void lose(What what, String before, String after, Evidence said, boolean endsSeat) {
        Evidence evidence = said;
        if (said == Evidence.STATED && (otherHardware || blank || memory.isFormer())) {
            evidence = blank && what == What.USER ? Evidence.APPROVAL : Evidence.MUST_STAND;
        }
        // A field that is missing and one that is empty read alike, and are not the same evidence.
        long picture =
                Fingerprint.ordered(Fingerprint.ordered(what.number(), Fingerprint.of(after)), evidence.ordinal());
        losses.add(new Loss(what, picture, before, after, evidence, endsSeat));
    }

    /** As an operator knows a person. */
    static String name(AssignedUser user) {
        return user.email() != null ? user.email() : user.id() != null ? "id " + user.id() : user.name();
    }

    /**
     * The row to be published while these losses wait: with the published values where the row would take them away, and
     * where it says nothing.
     */
    DeviceRow published(Set<What> held) {
        boolean removalHeld = held.contains(What.REMOVED);
        boolean flagHeld =
                removalHeld || held.contains(What.REMOVAL_FLAG) || doubtsAll(held) && memory.removed() != null;
        Boolean removed = flagHeld ? memory.removed() : row.isRemoved();
        AssignedUser user = removalHeld ? memory.holder() : user(held);
        String platform = held.contains(What.PLATFORM) ? memory.platform() : row.platform();
        String serial = held.contains(What.SERIAL) ? memory.serial() : row.serialNumber();
        return row.with(user, platform, serial, removed);
    }

    /** Whether nothing that the row says of seats can be published: it may be other hardware's, or lacks what all have. */
    private boolean doubtsAll(Set<What> held) {
        return blank || otherHardware && (held.contains(What.SERIAL) || held.contains(What.PLATFORM));
    }

    /** Whether the row has the serial number or platform of other hardware. */
    boolean isOfOtherHardware() {
        return otherHardware;
    }

    private AssignedUser user(Set<What> held) {
        AssignedUser holder = memory.holder();
        AssignedUser user = row.user();
        if (holder == null) {
            return held.contains(What.OTHER_USER) || doubtsAll(held) ? null : user;
        }
        if (held.contains(What.USER) || !saysUser(row) && !loses(What.USER)) {
            return holder;
        }
        if (user == null || !user.identified()) {
            return user;
        }
        boolean waits = held.contains(What.OTHER_USER) || held.contains(What.OTHER_EMAIL);
        if (!holder.isSamePersonAs(user)) {
            return waits ? holder : user;
        }
        return new AssignedUser(
                // Both as published, also where there was none: an id that turns up gives the person another key.
                waits ? holder.id() : user.id(),
                waits ? holder.email() : user.email(),
                row.shape().lacks("user.name") ? holder.name() : user.name(),
                row.shape().lacks("user.is_archived") ? holder.archived() : user.archived());
    }

    /** Fields of the record, as it is published, that the row does not say. */
    static SortedSet<String> kept(DeviceRow row, DeviceRow published) {
        var kept = new TreeSet<String>();
        AssignedUser said = row.user() == null ? NO_USER : row.user();
        AssignedUser user = published.user() == null ? NO_USER : published.user();
        keep(kept, "user_id", said.id(), user.id());
        keep(kept, "user_email", said.email(), user.email());
        keep(kept, "user_name", said.name(), user.name());
        keep(kept, "user_archived", said.archived(), user.archived());
        keep(kept, "platform", row.platform(), published.platform());
        keep(kept, "serial_number", row.serialNumber(), published.serialNumber());
        keep(kept, "is_removed", row.isRemoved(), published.isRemoved());
        return kept;
    }

    private static void keep(Set<String> kept, String field, Object said, Object published) {
        if (!Objects.equals(said, published)) {
            kept.add(field);
        }
    }

    /** What readers must not take as confirmed: what is kept, and what the row lacks or has in no readable form. */
    static SortedSet<String> unconfirmed(DeviceRow row, SortedSet<String> kept) {
        var fields = new TreeSet<>(kept);
        var unsaid = new TreeSet<>(row.shape().unread());
        unsaid.addAll(row.shape().missing());
        for (String field : unsaid) {
            switch (field) {
                case "user" -> fields.addAll(List.of("user_id", "user_email", "user_name", "user_archived"));
                case "user.id" -> fields.add("user_id");
                case "user.email" -> fields.add("user_email");
                case "user.name" -> fields.add("user_name");
                case "user.is_archived" -> fields.add("user_archived");
                default -> fields.add(field);
            }
        }
        return fields;
    }
}
