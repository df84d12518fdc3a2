package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Pending.Waiting;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whether what one sweep of the devices would take away can be believed at once. It counts devices, seats and users that
 * would end, each against what there is, and takes the fields into account that many rows lost.
 *
 * <p>What an operator has decided is set aside on both sides. So is, for the share, what has stood for its time: else one
 * removal that has stood would make an empty answer look like less than everything. Whether it is everything is judged
 * without regard to time.
 */
final class Belief {
    private final List<String> reasons = new ArrayList<>();
    private boolean everyDevice;
    private boolean everySeat;
    private boolean otherUsers;
    private long devices;
    private long seats;
    /** Losses that were part of losing everything and still stand, by how many that were. */
    private final Map<Long, Long> standing = new HashMap<>();

    private boolean losingAll;

    /**
     * Of one sweep.
     *
     * @param newHolders users of devices in this sweep that are not published yet
     * @param recent what sweeps before this one retracted
     */
    static Belief of(
            Ledger ledger,
            Collection<Pending> pending,
            Collection<AssignedUser> newHolders,
            Retractions recent,
            List<FieldProblem> problems,
            EvidenceRules rules) {
        var belief = new Belief();
        problems.stream()
                .filter(FieldProblem::quarantines)
                .map(FieldProblem::inWords)
                .forEach(belief.reasons::add);
        if (!pending.isEmpty()) {
            belief.count(ledger, pending, newHolders, recent, rules);
        }
        return belief;
    }

    private void count(
            Ledger ledger,
            Collection<Pending> pending,
            Collection<AssignedUser> newHolders,
            Retractions recent,
            EvidenceRules rules) {
        losingAll = rules.losingAll();
        Map<String, Long> users = new HashMap<>();
        for (var bucket : ledger.buckets()) {
            for (LedgerEntry entry : bucket.values()) {
                devices += entry.device() == null ? 0 : 1;
                if (entry.device() != null && entry.device().holder() != null) {
                    users.merge(Pending.userKey(entry.device().holder()), 1L, Long::sum);
                }
            }
        }
        seats = users.values().stream().mapToLong(Long::longValue).sum();
        Predicate<Waiting> undecided = waiting -> waiting.order() == null;
        Predicate<Waiting> news = undecided.and(
                waiting -> waiting.absence() == null || !waiting.absence().stoodFor(rules.standing()));

        for (Pending device : pending) {
            device.losses().stream()
                    .filter(undecided)
                    .mapToLong(Waiting::outOf)
                    .max()
                    .ifPresent(outOf -> standing.merge(outOf, 1L, Long::sum));
        }
        everyDevice = everything(devices, pending, Pending::isAbsent, undecided, rules);
        everySeat = everything(seats, pending, Pending::hasSeat, undecided, rules);
        share("devices", "are absent", devices, recent.devices(), pending, Pending::isAbsent, news, rules);
        share("seats", "would end or change hands", seats, recent.items(), pending, Pending::hasSeat, news, rules);
        long changingHands = pending.stream()
                .filter(device -> device.nextHolder().isPresent() && device.counts(news))
                .count();
        otherUsers = rules.beyondBelief(changingHands, seats, changingHands);
        long emails = pending.stream()
                .filter(device -> device.changes(What.OTHER_EMAIL, news))
                .count();
        if (emails >= rules.minimum() && rules.beyondBelief(emails, seats, emails)) {
            otherUsers = true;
            reasons.add(String.format(Locale.ROOT, "%,d of %,d seats' users have another email", emails, seats));
        }
        long serials = pending.stream()
                .filter(device -> device.changes(What.SERIAL, news))
                .count();
        if (serials >= rules.minimum() && rules.beyondBelief(serials, devices, serials)) {
            reasons.add(String.format(
                    Locale.ROOT, "%,d of %,d devices have another serial number or none", serials, devices));
        }
        shareOfUsers(users, pending, newHolders, news, rules);
    }

    private static boolean everything(
            long known,
            Collection<Pending> pending,
            Predicate<Pending> concerned,
            Predicate<Waiting> undecided,
            EvidenceRules rules) {
        long lost = pending.stream()
                .filter(concerned)
                .filter(device -> device.counts(undecided))
                .count();
        long decided = pending.stream()
                .filter(concerned)
                .filter(device -> !device.counts(undecided))
                .count();
        return rules.everything(lost, known - decided, lost);
    }

    private void share(
            String unit,
            String what,
            long all,
            long recent,
            Collection<Pending> pending,
            Predicate<Pending> concerned,
            Predicate<Waiting> news,
            EvidenceRules rules) {
        long concernedDevices = pending.stream().filter(concerned).count();
        long lost = pending.stream()
                .filter(concerned)
                .filter(device -> device.counts(news))
                .count();
        long known = all - (concernedDevices - lost);
        // What is gone by now was there when the first slice was.
        if (lost > 0 && rules.beyondBelief(lost + recent, known + recent, lost + recent)) {
            String before = recent == 0
                    ? ""
                    : String.format(
                            Locale.ROOT, " (%,d of them within the last %s)", recent, PlainTime.of(rules.standing()));
            reasons.add(String.format(
                    Locale.ROOT, "%,d of %,d %s %s%s", lost + recent, known + recent, unit, what, before));
        }
    }

    /** A user ends with the last device. Merging many users into one leaves the devices, and most users without any. */
    private void shareOfUsers(
            Map<String, Long> users,
            Collection<Pending> pending,
            Collection<AssignedUser> newHolders,
            Predicate<Waiting> news,
            EvidenceRules rules) {
        Map<String, Long> after = new HashMap<>(users);
        newHolders.forEach(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
        for (Pending device : pending) {
            if (device.hasSeat() && device.counts(news)) {
                after.merge(Pending.userKey(device.known().device().holder()), -1L, Long::sum);
                device.nextHolder().ifPresent(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
            }
        }
        long ended = users.keySet().stream().filter(key -> after.get(key) <= 0).count();
        if (ended < users.size() && rules.beyondBelief(ended, users.size(), ended)) {
            reasons.add(String.format(Locale.ROOT, "%,d of %,d users would have no device", ended, users.size()));
        }
    }

    /** Whether the losses of this sweep wait until they have stood. */
    boolean isDoubted() {
        return !reasons.isEmpty() || everyDevice || everySeat;
    }

    /** Whether so many devices have another user that no user of this sweep can be believed. */
    boolean doubtsUsers() {
        return otherUsers;
    }

    /** Why they wait; null where they do not. */
    String reason() {
        if (!isDoubted()) {
            return null;
        }
        var all = new ArrayList<>(reasons);
        if (all.isEmpty()) {
            all.add(everyDevice ? "all devices are still absent" : "all seats would still end");
        }
        return String.join(", ", all);
    }

    /** Whether this loss is part of losing everything, by this sweep. */
    boolean isOfEverything(Pending device, Waiting waiting) {
        return outOf(device, waiting) > 0;
    }

    /** How many there were of what is all lost, by this sweep; 0 where this loss is not part of losing everything. */
    long outOf(Pending device, Waiting waiting) {
        if (everyDevice && device.isAbsent()) {
            return devices;
        }
        return everySeat && waiting.ends(device.known()) ? seats : 0;
    }

    /** Whether it was part of losing everything, of which not half has come back. */
    boolean isStillOfEverything(Waiting waiting) {
        return !losingAll && waiting.outOf() > 0 && 2 * standing.getOrDefault(waiting.outOf(), 0L) > waiting.outOf();
    }
}
