package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Pending.Waiting;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Whether what one sweep of the devices would take away can be believed at once. It counts devices, seats, the seats of each
 * platform, and users that would end, each against what there is, and takes the fields into account that many rows lost.
 *
 * <p>What an operator has decided is set aside on both sides. So is, for the share, what has stood for its time: else one
 * removal that has stood would make an empty answer look like less than everything. Whether it is everything is judged
 * without regard to time.
 */
final class Belief {
    private static final String SEATS_END = "would end or change hands";

    private final List<String> reasons = new ArrayList<>();
    private boolean everyDevice;
    private boolean everySeat;
    private boolean everyLicense;
    private long licenses;
    private boolean otherUsers;
    private long devices;
    private long seats;
    private final Map<String, Long> seatsOf = new TreeMap<>();
    /** Platforms of which every seat would end or change hands. */
    private final Set<String> everySeatOf = new HashSet<>();

    private final Map<String, Long> devicesOf = new HashMap<>();
    private final Collection<AssignedUser> newHolders;
    /** Losses that were part of losing everything and still stand, by how many that were. */
    private final Map<Long, Long> standing = new HashMap<>();

    private boolean losingAll;

    private Belief(Collection<AssignedUser> newHolders) {
        this.newHolders = newHolders;
    }

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
        var belief = new Belief(newHolders);
        problems.stream()
                .filter(FieldProblem::quarantines)
                .map(FieldProblem::inWords)
                .forEach(belief.reasons::add);
        if (!pending.isEmpty()) {
            belief.count(ledger, pending, recent, rules);
        }
        return belief;
    }

    private void count(Ledger ledger, Collection<Pending> pending, Retractions recent, EvidenceRules rules) {
        losingAll = rules.losingAll();
        for (var bucket : ledger.buckets()) {
            bucket.values().stream()
                    .map(LedgerEntry::device)
                    .filter(Objects::nonNull)
                    .forEach(this::countPublished);
        }
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
        share("devices", "are absent", devices, recent.devices(), 0, pending, Pending::isAbsent, news, rules);
        share("seats", SEATS_END, seats, recent.items(), 0, pending, Pending::hasSeat, news, rules);
        sharesOfPlatforms(pending, recent, undecided, news, rules);
        long changingHands = pending.stream()
                .filter(device -> device.nextHolder().isPresent() && device.counts(news))
                .count();
        otherUsers = rules.beyondBelief(changingHands, seats, changingHands);
        long emails = pending.stream()
                .filter(device -> device.changes(What.OTHER_EMAIL, news))
                .count();
        long allEmails = emails + recent.emails();
        if (emails > 0 && allEmails >= rules.minimum() && rules.beyondBelief(allEmails, seats, allEmails)) {
            otherUsers = true;
            reasons.add(String.format(Locale.ROOT, "%,d of %,d seats' users have another email", allEmails, seats));
        }
        long serials = pending.stream()
                .filter(device -> device.changes(What.SERIAL, news))
                .count();
        if (serials >= rules.minimum() && rules.beyondBelief(serials, devices, serials)) {
            reasons.add(String.format(
                    Locale.ROOT, "%,d of %,d devices have another serial number or none", serials, devices));
        }
        shareOfUsers(pending, recent.users(), news, rules);
    }

    private void countPublished(DeviceMemory device) {
        devices++;
        if (device.holder() != null) {
            seats++;
            devicesOf.merge(Pending.userKey(device.holder()), 1L, Long::sum);
            if (device.platform() != null) {
                seatsOf.merge(device.platform(), 1L, Long::sum);
            }
        }
    }

    /**
     * An answer can lose one platform: where that is the smaller part of a fleet, it is no great share of all seats, and may be
     * every seat that has a license. Where there are few of a platform, losing them is an ordinary day, unless these are all
     * that have a license.
     */
    private void sharesOfPlatforms(
            Collection<Pending> pending,
            Retractions recent,
            Predicate<Waiting> undecided,
            Predicate<Waiting> news,
            EvidenceRules rules) {
        boolean saidOfAll = reasons.stream().anyMatch(reason -> reason.contains(SEATS_END));
        Predicate<Pending> licensed = device -> device.hasSeat() && isLicensed(device);
        licenses = DeviceRow.LICENSED.stream()
                .mapToLong(platform -> seatsOf.getOrDefault(platform, 0L))
                .sum();
        everyLicense = everything(licenses, pending, licensed, undecided, rules);
        if (!saidOfAll) {
            long taken = DeviceRow.LICENSED.stream().mapToLong(recent::seatsOf).sum();
            share("license seats", SEATS_END, licenses, taken, 0, pending, licensed, news, rules);
        }
        seatsOf.forEach((platform, known) -> {
            Predicate<Pending> concerned = device ->
                    device.hasSeat() && platform.equals(device.known().device().platform());
            long lost = pending.stream()
                    .filter(concerned)
                    .filter(device -> device.counts(undecided))
                    .count();
            if (lost >= rules.minimum() && everything(known, pending, concerned, undecided, rules)) {
                everySeatOf.add(platform);
            }
            if (reasons.stream().noneMatch(reason -> reason.contains(SEATS_END))) {
                share(
                        platform + " seats",
                        SEATS_END,
                        known,
                        recent.seatsOf(platform),
                        rules.minimum(),
                        pending,
                        concerned,
                        news,
                        rules);
            }
        });
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
            int least,
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
        if (lost > 0 && lost + recent >= least && rules.beyondBelief(lost + recent, known + recent, lost + recent)) {
            String before = recent == 0
                    ? ""
                    : String.format(
                            Locale.ROOT, " (%,d of them within the last %s)", recent, PlainTime.of(rules.standing()));
            reasons.add(String.format(
                    Locale.ROOT, "%,d of %,d %s %s%s", lost + recent, known + recent, unit, what, before));
        }
    }

    /** A user ends with the last device. Merging many users into one leaves the devices, and most users without any. */
    private void shareOfUsers(Collection<Pending> pending, long recent, Predicate<Waiting> news, EvidenceRules rules) {
        long ended = usersEndedBy(pending.stream()
                .filter(device -> device.hasSeat() && device.counts(news))
                .toList());
        long lost = ended + recent;
        long known = devicesOf.size() + recent;
        if (ended > 0 && ended < devicesOf.size() && rules.beyondBelief(lost, known, lost)) {
            reasons.add(String.format(Locale.ROOT, "%,d of %,d users would have no device", lost, known));
        }
    }

    /** How many users would have no device if these devices, which have seats, lost what they are about to lose. */
    long usersEndedBy(Collection<Pending> taken) {
        Map<String, Long> after = new HashMap<>(devicesOf);
        newHolders.forEach(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
        for (Pending device : taken) {
            after.merge(Pending.userKey(device.known().device().holder()), -1L, Long::sum);
            device.nextHolder().ifPresent(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
        }
        return devicesOf.keySet().stream().filter(key -> after.get(key) <= 0).count();
    }

    /** Whether the losses of this sweep wait until they have stood. */
    boolean isDoubted() {
        return !reasons.isEmpty() || everyDevice || everySeat || everyLicense || !everySeatOf.isEmpty();
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
            String platforms = String.join(" and ", new TreeSet<>(everySeatOf)) + " ";
            String which = everySeat ? "" : everyLicense ? "license " : platforms;
            all.add(everyDevice ? "all devices are still absent" : "all " + which + "seats would still end");
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
        if (!waiting.ends(device.known())) {
            return 0;
        }
        if (everySeat) {
            return seats;
        }
        if (everyLicense && isLicensed(device)) {
            return licenses;
        }
        String platform = device.known().device().platform();
        return everySeatOf.contains(platform) ? seatsOf.get(platform) : 0;
    }

    private static boolean isLicensed(Pending device) {
        String platform = device.known().device().platform();
        return platform != null && DeviceRow.LICENSED.contains(platform);
    }

    /** Whether it was part of losing everything, of which not half has come back. */
    boolean isStillOfEverything(Waiting waiting) {
        return !losingAll && waiting.outOf() > 0 && 2 * standing.getOrDefault(waiting.outOf(), 0L) > waiting.outOf();
    }
}
