package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** What waits once a sweep is judged: all of it counted, the longest waiting listed. */
final class WithheldList {
    /** Most that a receipt lists. */
    static final int LISTED = 1000;

    static final String REJECTED = "rejected by an operator";
    static final String NOT_WHOLE = "the sweep was not complete: what it does not show may well be there";
    static final String BASELINE = "nothing is retracted up to the account's first complete sweep";

    private static final Comparator<Withheld> OLDEST_FIRST = Comparator.comparingLong(
                    (Withheld item) -> item.since() == Moment.UNKNOWN ? Long.MAX_VALUE : item.since())
            .thenComparing(Withheld::deviceId);

    private final List<Withheld> items = new ArrayList<>();

    /**
     * One device.
     *
     * @param absence null where no complete sweep has shown it yet
     * @param lacking the evidence that is missing
     */
    void add(String deviceId, What what, Absence absence, List<String> lacking) {
        items.add(new Withheld(
                deviceId,
                what,
                absence == null ? Moment.UNKNOWN : absence.since(),
                absence == null ? 0 : absence.sweeps(),
                String.join("; ", lacking),
                Absence.orderOf(absence)));
    }

    /** Absences of devices or users that stand in the ledger and about which a sweep that was not whole said nothing. */
    void addStandingDevices(Ledger ledger, Predicate<String> untold) {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                Absence absence = known.device() == null ? null : known.device().absence();
                if (absence != null && untold.test(deviceId)) {
                    add(deviceId, What.ofDevice(absence.picture()), absence, undecided(absence));
                }
            });
        }
    }

    /** Likewise of app rows. */
    void addStandingApps(Ledger ledger, Predicate<String> untold) {
        for (var bucket : ledger.buckets()) {
            bucket.forEach((deviceId, known) -> {
                Absence absence = known.apps() == null ? null : known.apps().absence();
                if (absence != null && untold.test(deviceId)) {
                    add(deviceId, What.APPS, absence, undecided(absence));
                }
            });
        }
    }

    private static List<String> undecided(Absence absence) {
        return List.of(absence.order() == Order.REJECTED ? REJECTED : NOT_WHOLE);
    }

    long count() {
        return items.size();
    }

    /** The longest waiting, those first. */
    List<Withheld> listed() {
        return items.stream().sorted(OLDEST_FIRST).limit(LISTED).toList();
    }
}
