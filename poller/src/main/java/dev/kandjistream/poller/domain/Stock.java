package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.Pending.Waiting;
import dev.kandjistream.poller.domain.Retractions.Counts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is published of an account, against which the losses of one sweep are counted: all of it, or what was there two standing
 * times ago, as {@linkplain Ledger#watched long as sweeps have watched}. Only the latter is no larger for what a fault adds before
 * it takes away. Two, because a loss that shows within one must stand for another.
 */
final class Stock {
    /** In words, with a space before it: nothing for all of it. */
    private final String which;

    /** Fewer losses than this are no emergency by this stock, unless they are all of it and more than a device or two. */
    private final int least;

    /** What is published later than this does not belong to it. */
    private final long until;

    private final EvidenceRules rules;
    /** What sweeps of late took of it: it is not there any more, and was when the first slice went. */
    private final Counts taken;

    private long devices;
    private long seats;
    private final Map<String, Long> seatsOf = new TreeMap<>();
    private final Map<String, Long> devicesOf = new HashMap<>();
    /** Whether too many at once count as everything: it is not known what was added or taken of late. */
    private final boolean doubtful;
    /** How many of them there were where all would be lost, else 0. */
    private long everyDevice;

    private long everySeat;
    private long everyLicense;
    /** Platforms of which every seat would end or change hands, and how many there were. */
    private final Map<String, Long> everySeatOf = new TreeMap<>();

    private Stock(String which, int least, long until, EvidenceRules rules, Counts taken, boolean doubtful) {
        this.doubtful = doubtful;
        this.which = which;
        this.least = least;
        this.until = until;
        this.rules = rules;
        this.taken = taken;
    }

    /** All that is published, and, if that differs, what of it was there before. */
    static List<Stock> of(Ledger ledger, EvidenceRules rules, Retractions recent) {
        boolean doubtful = ledger.recovering(Ledger.DEVICES, rules.standing().multipliedBy(2));
        var all = new Stock("", 0, Long.MAX_VALUE, rules, recent.all(), doubtful);
        long until = ledger.watched(Ledger.DEVICES) - 2 * rules.standing().toMillis();
        var before = new Stock(" that were there before", rules.minimum(), until, rules, recent.before(), doubtful);
        for (var bucket : ledger.buckets()) {
            bucket.values().stream()
                    .map(LedgerEntry::device)
                    .filter(Objects::nonNull)
                    .forEach(device -> {
                        all.count(device);
                        before.count(device);
                    });
        }
        return before.devices == all.devices && before.seats == all.seats ? List.of(all) : List.of(all, before);
    }

    private void count(DeviceMemory device) {
        devices += isPart(device.since()) ? 1 : 0;
        if (device.holder() != null && isPart(device.heldSince())) {
            seats++;
            devicesOf.merge(Pending.userKey(device.holder()), 1L, Long::sum);
            if (device.platform() != null) {
                seatsOf.merge(device.platform(), 1L, Long::sum);
            }
        }
    }

    private boolean isPart(long time) {
        return time <= until || time == DeviceMemory.ALWAYS;
    }

    Counts taken() {
        return taken;
    }

    String which() {
        return which;
    }

    int least() {
        return least;
    }

    long devices() {
        return devices;
    }

    long seats() {
        return seats;
    }

    /** Seats with a license. */
    long licenses() {
        return DeviceRow.LICENSED.stream()
                .mapToLong(platform -> seatsOf.getOrDefault(platform, 0L))
                .sum();
    }

    Map<String, Long> seatsOf() {
        return seatsOf;
    }

    boolean isDevice(Pending device) {
        return isPart(device.known().device().since());
    }

    boolean hasAbsent(Pending device) {
        return device.isAbsent() && isDevice(device);
    }

    boolean isSeat(Pending device) {
        DeviceMemory memory = device.known().device();
        return memory.holder() != null && isPart(memory.heldSince());
    }

    /** Whether a seat of it would end or change hands. */
    boolean hasSeat(Pending device) {
        return device.hasSeat() && isSeat(device);
    }

    boolean hasLicense(Pending device) {
        String platform = device.known().device().platform();
        return hasSeat(device) && platform != null && DeviceRow.LICENSED.contains(platform);
    }

    boolean hasSeat(Pending device, String platform) {
        return hasSeat(device) && platform.equals(device.known().device().platform());
    }

    /** Notes of what everything, or as good as that, would be lost. */
    void lookForEverything(Collection<Pending> pending, Predicate<Waiting> undecided) {
        everyDevice = everything(devices, taken.devices(), pending, this::hasAbsent, undecided);
        everySeat = everything(seats, taken.items(), pending, this::hasSeat, undecided);
        everyLicense = everything(licenses(), taken.licenses(), pending, this::hasLicense, undecided);
        seatsOf.forEach((platform, known) -> {
            Predicate<Pending> concerned = device -> hasSeat(device, platform);
            long lost = pending.stream()
                    .filter(concerned)
                    .filter(device -> device.counts(undecided))
                    .count();
            // Where there are few of a platform, losing them is an ordinary day; a platform may be retired in a week.
            long all = everything(known, 0, pending, concerned, undecided);
            if (lost >= rules.minimum() && all > 0) {
                everySeatOf.put(platform, all);
            }
        });
    }

    /**
     * How many there are if all of them would be lost, else 0. Where less counts as everything, it is as many as would be lost: it
     * stays so until half of these are back.
     */
    private long everything(
            long known,
            long before,
            Collection<Pending> pending,
            Predicate<Pending> concerned,
            Predicate<Waiting> undecided) {
        long lost = pending.stream()
                .filter(concerned)
                .filter(device -> device.counts(undecided))
                .count();
        long decided = pending.stream()
                .filter(concerned)
                .filter(device -> !device.counts(undecided))
                .count();
        boolean isAll = lost > 0
                && lost + before >= Math.min(least, EvidenceRules.LEAST_OF_ALL)
                && rules.everything(lost + before, known + before - decided, lost + before, doubtful);
        return !isAll ? 0 : doubtful ? lost : known;
    }

    boolean losesEverything() {
        return everyDevice > 0 || everySeat > 0 || everyLicense > 0 || !everySeatOf.isEmpty();
    }

    /** In words; only where {@link #losesEverything}. */
    String everythingInWords() {
        String many = doubtful ? "too many " : "all ";
        if (everyDevice > 0) {
            return many + "devices" + which + " are still absent";
        }
        String kind =
                everySeat > 0 ? "" : everyLicense > 0 ? "license " : String.join(" and ", everySeatOf.keySet()) + " ";
        return many + kind + "seats" + which + " would still end";
    }

    /** How many there were of what is all lost, by this sweep; 0 where this loss is not part of losing everything. */
    long outOf(Pending device, Waiting waiting) {
        if (everyDevice > 0 && hasAbsent(device)) {
            return everyDevice;
        }
        if (!waiting.ends(device.known()) || !hasSeat(device)) {
            return 0;
        }
        if (everySeat > 0) {
            return everySeat;
        }
        if (everyLicense > 0 && hasLicense(device)) {
            return everyLicense;
        }
        String platform = device.known().device().platform();
        return platform == null ? 0 : everySeatOf.getOrDefault(platform, 0L);
    }

    /** Devices by the key of their user. */
    Map<String, Long> devicesOf() {
        return devicesOf;
    }
}
