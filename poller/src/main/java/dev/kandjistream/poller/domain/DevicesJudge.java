package dev.kandjistream.poller.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Judges a sweep of the device list. A seat ends when its device is absent, its user is gone, or it is marked as
 * removed; whatever ends a seat, or a device's record, is a retraction and needs evidence:
 *
 * <ul>
 *   <li>the sweep was complete: no page failed, the counts agree, nothing shifted;
 *   <li>it is not the account's first complete one;
 *   <li>an absent device was absent from {@link EvidenceRules#misses} complete sweeps in a row;
 *   <li>the retractions of the sweep together are not {@linkplain EvidenceRules#beyondBelief beyond belief}, or the
 *       same picture of this device has stood for {@link EvidenceRules#standing}.
 * </ul>
 *
 * Everything else (new devices, other users, other details) needs none and goes out from any sweep. A device whose loss
 * of its user is not believed yet is still published when other details change, with the user it had.
 */
public final class DevicesJudge {
    private static final long ABSENT = 1;
    private static final long UNASSIGNED = 2;
    private static final long REMOVED = 3;

    private final Ledger ledger;
    private final DevicesSweep sweep;
    private final EvidenceRules rules;
    private final long now;
    private final List<String> doubts;
    private final boolean complete;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private long unchanged;
    private long retracted;
    private long withheld;

    /** A device that the sweep would take something from. {@code row} is null where the device is absent. */
    private record Loss(String deviceId, LedgerEntry known, DeviceRow row, Absence absence) {
        boolean ofDevice() {
            return row == null;
        }
    }

    private DevicesJudge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long now) {
        this.ledger = ledger;
        this.sweep = sweep;
        this.rules = rules;
        this.now = now;
        doubts = sweep.doubts();
        complete = doubts.isEmpty();
    }

    /** @param now milliseconds since 1970, for how long an absence has stood */
    public static Verdict judge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long now) {
        return new DevicesJudge(ledger, sweep, rules, now).judge();
    }

    private Verdict judge() {
        sweep.rows().forEach(this::compare);
        if (complete) {
            lookForAbsent();
        }
        String disbelief = complete ? disbelief() : null;
        losses.forEach(loss -> settle(loss, disbelief != null));
        var outcome = !complete
                ? Verdict.Outcome.INCOMPLETE
                : disbelief != null ? Verdict.Outcome.QUARANTINED : Verdict.Outcome.COMPLETE;
        boolean baseline = !ledger.knowsDevices();
        return new Verdict(
                outcome,
                complete ? disbelief : String.join("; ", doubts),
                baseline,
                outcome == Verdict.Outcome.COMPLETE && (sweep.devices() > 0 || !losses.isEmpty()),
                decisions,
                sweep.devices(),
                unchanged,
                retracted,
                withheld);
    }

    private void compare(DeviceRow row) {
        LedgerEntry known = ledger.entry(row.deviceId());
        DeviceMemory memory = known.device();
        if (memory != null && memory.holder() != null && !row.attributed()) {
            lose(row.deviceId(), known, row, row.removed() ? REMOVED : UNASSIGNED);
        } else if (memory == null || !memory.tells(row)) {
            decisions.add(Decision.publish(row, known.with(DeviceMemory.of(row))));
        } else {
            unchanged++;
            if (memory.absence() != null) {
                decisions.add(Decision.remember(row.deviceId(), known.with(memory.with(null))));
            }
        }
    }

    private void lookForAbsent() {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (known.device() != null && !sweep.has(deviceId)) {
                    lose(deviceId, known, null, ABSENT);
                }
            });
        }
    }

    private void lose(String deviceId, LedgerEntry known, DeviceRow row, long picture) {
        Absence before = known.device().absence();
        Absence absence = complete ? Absence.again(before, picture, now) : before;
        losses.add(new Loss(deviceId, known, row, absence));
    }

    /** @return why the losses of this sweep cannot be believed at once; null where they can */
    private String disbelief() {
        long known = 0;
        long seats = 0;
        for (var bucket : ledger.buckets()) {
            for (LedgerEntry entry : bucket.values()) {
                known += entry.device() == null ? 0 : 1;
                seats += entry.device() == null || entry.device().holder() == null ? 0 : 1;
            }
        }
        var fresh = losses.stream().filter(loss -> !stood(loss)).toList();
        long devicesLost = fresh.stream().filter(Loss::ofDevice).count();
        long seatsLost = fresh.stream()
                .filter(loss -> loss.known().device().holder() != null)
                .count();
        if (!rules.beyondBelief(devicesLost, known, devicesLost) && !rules.beyondBelief(seatsLost, seats, seatsLost)) {
            return null;
        }
        return String.format(
                "%d of %d devices absent and %d of %d seats without their user: withheld until the same has stood for %s",
                devicesLost, known, seatsLost, seats, rules.standing());
    }

    private boolean stood(Loss loss) {
        return loss.absence().stoodFor(rules.standing(), now);
    }

    private void settle(Loss loss, boolean quarantined) {
        boolean enough = complete
                && ledger.knowsDevices()
                && (!loss.ofDevice() || loss.absence().sweeps() >= rules.misses())
                && (!quarantined || stood(loss));
        if (enough) {
            retracted++;
            decisions.add(
                    loss.ofDevice()
                            ? new Decision(loss.deviceId(), Decision.Gone.DEVICE, LedgerEntry.EMPTY)
                            : Decision.publish(loss.row(), loss.known().with(DeviceMemory.of(loss.row()))));
        } else {
            withheld++;
            hold(loss);
        }
    }

    private void hold(Loss loss) {
        DeviceMemory memory = loss.known().device().with(loss.absence());
        if (!loss.ofDevice() && loss.row().details() != memory.details()) {
            var row = loss.row().stillOf(memory.holder());
            decisions.add(Decision.publish(row, loss.known().with(memory.withDetails(row.details()))));
        } else if (!Objects.equals(loss.absence(), loss.known().device().absence())) {
            decisions.add(Decision.remember(loss.deviceId(), loss.known().with(memory)));
        }
    }
}
