package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * The decisions of one sweep of the devices: the records that go out, what readers must not take as confirmed, and what the
 * ledger knows from then on. {@link DevicesJudge} says which losses wait.
 */
final class DeviceDecisions {
    private final DevicesSweep sweep;
    private final SameHardware hardware;
    private final boolean baseline;
    /** What is published first by this sweep is dated so; 0, which is {@link DeviceMemory#ALWAYS}, up to the end of the baseline. */
    private final long since;

    private final List<Decision> all = new ArrayList<>();
    private long unchanged;

    /**
     * Of one sweep.
     *
     * @param baseline whether the account has had no complete sweep so far
     * @param watched by {@link Ledger#watched}
     */
    DeviceDecisions(DevicesSweep sweep, SameHardware hardware, boolean baseline, long watched) {
        this.sweep = sweep;
        this.hardware = hardware;
        this.baseline = baseline;
        since = watched;
    }

    /** In the order in which they were made, at most one for each device. */
    List<Decision> all() {
        return all;
    }

    /** Devices whose published record says what their row says. */
    long unchanged() {
        return unchanged;
    }

    /** A device that is not published yet. What the baseline cannot read of it, it owes until it can be read. */
    void introduce(DeviceRow row, LedgerEntry known) {
        SortedSet<String> unread = DeviceComparison.unconfirmed(row, Collections.emptySortedSet());
        var unconfirmed = unconfirmed(row, List.of(), unread);
        LedgerEntry.Owed before = known.owed();
        var memory = DeviceMemory.of(
                row, unconfirmed.print(), !unread.isEmpty(), before.seat() ? DeviceMemory.ALWAYS : since);
        var owes = before.withDevice(
                (baseline || before.user()) && !DeviceComparison.saysWholeUser(row),
                (baseline || before.platform()) && !DeviceComparison.saysPlatform(row),
                (baseline || before.serial()) && row.shape().lacks("serial_number"));
        boolean owed = before.seat();
        String replaces = baseline || owed ? null : hardware.replacedBy(row);
        all.add(new Decision(
                row.deviceId(),
                new Decision.Device(row, Collections.emptySortedSet(), owed, replaces),
                unconfirmed == Unconfirmed.NOTHING ? null : unconfirmed,
                known.with(memory).with(owes)));
    }

    /** A device that is not published, of which only the id can be used. The baseline owes it. */
    void owe(String deviceId, LedgerEntry known) {
        LedgerEntry.Owed owes = known.owed().withDevice(true);
        if (baseline && !known.owed().equals(owes)) {
            all.add(Decision.remember(deviceId, known.with(owes)));
        }
    }

    /** A published device of which nothing waits to be taken by this row. */
    void publish(LedgerEntry known, DeviceRow row, DeviceComparison comparison, List<Absence> held) {
        publish(known, row, comparison, held, EnumSet.noneOf(What.class));
    }

    /**
     * A published device.
     *
     * @param held what the ledger remembers of losses that wait
     * @param what losses of this row that wait: their values stay as published
     */
    void publish(LedgerEntry known, DeviceRow row, DeviceComparison comparison, List<Absence> held, Set<What> what) {
        DeviceRow published = comparison.published(what);
        SortedSet<String> kept = DeviceComparison.kept(row, published);
        SortedSet<String> fields = DeviceComparison.unconfirmed(row, kept);
        var unconfirmed = what.contains(What.REMOVED) ? Unconfirmed.REMOVED : unconfirmed(row, held, fields);
        DeviceMemory memory = known.device();
        DeviceMemory after = memory.next(
                published,
                held,
                unconfirmed.print(),
                !fields.isEmpty(),
                known.owed().seat() ? DeviceMemory.ALWAYS : since);
        boolean cured = memory.namesUnconfirmed() && fields.isEmpty();
        if (!memory.isOf(row) || !memory.saysTheSameAs(after) || cured) {
            LedgerEntry.Owed before = known.owed();
            var owes = before.withDevice(
                    before.user() && !DeviceComparison.saysWholeUser(row),
                    before.platform() && !DeviceComparison.saysPlatform(row),
                    before.serial() && row.shape().lacks("serial_number"));
            // That the baseline could not read the platform makes a user who came later no baseline.
            boolean isNews = !before.user() && memory.holder() == null && published.attributed();
            boolean owed = before.seat() && !isNews;
            all.add(new Decision(
                    row.deviceId(),
                    new Decision.Device(published, kept, owed, owed ? null : replacedBy(memory, published)),
                    news(memory, unconfirmed),
                    known.with(after).with(owes)));
        } else {
            unchanged += what.isEmpty() ? 1 : 0;
            remember(row.deviceId(), known, held, unconfirmed);
        }
    }

    /** Hardware may be listed under its new id before that has its user. */
    private String replacedBy(DeviceMemory memory, DeviceRow published) {
        return memory.holder() == null ? hardware.replacedBy(published) : null;
    }

    /** A published device whose row cannot be read. */
    void unread(String deviceId, LedgerEntry known, List<Absence> held, String why) {
        remember(deviceId, known, held, isRemoved(held) ? Unconfirmed.REMOVED : Unconfirmed.unreadable(why, held));
    }

    /** A published device that the list does not have, and that stays published. */
    void absent(String deviceId, LedgerEntry known, List<Absence> held) {
        remember(deviceId, known, held, Unconfirmed.ABSENT);
    }

    /** The device is gone. */
    void gone(String deviceId, LedgerEntry known) {
        boolean again = hardware.isListedAgain(deviceId, known.device());
        all.add(new Decision(
                deviceId,
                again ? Decision.Gone.REENROLLED : Decision.Gone.DEVICE,
                known.device().unconfirmed() == 0 ? null : Unconfirmed.NOTHING,
                LedgerEntry.EMPTY));
    }

    private Unconfirmed unconfirmed(DeviceRow row, List<Absence> held, SortedSet<String> fields) {
        if (isRemoved(held)) {
            return Unconfirmed.REMOVED;
        }
        String why = sweep.unread().get(row.deviceId());
        return why == null ? Unconfirmed.ofFields(fields) : Unconfirmed.unreadable(why, held);
    }

    /** What the latest readable row said stays in effect while rows say nothing: that of a removal, above all. */
    private static boolean isRemoved(List<Absence> held) {
        return held.stream().anyMatch(absence -> absence.what() == What.REMOVED);
    }

    private void remember(String deviceId, LedgerEntry known, List<Absence> held, Unconfirmed unconfirmed) {
        DeviceMemory memory = known.device();
        DeviceMemory after = memory.with(held, unconfirmed.print());
        if (!after.equals(memory)) {
            all.add(new Decision(deviceId, Decision.Nothing.NOTHING, news(memory, unconfirmed), known.with(after)));
        }
    }

    /** @return null if readers know already */
    private static Unconfirmed news(DeviceMemory memory, Unconfirmed unconfirmed) {
        return memory.unconfirmed() == unconfirmed.print() ? null : unconfirmed;
    }
}
