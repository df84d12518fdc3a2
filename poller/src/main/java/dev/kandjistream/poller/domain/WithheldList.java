package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What waits once a sweep is judged: all of it counted, the longest waiting listed. */
final class WithheldList {
    /** Most that a receipt lists. */
    static final int LISTED = 1000;

    static final String OF_EVERYTHING = "part of losing everything: an operator must approve it";
    static final String REJECTED = "rejected by an operator";
    static final String NOT_WHOLE = "the sweep was not complete: what it does not show may well be there";
    static final String UNTOLD = "its row says nothing about it that can be read";
    static final String BASELINE = "nothing is retracted up to the account's first complete sweep";

    /** While what is known of the time before is not enough. */
    static String recovered(EvidenceRules rules) {
        return "the ledger lost records and was made anew: must stand for " + PlainTime.of(rules.standing());
    }

    /** What a receipt says meanwhile; null at any other time. */
    static String recoveringInWords(Ledger ledger, String kind, EvidenceRules rules) {
        return ledger.recovering(kind, rules.standing())
                ? "the ledger topic lost records of the account, which were made anew from the raw topics:"
                        + " what ends must stand for " + PlainTime.of(rules.standing())
                : null;
    }

    private static final Comparator<Withheld> OLDEST_FIRST = Comparator.comparingLong(
                    (Withheld item) -> item.since() == Moment.UNKNOWN ? Long.MAX_VALUE : item.since())
            .thenComparing(Withheld::deviceId)
            .thenComparing(Withheld::what);

    private final List<Withheld> items = new ArrayList<>();
    private final Set<String> devices = new HashSet<>();

    /**
     * One loss of one device.
     *
     * @param absence null where no complete sweep has shown it yet
     * @param lacking the evidence that is missing
     */
    void add(String deviceId, Loss loss, Absence absence, List<String> lacking) {
        add(deviceId, loss.what(), loss.before(), loss.after(), absence, lacking);
    }

    void add(String deviceId, What what, String before, String after, Absence absence, List<String> lacking) {
        devices.add(deviceId);
        items.add(new Withheld(
                deviceId,
                what,
                before,
                after,
                absence == null ? Moment.UNKNOWN : absence.since(),
                absence == null ? 0 : absence.stood(),
                absence == null ? 0 : absence.sweeps(),
                String.join("; ", lacking),
                Absence.orderOf(absence)));
    }

    /** A loss of app rows that stands in the ledger and about which this sweep says nothing. */
    void addStanding(String deviceId, Absence absence) {
        add(deviceId, absence.what(), null, null, absence, undecided(absence));
    }

    /** A loss that stands in the ledger and about which the device's row says nothing. */
    void addUntold(String deviceId, DeviceMemory memory, Absence absence) {
        String before = Loss.published(memory, absence.what());
        boolean rejected = absence.order() == Order.REJECTED;
        add(deviceId, absence.what(), before, null, absence, List.of(rejected ? REJECTED : UNTOLD));
    }

    private void addStanding(String deviceId, DeviceMemory memory, Absence absence) {
        add(deviceId, absence.what(), Loss.published(memory, absence.what()), null, absence, undecided(absence));
    }

    /** Losses of devices or users that stand in the ledger and about which a sweep that was not whole says nothing. */
    void addStandingDevices(Ledger ledger, Predicate<String> untold) {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (known.device() != null && untold.test(deviceId)) {
                    known.device().absences().forEach(absence -> addStanding(deviceId, known.device(), absence));
                }
            });
        }
    }

    /** Likewise of app rows. */
    void addStandingApps(Ledger ledger, Predicate<String> untold) {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                if (known.apps() != null && known.apps().absence() != null && untold.test(deviceId)) {
                    addStanding(deviceId, known.apps().absence());
                }
            });
        }
    }

    private static List<String> undecided(Absence absence) {
        return List.of(absence.order() == Order.REJECTED ? REJECTED : NOT_WHOLE);
    }

    /** How many devices wait. */
    long devices() {
        return devices.size();
    }

    /** The longest waiting, those first. */
    List<Withheld> listed() {
        return items.stream().sorted(OLDEST_FIRST).limit(LISTED).toList();
    }
}
