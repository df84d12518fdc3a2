package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Judges a sweep of the device list. A seat ends when its device is absent, its user is gone, or it is marked as
 * removed; whatever ends a seat, or a device's record, is a retraction and needs evidence:
 *
 * <ul>
 *   <li>the sweep was complete: no page failed, the counts agree, nothing shifted;
 *   <li>it is not the account's first complete one;
 *   <li>an absent device was absent from {@link EvidenceRules#misses} complete sweeps in a row, quarantined ones not
 *       counted: an empty answer and a short one after it do not make two; or it has been for
 *       {@link EvidenceRules#standing};
 *   <li>the retractions of the sweep together are not {@linkplain EvidenceRules#beyondBelief beyond belief}, or the
 *       same picture of this device has stood for {@link EvidenceRules#standing};
 *   <li>where the licensing page was asked: it does not count the absent devices still. What it counts exactly nobody has
 *       proven, so it never makes a sweep incomplete, and what has stood for that time is believed against it.
 * </ul>
 *
 * Devices read {@linkplain DevicesSweep#ofSome by themselves} retract nothing: an API that has lost all users says so of a
 * single device, too, and only the list shows that it is all of them. What they show begins to be absent; the list has the
 * last word.
 *
 * <p>An operator's {@link Order} decides for this very absence: approved, only the first of these is still needed; rejected,
 * none suffices. What is decided on does not count towards the share.
 *
 * <p>Everything else (new devices, other users, other details) needs none and goes out from any sweep. A device whose loss
 * of its user is not believed yet is still published when other details change, with the user it had.
 */
public final class DevicesJudge {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    private final EvidenceRules rules;
    private final long begun;
    private final long now;
    private final List<String> doubts;
    private final boolean complete;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private long unchanged;
    private final WithheldList waiting = new WithheldList();
    private long retracted;
    /** Why the losses of this sweep cannot be believed at once; null where they can. */
    private String disbelief;
    /** What another endpoint says against the absences of this sweep; null where it says nothing. */
    private String contradiction;

    /** A device that the sweep would take something from. {@code row} is null where the device is absent. */
    private record Loss(String deviceId, LedgerEntry known, DeviceRow row, What what, Absence absence) {
        boolean ofDevice() {
            return row == null;
        }

        boolean ofSeat() {
            return known.device().holder() != null;
        }

        Order order() {
            return Absence.orderOf(absence);
        }
    }

    private DevicesJudge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long begun, long now) {
        this.ledger = ledger;
        this.sweep = sweep;
        this.rules = rules;
        this.begun = begun;
        this.now = now;
        doubts = sweep.doubts();
        complete = doubts.isEmpty();
    }

    /** As {@link #judge(Ledger, DevicesSweep, EvidenceRules, long, long)}, of a sweep that took no time. */
    public static Verdict judge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long now) {
        return judge(ledger, sweep, rules, now, now);
    }

    /**
     * Since when something is absent counts from the end of the sweep that first missed it, and how long that has stood to
     * the beginning of this one: in between, a process may have been frozen for a day with an old answer in its hands.
     *
     * @param begun before the first page was asked for, milliseconds since 1970
     * @param now milliseconds since 1970
     */
    public static Verdict judge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long begun, long now) {
        return new DevicesJudge(ledger, sweep, rules, begun, now).judge();
    }

    /**
     * Whether this sweep, judged without the licensing page, would take devices away that are absent from it and have not
     * been for long: then that page is worth a request.
     *
     * @param begun before the first page was asked for, milliseconds since 1970
     */
    public static boolean worthCounting(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long begun) {
        var judge = new DevicesJudge(ledger, sweep, rules, begun, begun);
        judge.judge();
        return judge.losses.stream()
                .anyMatch(loss -> loss.ofDevice()
                        && !judge.decided(loss)
                        && judge.lacking(loss).isEmpty());
    }

    private Verdict judge() {
        sweep.rows().forEach(this::compare);
        if (complete) {
            lookForAbsent();
        }
        disbelief = complete ? disbelief() : null;
        contradiction = complete ? contradiction() : null;
        losses.forEach(this::settle);
        if (!complete || sweep.isPartial()) {
            waiting.addStandingDevices(ledger, deviceId -> !sweep.tellsOf(deviceId));
        }
        var outcome = !complete
                ? Verdict.Outcome.INCOMPLETE
                : disbelief != null ? Verdict.Outcome.QUARANTINED : Verdict.Outcome.COMPLETE;
        boolean baseline = !ledger.knowsDevices();
        return new Verdict(
                outcome,
                reason(),
                baseline,
                outcome == Verdict.Outcome.COMPLETE && !sweep.isPartial() && (sweep.devices() > 0 || !losses.isEmpty()),
                decisions,
                sweep.devices(),
                unchanged,
                retracted,
                waiting.count(),
                waiting.listed(),
                sweep.leftOut());
    }

    private String reason() {
        var reasons = new ArrayList<>(doubts);
        reasons.add(disbelief);
        reasons.add(contradiction);
        reasons.add(sweep.walk().leftOut());
        reasons.removeIf(Objects::isNull);
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private void compare(DeviceRow row) {
        LedgerEntry known = ledger.entry(row.deviceId());
        DeviceMemory memory = known.device();
        if (memory != null && memory.holder() != null && !row.attributed()) {
            lose(row.deviceId(), known, row, row.removed() ? What.REMOVED : What.USER);
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
        if (sweep.isPartial()) {
            for (String deviceId : sweep.notFound()) {
                LedgerEntry known = ledger.entry(deviceId);
                if (known.device() != null) {
                    lose(deviceId, known, null, What.DEVICE);
                }
            }
            return;
        }
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (known.device() != null && !sweep.has(deviceId)) {
                    lose(deviceId, known, null, What.DEVICE);
                }
            });
        }
    }

    private void lose(String deviceId, LedgerEntry known, DeviceRow row, What what) {
        Absence before = known.device().absence();
        Absence absence = Absence.again(before, what.picture(), now);
        if (sweep.isPartial() && before != null) {
            // Asked twice in a minute is no better than asked once.
            absence = before.picture() == what.picture() ? before : absence;
        }
        if (!complete) {
            // It proves no absence, but what it shows ends one: a device that is listed is not absent.
            absence = before != null && before.picture() == what.picture() ? before : null;
        }
        losses.add(new Loss(deviceId, known, row, what, absence));
    }

    private String disbelief() {
        long known = 0;
        long seats = 0;
        for (var bucket : ledger.buckets()) {
            for (LedgerEntry entry : bucket.values()) {
                known += entry.device() == null ? 0 : 1;
                seats += entry.device() == null || entry.device().holder() == null ? 0 : 1;
            }
        }
        long devicesLost = 0;
        long seatsLost = 0;
        for (Loss loss : losses) {
            int device = loss.ofDevice() ? 1 : 0;
            int seat = loss.ofSeat() ? 1 : 0;
            if (decided(loss)) {
                // Decided by an operator or believed by now: no news, and not among what could still be lost.
                known -= device;
                seats -= seat;
            } else {
                devicesLost += device;
                seatsLost += seat;
            }
        }
        if (!rules.beyondBelief(devicesLost, known, devicesLost) && !rules.beyondBelief(seatsLost, seats, seatsLost)) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "%,d of %,d devices absent and %,d of %,d seats without their user:"
                        + " withheld until the same has stood for %s",
                devicesLost,
                known,
                seatsLost,
                seats,
                PlainTime.of(rules.standing()));
    }

    /** As many devices as there would be if none were absent: then the list lost them, not the fleet. */
    private String contradiction() {
        long absent = losses.stream()
                .filter(loss -> loss.ofDevice() && !decided(loss))
                .count();
        long listed = sweep.devices();
        if (sweep.isPartial() || absent == 0 || sweep.licensed().orElse(-1) < listed + absent) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "the licensing page counts %,d devices where the list shows %,d and lacks %,d:"
                        + " these are withheld until they have been absent for %s",
                sweep.licensed().getAsLong(),
                listed,
                absent,
                PlainTime.of(rules.standing()));
    }

    /** By an operator, or by time: such a loss is no news, and nothing that is withheld. */
    private boolean decided(Loss loss) {
        return loss.order() != null || stood(loss);
    }

    private boolean stood(Loss loss) {
        return loss.absence().stoodFor(rules.standing(), begun);
    }

    private void settle(Loss loss) {
        List<String> lacking = lacking(loss);
        if (lacking.isEmpty()) {
            retracted++;
            decisions.add(
                    loss.ofDevice()
                            ? new Decision(loss.deviceId(), Decision.Gone.DEVICE, LedgerEntry.EMPTY)
                            : Decision.publish(loss.row(), loss.known().with(DeviceMemory.of(loss.row()))));
        } else {
            Absence absence = held(loss);
            waiting.add(loss.deviceId(), loss.what(), absence, lacking);
            hold(loss, absence);
        }
    }

    /** What the ledger remembers of a loss that waits: a sweep that is not believed is no miss. */
    private Absence held(Loss loss) {
        boolean counted = !Objects.equals(loss.absence(), loss.known().device().absence());
        boolean doubted = disbelief != null || contradicted(loss);
        return doubted && counted && !stood(loss) ? loss.absence().notCounted() : loss.absence();
    }

    private boolean contradicted(Loss loss) {
        return contradiction != null && loss.ofDevice() && !decided(loss);
    }

    /** The evidence that is missing, in words; empty where there is enough. */
    private List<String> lacking(Loss loss) {
        if (loss.order() == Order.REJECTED) {
            return List.of(WithheldList.REJECTED);
        }
        if (!complete) {
            return List.of(WithheldList.NOT_WHOLE);
        }
        if (loss.order() == Order.APPROVED) {
            return List.of();
        }
        List<String> lacking = new ArrayList<>();
        if (!ledger.knowsDevices()) {
            lacking.add(WithheldList.BASELINE);
        }
        int sweeps = held(loss).sweeps();
        if (loss.ofDevice() && sweeps < rules.misses() && !stood(loss)) {
            lacking.add("absent from " + sweeps + " of " + rules.misses() + " complete sweeps");
        }
        if (sweep.isPartial()) {
            lacking.add("read by itself: the device list has the last word");
        }
        if (disbelief != null && !stood(loss)) {
            lacking.add("one of too many at once: must stand for " + PlainTime.of(rules.standing()));
        }
        if (contradicted(loss)) {
            lacking.add("the licensing page still counts it: must stand for " + PlainTime.of(rules.standing()));
        }
        return lacking;
    }

    private void hold(Loss loss, Absence absence) {
        DeviceMemory memory = loss.known().device().with(absence);
        if (!loss.ofDevice() && loss.row().details() != memory.details()) {
            var row = loss.row().stillOf(memory.holder());
            decisions.add(Decision.publish(row, loss.known().with(memory.withDetails(row.details()))));
        } else if (!Objects.equals(absence, loss.known().device().absence())) {
            decisions.add(Decision.remember(loss.deviceId(), loss.known().with(memory)));
        }
    }
}
