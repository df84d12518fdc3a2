package dev.kandjistream.poller.domain;

import java.util.Objects;
import java.util.TreeSet;

/**
 * Decides about a device whose record does not fit into its topic. What is published of it stays, and the ledger keeps that, so
 * the next sweep tries again. Readers are told that the device is not confirmed, as if its row could not be read.
 */
public final class Oversized {
    private Oversized() {}

    /**
     * @param decision what cannot be carried out
     * @param known the ledger's entry so far
     * @param baseline whether the account has had no complete sweep so far
     * @param why constant for as long as the cause is the same
     * @return what to do instead; null for nothing
     */
    public static Decision instead(Decision decision, LedgerEntry known, boolean baseline, String why) {
        if (decision.publication() instanceof Decision.Device device) {
            return known.device() == null
                    ? owing(decision, known, known.owed().withDevice(baseline || device.owed()))
                    : unconfirmed(decision, device, known, why);
        }
        if (decision.publication() instanceof Decision.Apps apps && known.apps() == null) {
            return owing(decision, known, baseline || apps.owed() ? known.owed().withApps(1) : known.owed());
        }
        return null;
    }

    /** What the baseline could not publish is state, not news, once it can be published. */
    private static Decision owing(Decision decision, LedgerEntry known, LedgerEntry.Owed owed) {
        return owed.equals(known.owed()) ? null : Decision.remember(decision.deviceId(), known.with(owed));
    }

    private static Decision unconfirmed(Decision decision, Decision.Device device, LedgerEntry known, String why) {
        DeviceMemory memory = known.device();
        Unconfirmed unconfirmed = Boolean.TRUE.equals(device.row().isRemoved()) || isRemoved(decision)
                ? Unconfirmed.REMOVED
                : unreadable(memory, decision.after().device(), why);
        DeviceMemory after = memory.with(memory.absences(), unconfirmed.print());
        return after.equals(memory)
                ? null
                : new Decision(
                        decision.deviceId(),
                        Decision.Nothing.NOTHING,
                        memory.unconfirmed() == unconfirmed.print() ? null : unconfirmed,
                        known.with(after));
    }

    private static boolean isRemoved(Decision decision) {
        return decision.unconfirmed() != null && decision.unconfirmed().reason() == Unconfirmed.Reason.REMOVED;
    }

    /** Names what waits, and what this row would have changed. */
    private static Unconfirmed unreadable(DeviceMemory published, DeviceMemory read, String why) {
        var fields = new TreeSet<>(Unconfirmed.unreadable(why, read.absences()).fields());
        if (!Objects.equals(published.holder(), read.holder())) {
            fields.addAll(Unconfirmed.fieldsOf(Withheld.What.USER));
        }
        if (!Objects.equals(published.platform(), read.platform())) {
            fields.addAll(Unconfirmed.fieldsOf(Withheld.What.PLATFORM));
        }
        if (!Objects.equals(published.serial(), read.serial())) {
            fields.addAll(Unconfirmed.fieldsOf(Withheld.What.SERIAL));
        }
        return new Unconfirmed(Unconfirmed.Reason.UNREADABLE, fields, why);
    }
}
