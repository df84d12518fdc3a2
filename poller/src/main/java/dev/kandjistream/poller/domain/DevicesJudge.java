package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Loss.Evidence;
import dev.kandjistream.poller.domain.Pending.Waiting;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a sweep of the device list. Whatever ends a device, a seat, a usage or a user is a retraction, by whatever road:
 * the device is absent, has no user, has another user, is marked as removed, or has another platform. A retraction needs
 * evidence:
 *
 * <ul>
 *   <li>the sweep was complete: no page failed, the counts agree, nothing shifted, and no more rows were unreadable than
 *       the rules believe;
 *   <li>it is not the account's first complete one;
 *   <li>{@link EvidenceRules#misses} complete sweeps in a row showed the same, quarantined ones not counted; or it has stood
 *       for {@link EvidenceRules#standing};
 *   <li>a platform or serial number that differs must have stood for that time; one that is missing or unknown needs an
 *       operator, for every device has one (see {@link Evidence});
 *   <li>the retractions of the sweep, together with {@linkplain Retractions those of late}, are not {@linkplain Belief too
 *       many}, or the same picture of this device has stood for {@link EvidenceRules#standing}; everything at once needs an operator;
 *   <li>no row of the sweep may stand in the place of an absent device: a row without a usable id, a second row of a device,
 *       or the row of an unknown device that shows nothing of it. Otherwise the absence must stand;
 *   <li>where the licensing page was asked: it does not count the absent devices still. What it counts exactly is not
 *       documented, so it never makes a sweep incomplete, and what has stood for that time is believed against it.
 * </ul>
 *
 * Devices read {@linkplain DevicesSweep#ofSome by themselves} retract nothing: an API that has lost all users says so of a
 * single device, too, and only the list shows that it is all of them.
 *
 * <p>An operator's {@link Order} decides about this very loss: approved, only a complete sweep is still needed; rejected,
 * nothing suffices. What is decided does not count towards the share.
 *
 * <p>Everything else goes out from any sweep: new devices, first users, other details. A device of which something waits is
 * published with the value that it had. Whatever the sweep did not confirm is {@link Unconfirmed} at once.
 */
public final class DevicesJudge {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    private final EvidenceRules rules;
    private final SweepTime time;
    private final long watched;
    private final List<String> doubts;
    private final boolean complete;
    /** Why a device may be there although no row shows it; null if none may. */
    private final String hidden;

    private final List<Pending> pending = new ArrayList<>();
    /** Devices that would get a first user: no loss, but not believed while too many devices change hands or emails. */
    private final List<Pending> deferred = new ArrayList<>();

    private final List<AssignedUser> newHolders = new ArrayList<>();
    private final UserIds userIds;
    private final FieldStatistics fields = new FieldStatistics();
    private final WithheldList waiting = new WithheldList();
    private final DeviceDecisions decisions;
    private long retracted;
    private final Retractions recent;
    private final List<Pending> absentTaken = new ArrayList<>();
    private final List<Pending> emailsTaken = new ArrayList<>();
    private final List<Pending> seatsTaken = new ArrayList<>();
    private Belief belief;
    /** What another endpoint says against the absences of this sweep; null where it says nothing. */
    private String contradiction;

    private DevicesJudge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long begun, long now) {
        this.ledger = ledger;
        this.sweep = sweep;
        this.rules = rules;
        time = SweepTime.of(begun, now, rules.devicesGap());
        doubts = new ArrayList<>(sweep.doubts());
        sweep.tooManyUnread(rules).ifPresent(doubts::add);
        hidden = sweep.isPartial() ? null : hiddenInWords();
        if (hidden != null && rules.beyondBelief(sweep.mayHide(), sweep.devices() + sweep.mayHide(), sweep.mayHide())) {
            doubts.add(hidden);
        }
        complete = doubts.isEmpty();
        userIds = new UserIds(ledger, sweep);
        watched = ledger.watched(Ledger.DEVICES);
        decisions = new DeviceDecisions(sweep, new SameHardware(ledger, sweep), !ledger.knowsDevices(), watched);
        recent = ledger.retractions(Ledger.DEVICES).within(rules.standing(), watched);
    }

    private String hiddenInWords() {
        long strangers = Strangers.in(sweep, ledger);
        String listed = sweep.hiddenInWords();
        if (strangers == 0) {
            return listed;
        }
        return (listed == null ? "" : listed + "; ") + strangers
                + " rows of unknown devices that show neither platform nor serial number";
    }

    /** As {@link #judge(Ledger, DevicesSweep, EvidenceRules, long, long)}, of a sweep that took no time. */
    public static Verdict judge(Ledger ledger, DevicesSweep sweep, EvidenceRules rules, long now) {
        return judge(ledger, sweep, rules, now, now);
    }

    /**
     * Judges a sweep.
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
        return judge.pending.stream().filter(Pending::isAbsent).anyMatch(device -> device.losses().stream()
                .anyMatch(loss ->
                        !judge.decided(loss) && judge.lacking(device, loss).isEmpty()));
    }

    private Verdict judge() {
        sweep.rows().forEach(this::compare);
        sweep.unread().forEach((deviceId, why) -> {
            if (!sweep.hasRow(deviceId)) {
                passOver(deviceId, why);
            }
        });
        if (complete) {
            lookForAbsent();
        }
        Filled before = ledger.filled(Ledger.DEVICES);
        List<FieldProblem> problems = fields.problems(sweep.isPartial() ? Filled.NONE : before, rules);
        belief = Belief.of(
                ledger,
                pending,
                newHolders,
                sweep.isPartial() ? Retractions.NONE : recent,
                sweep.isPartial() ? List.of() : problems,
                rules);
        contradiction = complete ? contradiction() : null;
        pending.forEach(this::settle);
        // Where so many devices have another user, or email, that it cannot be believed, none of these can be.
        Set<What> held = belief.doubtsUsers() ? EnumSet.of(What.OTHER_USER) : EnumSet.noneOf(What.class);
        deferred.forEach(device -> decisions.publish(
                device.known(),
                device.row(),
                device.comparison(),
                device.comparison().untold(device.known().device().absences()),
                held));
        if (!complete || sweep.isPartial()) {
            waiting.addStandingDevices(ledger, deviceId -> !sweep.tellsOf(deviceId));
        }
        var outcome = !complete
                ? Verdict.Outcome.INCOMPLETE
                : belief.isDoubted() ? Verdict.Outcome.QUARANTINED : Verdict.Outcome.COMPLETE;
        boolean whole = outcome == Verdict.Outcome.COMPLETE && !sweep.isPartial();
        boolean endsBaseline = whole && (sweep.devices() > 0 || !pending.isEmpty());
        return new Verdict(
                outcome,
                reason(),
                !ledger.knowsDevices(),
                endsBaseline,
                decisions.all(),
                sweep.devices(),
                decisions.unchanged(),
                retracted,
                waiting.devices(),
                waiting.listed(),
                new Findings(
                        sweep.unread().size(),
                        sweep.unreadListed(),
                        problems,
                        whole ? fields.filled(problems) : null,
                        taken().map(recent::and).orElse(null),
                        null,
                        complete && !sweep.isPartial() ? ledger.watched(Ledger.DEVICES, time, endsBaseline) : null));
    }

    /** What this sweep retracted by itself; empty where that is nothing. */
    private Optional<Retractions.Taken> taken() {
        return absentTaken.isEmpty() && emailsTaken.isEmpty() && seatsTaken.isEmpty()
                ? Optional.empty()
                : Optional.of(belief.taken(watched, absentTaken, seatsTaken, emailsTaken));
    }

    private String reason() {
        var reasons = new ArrayList<>(doubts);
        if (complete && belief.isDoubted()) {
            reasons.add(belief.reason() + ": what would end is withheld until the same has stood for "
                    + PlainTime.of(rules.standing()) + " or an operator approves it");
        }
        reasons.add(contradiction);
        reasons.add(complete ? hidden : null);
        reasons.add(sweep.walk().unreadInWords());
        reasons.add(sweep.isPartial() ? null : WithheldList.recoveringInWords(ledger, Ledger.DEVICES, rules));
        reasons.removeIf(Objects::isNull);
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private void compare(DeviceRow read) {
        LedgerEntry known = ledger.entry(read.deviceId());
        DeviceMemory memory = known.device();
        AssignedUser holder = memory == null ? null : memory.holder();
        DeviceRow own = userIds.withOwnId(read, holder);
        DeviceRow row = holder == null ? userIds.withWholeUser(own) : own;
        fields.add(row);
        if (memory == null) {
            if (row.attributed()) {
                newHolders.add(row.user());
            }
            decisions.introduce(row, known);
            return;
        }
        if (memory.holder() != null && memory.isFormer() && !DeviceComparison.saysPlatform(row)) {
            // What a former ledger did not know cannot be kept; without it, the seat would end.
            passOver(row.deviceId(), "its platform is missing or unknown, and was not known before the upgrade");
            return;
        }
        var comparison = new DeviceComparison(memory, row, known.owed(), sweep.realSerial());
        List<Waiting> losses = comparison.losses().stream()
                .map(loss -> new Waiting(loss, absence(memory, loss)))
                .toList();
        boolean decided = losses.stream().anyMatch(loss -> loss.order() != null);
        fields.compare(memory, decided ? List.of() : comparison.lostFields());
        comparison.untold(memory.absences()).forEach(absence -> waiting.addUntold(row.deviceId(), memory, absence));
        if (losses.isEmpty() && comparison.attributes()) {
            deferred.add(new Pending(row.deviceId(), known, row, comparison, losses));
        } else if (losses.isEmpty()) {
            decisions.publish(known, row, comparison, comparison.untold(memory.absences()));
        } else {
            pending.add(new Pending(row.deviceId(), known, row, comparison, losses));
        }
    }

    /** A device whose row says nothing but its id: neither absent nor changed, and not confirmed. */
    private void passOver(String deviceId, String why) {
        LedgerEntry known = ledger.entry(deviceId);
        DeviceMemory memory = known.device();
        if (memory == null) {
            decisions.owe(deviceId, known);
            return;
        }
        List<Absence> absences = memory.absences().stream()
                .filter(absence -> absence.what() != What.DEVICE || absence.order() == Order.REJECTED)
                .toList();
        absences.forEach(absence -> waiting.addUntold(deviceId, memory, absence));
        decisions.unread(deviceId, known, absences, why);
    }

    private void lookForAbsent() {
        if (sweep.isPartial()) {
            sweep.notFound().forEach(deviceId -> lookForAbsent(deviceId, ledger.entry(deviceId)));
            return;
        }
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (!sweep.has(deviceId)) {
                    lookForAbsent(deviceId, known);
                }
            });
        }
    }

    private void lookForAbsent(String deviceId, LedgerEntry known) {
        if (known.device() != null) {
            Loss loss = Loss.ofDevice(known.device());
            pending.add(new Pending(
                    deviceId, known, null, null, List.of(new Waiting(loss, absence(known.device(), loss)))));
        }
    }

    private Absence absence(DeviceMemory memory, Loss loss) {
        Absence before = memory.absence(loss.what());
        boolean same = before != null && before.is(loss.what(), loss.picture());
        if (!same && Absence.orderOf(before) == Order.REJECTED) {
            // The item is held until it returns or is approved, in whatever form its rows show it meanwhile.
            return complete
                    ? Absence.first(loss.what(), loss.picture(), time.now()).with(Order.REJECTED)
                    : before;
        }
        if (!complete) {
            // It proves no absence, but what it shows ends one: a device that is listed is not absent.
            return same ? before : null;
        }
        if (sweep.isPartial() && same) {
            // Asked twice in a minute is no better than asked once.
            return before;
        }
        Absence absence = Absence.again(before, loss.what(), loss.picture(), time);
        // Only lists are sweeps in a row: one that follows a single read at once would be the second.
        return sweep.isPartial() ? absence.notCounted() : absence;
    }

    /** As many devices as there would be if none were absent: then the list lost them, not the fleet. */
    private String contradiction() {
        long absent = pending.stream()
                .filter(device -> device.isAbsent() && device.losses().stream().noneMatch(this::decided))
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

    /** By an operator, or by time. */
    private boolean decided(Waiting loss) {
        return loss.order() != null || stood(loss);
    }

    private boolean stood(Waiting loss) {
        return loss.absence() != null && loss.absence().stoodFor(rules.standing());
    }

    private void settle(Pending device) {
        var held = new ArrayList<Absence>();
        Set<What> what = EnumSet.noneOf(What.class);
        boolean ends = false;
        boolean unasked = false;
        if (device.isAbsent()) {
            device.known().device().absences().stream()
                    .filter(absence ->
                            absence.order() == Order.REJECTED && !absence.what().excludes(What.DEVICE))
                    .forEach(held::add);
        } else {
            held.addAll(device.comparison().untold(device.known().device().absences()));
            if (belief.doubtsUsers() && device.comparison().attributes()) {
                what.add(What.OTHER_USER);
            }
        }
        var taken = new ArrayList<Waiting>();
        for (Waiting loss : device.losses()) {
            List<String> lacking = lacking(device, loss);
            if (lacking.isEmpty()) {
                taken.add(loss);
            } else {
                hold(device, loss, lacking, what, held);
            }
        }
        if (!device.isAbsent()
                && device.comparison().isOfOtherHardware()
                && what.stream().anyMatch(What.USER::excludes)) {
            holdHardware(device, taken, what, held);
        }
        for (Waiting loss : taken) {
            ends |= loss.loss().endsSeat();
            unasked |= loss.loss().endsSeat() && !decided(loss);
            if (loss.loss().isOfEmailAlone() && !decided(loss)) {
                emailsTaken.add(device);
            }
        }
        retracted += ends ? 1 : 0;
        if (unasked && device.isAbsent()) {
            absentTaken.add(device);
        }
        if (unasked && device.hasSeat()) {
            seatsTaken.add(device);
        }
        if (!device.isAbsent()) {
            decisions.publish(device.known(), device.row(), device.comparison(), held, what);
        } else if (what.isEmpty()) {
            decisions.gone(device.deviceId(), device.known());
        } else {
            decisions.absent(device.deviceId(), device.known(), held);
        }
    }

    /** A row is believed as a whole: while its user waits, its serial number and platform do. */
    private void holdHardware(Pending device, List<Waiting> taken, Set<What> what, List<Absence> held) {
        for (Waiting loss : List.copyOf(taken)) {
            What one = loss.loss().what();
            if (one == What.SERIAL || one == What.PLATFORM) {
                hold(device, loss, List.of("the user of the same row waits"), what, held);
                taken.remove(loss);
            }
        }
    }

    private void hold(Pending device, Waiting loss, List<String> lacking, Set<What> what, List<Absence> held) {
        Absence absence = held(device, loss);
        waiting.add(device.deviceId(), loss.loss(), absence, lacking);
        what.add(loss.loss().what());
        if (absence != null) {
            held.add(absence);
        }
    }

    /** What the ledger remembers of a loss that waits: a sweep that is not believed is no further sweep in a row. */
    private Absence held(Pending device, Waiting loss) {
        if (loss.absence() == null) {
            return null;
        }
        boolean counted = !loss.absence()
                .equals(device.known().device().absence(loss.loss().what()));
        boolean doubted = belief.isDoubted() || contradicted(device, loss) || hidden != null && device.isAbsent();
        Absence absence = doubted && counted && !stood(loss) ? loss.absence().notCounted() : loss.absence();
        return belief.isOfEverything(device, loss) && !sweep.isPartial()
                ? absence.partOf(belief.outOf(device, loss))
                : absence;
    }

    private boolean contradicted(Pending device, Waiting loss) {
        return contradiction != null && device.isAbsent() && !decided(loss);
    }

    /** The evidence that is missing, in words; empty where there is enough. */
    private List<String> lacking(Pending device, Waiting loss) {
        if (loss.order() == Order.REJECTED) {
            return List.of(WithheldList.REJECTED);
        }
        if (!complete) {
            return List.of(WithheldList.NOT_WHOLE);
        }
        if (sweep.isPartial()) {
            return List.of("read by itself: the device list decides");
        }
        if (loss.order() == Order.APPROVED) {
            return List.of();
        }
        // Where only an operator can decide, nothing else is waited for.
        if (loss.loss().evidence() == Evidence.APPROVAL) {
            return List.of("that it is missing, unreadable or unknown proves nothing: an operator must approve it");
        }
        if (belief.isOfEverything(device, loss) || belief.isStillOfEverything(loss)) {
            return List.of(WithheldList.OF_EVERYTHING);
        }
        List<String> lacking = new ArrayList<>();
        if (!ledger.knowsDevices()) {
            lacking.add(WithheldList.BASELINE);
        }
        lackingOfItself(device, loss, lacking);
        if (ledger.recovering(Ledger.DEVICES, rules.standing()) && !stood(loss)) {
            lacking.add(WithheldList.recovered(rules));
        }
        if (belief.isDoubted() && !stood(loss)) {
            lacking.add("one of too many at once: must stand for " + PlainTime.of(rules.standing()));
        }
        if (hidden != null && device.isAbsent() && !stood(loss)) {
            lacking.add("its row may be one of those that cannot be used or came twice: must stand for "
                    + PlainTime.of(rules.standing()));
        }
        if (contradicted(device, loss)) {
            lacking.add("the licensing page still counts it: must stand for " + PlainTime.of(rules.standing()));
        }
        return lacking;
    }

    private void lackingOfItself(Pending device, Waiting loss, List<String> lacking) {
        if (stood(loss)) {
            return;
        }
        if (loss.loss().evidence() == Evidence.MUST_STAND) {
            lacking.add("does not happen to real devices: must stand for " + PlainTime.of(rules.standing()));
        } else {
            int sweeps = held(device, loss).sweeps();
            if (sweeps < rules.misses()) {
                lacking.add("shown by " + sweeps + " of " + rules.misses() + " complete sweeps");
            }
        }
    }
}
