package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Judges a sweep of the app rows. A device's list that still has every row the ledger knows goes out from any sweep, for
 * it takes nothing away. A list that lacks rows is a retraction and needs evidence:
 *
 * <ul>
 *   <li>the list is whole: the sweep was complete and its total did not move, or the device was read again by itself, and
 *       every row of it could be read. A row that lacks a field and may be a known one counts as one that could not;
 *   <li>a total that the API claimed proves that; where it claimed none, and wherever a device was read by itself, a second
 *       reading must show the same;
 *   <li>no row of the sweep may stand in the place of one that is missing ({@link HiddenRows}), or the device was read again
 *       by itself and its list has no row twice. Otherwise the loss must stand;
 *   <li>it is not the account's first complete sweep;
 *   <li>the device reported its apps again since the ledger's list, or the same rows have been missing for
 *       {@link EvidenceRules#appsStanding};
 *   <li>a device that lost all rows was confirmed to have none by another endpoint, or has had none for that long; a
 *       device that the device list does not have was absent from {@link EvidenceRules#misses} complete sweeps,
 *       quarantined ones not counted, or has been for {@link EvidenceRules#standing};
 *   <li>the retractions of the sweep together are not {@linkplain EvidenceRules#beyondBelief beyond belief}, or the
 *       same picture of this device has stood for {@link EvidenceRules#standing}; everything at once needs an operator;
 *   <li>no field that identifies or names apps was lost on many rows (see {@link AppFieldStatistics}): until it is back,
 *       nothing of a published device changes.
 * </ul>
 *
 * A {@linkplain AppsSweep#ofSome partial} sweep never shows that a device has no rows, and a list in it is whole only if the
 * device was re-read. What sweeps of any kind {@linkplain Retractions took of late} counts together with what this one would
 * take, so that a share cannot be taken in slices.
 *
 * <p>What was {@linkplain RecentlyAdded added of late} makes no loss smaller.
 *
 * <p>An operator's {@link Order}: approved, only a complete sweep that shows these very rows missing is still needed; rejected,
 * nothing suffices until the list lacks no row. What is decided on does not count towards the share.
 *
 * <p>A list that lacks rows without that evidence is not published at all: the rows it lacks are known to the ledger by
 * their identities only, so they cannot be filled in.
 */
public final class AppsJudge {
    static final long ALL_ROWS = 1;

    /** The same rows, in a sweep whose rows lost a field. */
    static final long OTHER_FIELDS = 2;

    private static final long UNREADABLE_ROWS = 3;

    /** Readings that must show a shorter list where no claimed total proves that it is whole. */
    private static final int READINGS = 2;

    private final Ledger ledger;
    private final AppsSweep sweep;
    private final EvidenceRules rules;
    private final SweepTime time;
    private final long now;
    private final long watched;
    private final Retractions recent;
    private final RecentlyAdded grown;
    private long rowsTaken;
    private long devicesTaken;
    private boolean grows;
    private final List<FieldProblem> problems;
    private boolean fieldLost;
    /** Whether rows lack a field in a way that an operator has approved. */
    private boolean newShape;
    /** Whether app rows may be there although no list shows them. */
    private final boolean hides;

    private final boolean sound;
    private final boolean complete;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<AppsLoss> losses = new ArrayList<>();
    private long unchanged;
    private long unread;
    private final WithheldList waiting = new WithheldList();
    private long retracted;
    private AppsBelief belief;

    private AppsJudge(Ledger ledger, AppsSweep sweep, EvidenceRules rules, long begun, long now) {
        this.ledger = ledger;
        this.sweep = sweep;
        this.rules = rules;
        time = SweepTime.of(begun, now, rules.appsGap());
        this.now = now;
        watched = ledger.watched(Ledger.APPS);
        recent = ledger.retractions(Ledger.APPS).within(rules.standing(), watched);
        grown = ledger.recentlyAdded(Ledger.APPS).within(rules.standing(), watched);
        problems = sweep.isPartial() ? List.of() : sweep.fields().problems(ledger.filled(Ledger.APPS), rules);
        fieldLost = problems.stream().anyMatch(FieldProblem::quarantines);
        hides = HiddenRows.mayBe(ledger, sweep);
        sound = sweep.doubts().isEmpty() && !tooManyUnread() && !hidesTooMany();
        complete = sound && !sweep.isPartial();
    }

    private boolean tooManyUnread() {
        long unreadRows = sweep.walk().unread();
        return !sweep.isPartial() && rules.beyondBelief(unreadRows, sweep.walk().rows(), sweep.unreadDevices());
    }

    private boolean hidesTooMany() {
        return !sweep.isPartial()
                && rules.beyondBelief(sweep.mayHide(), sweep.walk().rows(), sweep.mayHide());
    }

    /** As {@link #judge(Ledger, AppsSweep, EvidenceRules, long, long)}, of a sweep that took no time. */
    public static Verdict judge(Ledger ledger, AppsSweep sweep, EvidenceRules rules, long now) {
        return judge(ledger, sweep, rules, now, now);
    }

    /**
     * Judges a sweep.
     *
     * @param begun before the first page was asked for, milliseconds since 1970
     * @param now milliseconds since 1970
     */
    public static Verdict judge(Ledger ledger, AppsSweep sweep, EvidenceRules rules, long begun, long now) {
        return new AppsJudge(ledger, sweep, rules, begun, now).judge();
    }

    private Verdict judge() {
        sweep.devices().forEach(this::compare);
        if (complete) {
            lookForEmptied();
        }
        newShape = fieldLost && isApproved();
        fieldLost &= !newShape;
        belief = AppsBelief.of(ledger, losses, recent, grown, rules);
        String disbelief = disbelief();
        losses.forEach(loss -> settle(loss, disbelief != null));
        if (!complete) {
            waiting.addStandingApps(ledger, deviceId -> !sweep.has(deviceId));
        }
        var reasons = new ArrayList<>(sweep.doubts());
        reasons.add(tooManyUnread() ? "too many rows could not be read" : null);
        reasons.add(disbelief);
        reasons.add(sweep.isPartial() ? null : sweep.hiddenInWords());
        reasons.add(hides && !losses.isEmpty() ? HiddenRows.inWords(sweep) : null);
        reasons.add(unread == 0 ? null : unread + " devices new to the ledger not read whole, left for later");
        reasons.add(sweep.walk().unreadInWords());
        reasons.add(sweep.isPartial() ? null : WithheldList.recoveringInWords(ledger, Ledger.APPS, rules));
        reasons.removeIf(Objects::isNull);
        var outcome = !sound
                ? Verdict.Outcome.INCOMPLETE
                : disbelief != null ? Verdict.Outcome.QUARANTINED : Verdict.Outcome.COMPLETE;
        boolean endsBaseline = outcome == Verdict.Outcome.COMPLETE
                && !sweep.isPartial()
                && !(sweep.devices().isEmpty() && losses.isEmpty());
        return new Verdict(
                outcome,
                reasons.isEmpty() ? null : String.join("; ", reasons),
                !ledger.knowsApps(),
                endsBaseline,
                decisions,
                sweep.devices().size(),
                unchanged,
                retracted,
                waiting.devices(),
                waiting.listed(),
                findings(outcome, endsBaseline));
    }

    /**
     * Whether an operator has approved everything that the lost field would change of what is published: then it is the new
     * shape of rows. Other losses are not asked about: there is one in nearly every sweep.
     */
    private boolean isApproved() {
        return losses.stream().filter(AppsLoss::isOfField).allMatch(loss -> loss.order() == Order.APPROVED);
    }

    private Findings findings(Verdict.Outcome outcome, boolean endsBaseline) {
        boolean whole = outcome == Verdict.Outcome.COMPLETE && !sweep.isPartial();
        return new Findings(
                sweep.unreadDevices(),
                sweep.unread(),
                problems,
                whole || sound && newShape ? sweep.fields().filled() : null,
                rowsTaken == 0 ? null : recent.and(new Retractions.Taken(watched, devicesTaken, rowsTaken)),
                grows ? grown.and(new RecentlyAdded.Before(watched, ledger.devicesWithApps(), ledger.appRows())) : null,
                complete ? ledger.watched(Ledger.APPS, time, endsBaseline) : null);
    }

    private void compare(DeviceApps apps) {
        LedgerEntry known = ledger.entry(apps.deviceId());
        AppsMemory memory = known.apps();
        if (apps.overflowed()) {
            // Not published, and counted, by the transaction. What the kept rows lack proves nothing.
            decisions.add(Decision.publish(apps, false, ledger.knowsApps() ? known : owing(known, 1)));
        } else if (memory == null && sweep.isPartial() && !sweep.wasReread(apps.deviceId())) {
            // Half a list would look as if the other half had been there and were gone at the next look.
            unread++;
        } else if (memory == null) {
            publish(apps, known);
        } else if (memory.tells(apps)
                && (apps.unreadRows() == 0 || memory.missingFrom(apps).rows() == 0)) {
            unchanged++;
            confirm(apps, known);
        } else {
            compare(apps, known, memory.missingFrom(apps));
        }
    }

    private void compare(DeviceApps apps, LedgerEntry known, AppsMemory.Missing missing) {
        if (missing.rows() > 0 || fieldLost) {
            lose(known, apps);
        } else if (isOvertaken(apps, known.apps())) {
            unchanged++;
        } else {
            publish(apps, known);
        }
    }

    /**
     * What the baseline could not read of a device is no news once it can be read; nor is what else came with it. While all of
     * it stays unreadable, whatever comes is news.
     */
    private void publish(DeviceApps apps, LedgerEntry known) {
        int owed = known.owed().appRows();
        boolean first = known.apps() == null;
        boolean pays = owed > 0 && (first || apps.unreadRows() < owed);
        int unreadYet = first ? apps.unreadRows() : Math.min(owed, apps.unreadRows());
        int owes = ledger.knowsApps() && owed == 0 ? 0 : unreadYet;
        var after = AppsMemory.of(apps);
        if (!pays) {
            grow(known, after);
        }
        decisions.add(Decision.publish(apps, pays, owing(known, owes).with(after)));
    }

    /** The baseline, and what it owed, is no growth. */
    private void grow(LedgerEntry known, AppsMemory after) {
        int rows = known.apps() == null ? 0 : known.apps().rows().length;
        grows |= ledger.knowsApps() && after.rows().length > rows;
    }

    private static LedgerEntry owing(LedgerEntry known, int rows) {
        return known.with(known.owed().withApps(rows));
    }

    /**
     * Whether a look at changes has published a newer report of the device while this sweep was read: an hour by cursor, or
     * an export of the moment it was asked for. A report from the future is one of a clock that is wrong, and proves nothing;
     * a list without a time is not older than another.
     */
    private boolean isOvertaken(DeviceApps apps, AppsMemory memory) {
        return !memory.isRecovered()
                && apps.collectedAt() != Moment.UNKNOWN
                && apps.collectedAt() < memory.collectedAt()
                && memory.collectedAt() <= now;
    }

    private void confirm(DeviceApps apps, LedgerEntry known) {
        AppsMemory confirmed = known.apps().confirmed(apps.collectedAt());
        if (!confirmed.equals(known.apps())) {
            decisions.add(Decision.remember(apps.deviceId(), known.with(confirmed)));
        }
    }

    private void lose(LedgerEntry known, DeviceApps apps) {
        // A missing field is no evidence: the row is as good as unreadable.
        DeviceApps readable = known.apps().readable(apps);
        AppsMemory.Missing missing = known.apps().missingFrom(readable);
        boolean counted = (complete || sweep.wasReread(apps.deviceId())) && readable.unreadRows() == 0;
        Absence before = known.apps().absence();
        // A list that is not known to be whole proves no absence, but a device with rows has not lost all of them.
        boolean refuted = before != null && before.picture() == ALL_ROWS && before.order() != Order.REJECTED;
        Absence absence = counted ? again(before, picture(missing)) : refuted ? null : before;
        if (complete && readable.unreadRows() > 0) {
            // Something for an operator to decide about. It has a picture of its own and counts no sweeps, so it is no
            // evidence
            // once the row can be read, and the list is not read again for it.
            absence = again(before, Fingerprint.ordered(UNREADABLE_ROWS, picture(missing)))
                    .notCounted();
        }
        losses.add(new AppsLoss(apps.deviceId(), known, apps, readable, missing.rows(), counted, absence));
    }

    /**
     * After one more complete sweep that shows this picture. A rejection holds for as long as the list lacks rows, whichever: they
     * are known by their prints only, so it cannot be told that all of those rejected are back. So does being part of
     * losing everything.
     */
    private Absence again(Absence before, long picture) {
        Absence again = Absence.again(before, What.APPS, picture, time);
        if (before == null || before.is(What.APPS, picture)) {
            return again;
        }
        Absence kept = before.outOf() > 0 ? again.partOf(before.outOf()) : again;
        return before.order() == Order.REJECTED ? kept.with(Order.REJECTED) : kept;
    }

    private static long picture(AppsMemory.Missing missing) {
        return missing.rows() == 0 ? OTHER_FIELDS : missing.picture();
    }

    private void lookForEmptied() {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (known.apps() != null
                        && !sweep.has(deviceId)
                        && (SingleReads.hasRows(known) || known.device() == null)) {
                    Absence absence = again(known.apps().absence(), ALL_ROWS);
                    losses.add(new AppsLoss(
                            deviceId, known, null, null, known.apps().rows().length, true, absence));
                }
            });
        }
    }

    /** @return why the losses of this sweep cannot be believed at once; null where they can */
    private String disbelief() {
        if (!fieldLost) {
            return belief.reason();
        }
        return problems.stream()
                        .filter(FieldProblem::quarantines)
                        .map(FieldProblem::inWords)
                        .collect(Collectors.joining(", "))
                + ": published lists stay as they are until the field is back";
    }

    private void settle(AppsLoss loss, boolean quarantined) {
        List<String> lacking = lacking(loss, quarantined);
        if (lacking.isEmpty()) {
            retracted++;
            if (loss.order() == null && !loss.stood(rules) && loss.rows() > 0) {
                rowsTaken += loss.rows();
                devicesTaken++;
            }
            decisions.add(retraction(loss));
        } else {
            Absence absence = held(loss, quarantined);
            AppsMemory known = loss.known().apps();
            String after = loss.apps() == null ? "none" : rows(loss.apps().size());
            waiting.add(loss.deviceId(), What.APPS, rows(known.rows().length), after, absence, lacking);
            if (adds(loss)) {
                AppsMemory more = known.and(loss.readable(), absence);
                grow(loss.known(), more);
                decisions.add(Decision.add(loss.readable(), loss.known().with(more)));
            } else if (!Objects.equals(absence, known.absence())) {
                decisions.add(Decision.remember(loss.deviceId(), loss.known().with(known.with(absence))));
            }
        }
    }

    /**
     * Whether the rest of the list goes out although a published row cannot be read: one unreadable row must not hide what the
     * device has besides.
     */
    private boolean adds(AppsLoss loss) {
        DeviceApps apps = loss.readable();
        return complete
                && !fieldLost
                && apps != null
                && apps.unreadRows() > 0
                && loss.rows() > 0
                && !loss.known().apps().former()
                && !loss.known().apps().tells(apps)
                && !isOvertaken(apps, loss.known().apps());
    }

    private static String rows(int count) {
        return count == 1 ? "1 app row" : String.format(Locale.ROOT, "%,d app rows", count);
    }

    /** What the ledger remembers of a loss that waits: a sweep that is not believed is no miss. */
    private Absence held(AppsLoss loss, boolean quarantined) {
        if (!quarantined || !loss.weighty()) {
            return loss.absence();
        }
        Absence absence = loss.stood(rules) ? loss.absence() : loss.absence().notCounted();
        long everything = loss.order() == null ? belief.everything() : 0;
        return everything > 0 ? absence.partOf(everything) : absence;
    }

    /** The evidence that is missing, in words; empty where there is enough. */
    private List<String> lacking(AppsLoss loss, boolean quarantined) {
        if (loss.order() == Order.REJECTED) {
            return List.of(WithheldList.REJECTED);
        }
        if (loss.order() == Order.APPROVED && complete) {
            return List.of();
        }
        if (!loss.weighty()) {
            boolean unreadable =
                    complete && loss.readable() != null && loss.readable().unreadRows() > 0;
            return List.of(
                    unreadable
                            ? "some of its rows cannot be read or lack a field that missing rows had: wait for them, or approve"
                            : WithheldList.NOT_WHOLE);
        }
        if (fieldLost) {
            return List.of("rows lost a field that identifies apps: wait for it, or approve");
        }
        List<String> lacking = new ArrayList<>();
        if (!ledger.knowsApps()) {
            lacking.add(WithheldList.BASELINE);
        }
        unproven(loss, held(loss, quarantined).sweeps()).ifPresent(lacking::add);
        if (ledger.recovering(Ledger.APPS, rules.standing()) && !loss.stood(rules)) {
            lacking.add(WithheldList.recovered(rules));
        }
        if (quarantined && belief.everything() > 0 || belief.isStillOfEverything(loss)) {
            lacking.add(WithheldList.OF_EVERYTHING);
        } else if (quarantined && !loss.stood(rules)) {
            lacking.add("one of too many at once: must stand for " + PlainTime.of(rules.standing()));
        }
        return lacking;
    }

    private Optional<String> unproven(AppsLoss loss, int sweeps) {
        if (loss.apps() == null && loss.known().device() == null) {
            if (loss.stood(rules)) {
                return Optional.empty();
            }
            if (hides) {
                return Optional.of(mayBeHidden());
            }
            return sweeps >= rules.misses()
                    ? Optional.empty()
                    : Optional.of("absent from " + sweeps + " of " + rules.misses() + " complete sweeps");
        }
        boolean whole = loss.apps() == null
                || sweep.wasReread(loss.deviceId())
                || complete && !sweep.walk().totalMoved();
        if (!whole) {
            return Optional.of("the total moved during the walk: the list may lack other rows, too");
        }
        if (loss.absence().stoodFor(rules.appsStanding())) {
            return Optional.empty();
        }
        if (loss.apps() == null) {
            return sweep.isConfirmedEmpty(loss.deviceId())
                    ? Optional.empty()
                    : Optional.of("no word of the device's own that it has no apps: must stand for "
                            + PlainTime.of(rules.appsStanding()));
        }
        boolean hidden = sweep.wasReread(loss.deviceId()) ? loss.apps().hasRowsTwice() : hides;
        if (hidden && !loss.stood(rules)) {
            return Optional.of(mayBeHidden());
        }
        boolean proven = complete && sweep.provesLists() && !sweep.wasReread(loss.deviceId());
        if (!proven && sweeps < READINGS) {
            return Optional.of(
                    "shown by " + sweeps + " of " + READINGS + " readings, and no total proves the list whole");
        }
        return loss.apps().collectedAt() > loss.known().apps().collectedAt()
                ? Optional.empty()
                : Optional.of(
                        "the device has not reported since: must stand for " + PlainTime.of(rules.appsStanding()));
    }

    private String mayBeHidden() {
        return "they may be rows that cannot be used or came twice: must stand for " + PlainTime.of(rules.standing());
    }

    private Decision retraction(AppsLoss loss) {
        if (loss.apps() != null) {
            var after = AppsMemory.of(loss.apps());
            grow(loss.known(), after);
            return Decision.publish(loss.apps(), false, loss.known().with(after));
        }
        if (loss.known().device() == null) {
            return new Decision(
                    loss.deviceId(), Decision.Gone.APPS, null, loss.known().with((AppsMemory) null));
        }
        var none = new DeviceApps(loss.deviceId(), now).seal();
        return Decision.publish(none, false, loss.known().with(AppsMemory.of(none)));
    }
}
