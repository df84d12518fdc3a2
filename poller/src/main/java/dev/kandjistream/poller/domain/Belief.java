package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Pending.Waiting;
import dev.kandjistream.poller.domain.Retractions.Counts;
import dev.kandjistream.poller.domain.Retractions.Taken;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether what one sweep of the devices would take away can be believed at once. It counts devices, seats, the seats of each
 * platform, and users that would end, each against what there is, and takes the fields into account that many rows lost.
 *
 * <p>Each is also counted against what was there two standing times ago: a fault that adds before it takes away, such as
 * the list of another account, makes the fleet larger, and its share of all smaller.
 *
 * <p>What an operator has decided is set aside on both sides. So is, for the share, what has stood for its time: else one
 * removal that has stood would make an empty answer look like less than everything. Whether it is everything is judged
 * without regard to time.
 */
final class Belief {
    private static final String SEATS_END = "would end or change hands";

    private final List<String> reasons = new ArrayList<>();
    private final List<Stock> stocks;
    private final Collection<AssignedUser> newHolders;
    private final EvidenceRules rules;
    private boolean otherUsers;
    /** Losses that were part of losing everything and still stand, by how many that were. */
    private final Map<Long, Long> standing = new HashMap<>();

    private Belief(List<Stock> stocks, Collection<AssignedUser> newHolders, EvidenceRules rules) {
        this.stocks = stocks;
        this.newHolders = newHolders;
        this.rules = rules;
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
        List<Stock> stocks = pending.isEmpty() ? List.of() : Stock.of(ledger, rules, recent);
        var belief = new Belief(stocks, newHolders, rules);
        problems.stream()
                .filter(FieldProblem::quarantines)
                .map(FieldProblem::inWords)
                .forEach(belief.reasons::add);
        belief.count(pending);
        return belief;
    }

    private void count(Collection<Pending> pending) {
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
        for (Stock stock : stocks) {
            lookAtUsers(stock, pending, news);
            // One reason for the same losses is enough, and that of all is the plainer one.
            if (reasons.isEmpty() || stock.which().isEmpty()) {
                shares(stock, pending, news);
            }
            stock.lookForEverything(pending, undecided);
        }
    }

    private void shares(Stock stock, Collection<Pending> pending, Predicate<Waiting> news) {
        Counts recent = stock.taken();
        String which = stock.which();
        share(
                "devices" + which,
                "are absent",
                stock.devices(),
                recent.devices(),
                stock.least(),
                pending,
                stock::hasAbsent,
                news);
        share("seats" + which, SEATS_END, stock.seats(), recent.items(), stock.least(), pending, stock::hasSeat, news);
        sharesOfPlatforms(stock, pending, recent, news);
        shareOfEmails(stock, pending, recent.emails(), news);
        long serials = pending.stream()
                .filter(device -> stock.isDevice(device) && device.changes(What.SERIAL, news))
                .count();
        if (serials >= rules.minimum() && rules.beyondBelief(serials, stock.devices(), serials)) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d devices%s have another serial number or none",
                    serials,
                    stock.devices(),
                    which));
        }
        shareOfUsers(stock, pending, recent.users(), news);
    }

    private void lookAtUsers(Stock stock, Collection<Pending> pending, Predicate<Waiting> news) {
        long changingHands = pending.stream()
                .filter(device -> device.nextHolder().isPresent() && stock.hasSeat(device) && device.counts(news))
                .count();
        otherUsers |= changingHands >= stock.least() && rules.beyondBelief(changingHands, stock.seats(), changingHands);
    }

    private void shareOfEmails(Stock stock, Collection<Pending> pending, long recent, Predicate<Waiting> news) {
        long emails = pending.stream()
                .filter(device -> stock.isSeat(device) && device.changesEmail(news))
                .count();
        long all = emails + recent;
        if (emails > 0 && all >= rules.minimum() && rules.beyondBelief(all, stock.seats(), all)) {
            otherUsers = true;
            reasons.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d seats' users%s have another email or none",
                    all,
                    stock.seats(),
                    stock.which()));
        }
    }

    /**
     * An answer can lose one platform: where that is the smaller part of a fleet, it is no great share of all seats, and may be
     * every seat that has a license. Where there are few of a platform, losing them is an ordinary day, unless these are all
     * that have a license.
     */
    private void sharesOfPlatforms(Stock stock, Collection<Pending> pending, Counts recent, Predicate<Waiting> news) {
        if (!saysSeatsEnd()) {
            long taken = recent.licenses();
            String unit = "license seats" + stock.which();
            share(unit, SEATS_END, stock.licenses(), taken, stock.least(), pending, stock::hasLicense, news);
        }
        stock.seatsOf().forEach((platform, known) -> {
            if (!saysSeatsEnd()) {
                share(
                        platform + " seats" + stock.which(),
                        SEATS_END,
                        known,
                        recent.seatsOf(platform),
                        rules.minimum(),
                        pending,
                        device -> stock.hasSeat(device, platform),
                        news);
            }
        });
    }

    private boolean saysSeatsEnd() {
        return reasons.stream().anyMatch(reason -> reason.contains(SEATS_END));
    }

    private void share(
            String unit,
            String what,
            long all,
            long recent,
            int least,
            Collection<Pending> pending,
            Predicate<Pending> concerned,
            Predicate<Waiting> news) {
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
    private void shareOfUsers(Stock stock, Collection<Pending> pending, long recent, Predicate<Waiting> news) {
        long ended = usersEndedBy(
                stock,
                pending.stream()
                        .filter(device -> device.hasSeat() && device.counts(news))
                        .toList());
        long lost = ended + recent;
        long users = stock.devicesOf().size();
        if (ended > 0 && ended < users && lost >= stock.least() && rules.beyondBelief(lost, users + recent, lost)) {
            reasons.add(String.format(
                    Locale.ROOT, "%,d of %,d users%s would have no device", lost, users + recent, stock.which()));
        }
    }

    /**
     * What this sweep takes by itself.
     *
     * @param absent devices
     * @param seats devices whose seat ends or changes hands
     * @param emails devices whose user has another email
     */
    Taken taken(long at, Collection<Pending> absent, Collection<Pending> seats, Collection<Pending> emails) {
        Stock before = stocks.get(stocks.size() - 1);
        return new Taken(at, counts(stocks.get(0), absent, seats, emails), counts(before, absent, seats, emails));
    }

    private Counts counts(
            Stock stock, Collection<Pending> absent, Collection<Pending> seats, Collection<Pending> emails) {
        var ofStock = seats.stream().filter(stock::isSeat).toList();
        var platforms = new HashMap<String, Long>();
        ofStock.stream()
                .map(device -> device.known().device().platform())
                .filter(Objects::nonNull)
                .forEach(platform -> platforms.merge(platform, 1L, Long::sum));
        return new Counts(
                absent.stream().filter(stock::isDevice).count(),
                ofStock.size(),
                seats.isEmpty() ? 0 : usersEndedBy(stock, seats),
                emails.stream().filter(stock::isSeat).count(),
                platforms);
    }

    private long usersEndedBy(Stock stock, Collection<Pending> taken) {
        Map<String, Long> after = new HashMap<>(stocks.get(0).devicesOf());
        newHolders.forEach(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
        for (Pending device : taken) {
            after.merge(Pending.userKey(device.known().device().holder()), -1L, Long::sum);
            device.nextHolder().ifPresent(holder -> after.merge(Pending.userKey(holder), 1L, Long::sum));
        }
        return stock.devicesOf().keySet().stream()
                .filter(key -> after.get(key) <= 0)
                .count();
    }

    /** Whether the losses of this sweep wait until they have stood. */
    boolean isDoubted() {
        return !reasons.isEmpty() || stocks.stream().anyMatch(Stock::losesEverything);
    }

    /** Whether so many devices have another user that no user of this sweep can be believed. */
    boolean doubtsUsers() {
        return otherUsers;
    }

    /** Why they wait; null where they do not. */
    String reason() {
        var all = new ArrayList<>(reasons);
        if (all.isEmpty()) {
            stocks.stream()
                    .filter(Stock::losesEverything)
                    .findFirst()
                    .ifPresent(stock -> all.add(stock.everythingInWords()));
        }
        return all.isEmpty() ? null : String.join(", ", all);
    }

    /** Whether this loss is part of losing everything, by this sweep. */
    boolean isOfEverything(Pending device, Waiting waiting) {
        return outOf(device, waiting) > 0;
    }

    /** How many there were of what is all lost, by this sweep; 0 where this loss is not part of losing everything. */
    long outOf(Pending device, Waiting waiting) {
        return stocks.stream()
                .mapToLong(stock -> stock.outOf(device, waiting))
                .filter(outOf -> outOf > 0)
                .findFirst()
                .orElse(0);
    }

    /** Whether it was part of losing everything, of which not half has come back. */
    boolean isStillOfEverything(Waiting waiting) {
        return !rules.losingAll()
                && waiting.outOf() > 0
                && 2 * standing.getOrDefault(waiting.outOf(), 0L) > waiting.outOf();
    }
}
