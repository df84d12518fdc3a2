package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.poller.domain.Retractions.Counts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether what one sweep of the apps would take away can be believed at once. It counts rows, and devices without any, against
 * what there is. What an operator has decided is set aside on both sides. So is, for the share, what has stood for its time.
 * Whether it is everything is judged without regard to time.
 *
 * <p>What was {@linkplain RecentlyAdded added of late} makes no loss smaller, but fewer devices than the minimum are no more than
 * before.
 */
final class AppsBelief {
    private final EvidenceRules rules;
    private final Counts recent;
    /** Whether too many at once count as everything: it is not known what was added or taken of late. */
    private final boolean doubtful;

    private long rowsAdded;
    private long devicesAdded;
    /** Losses without an operator's order: those that count for the share, and those of any age. */
    private final Count news = new Count();

    private final Count undecided = new Count();
    private boolean hasNews;
    private long concerned;
    /** Devices about part of whose rows an operator has decided. */
    private long decidedInPart;
    /** Lost rows that were part of losing everything and still are, by how many that were. */
    private final Map<Long, Long> standing = new HashMap<>();

    /** Rows and devices that there are, and that would go. */
    private static final class Count {
        long rows;
        long devices;
        long rowsLost;
        long devicesLost;
        long emptied;

        void setAside(AppsLoss loss) {
            rows -= loss.rows();
            devices -= loss.isOfAll() ? 1 : 0;
        }

        void lose(AppsLoss loss) {
            rowsLost += loss.rows();
            devicesLost += loss.rows() > 0 ? 1 : 0;
            emptied += loss.isOfAll() ? 1 : 0;
        }
    }

    private AppsBelief(Counts recent, EvidenceRules rules, boolean doubtful) {
        this.doubtful = doubtful;
        this.rules = rules;
        this.recent = recent;
    }

    /**
     * Of one sweep.
     *
     * @param recent what sweeps before this one retracted
     * @param grown sizes before sweeps before this one added
     */
    static AppsBelief of(
            Ledger ledger, List<AppsLoss> losses, Retractions recent, RecentlyAdded grown, EvidenceRules rules) {
        var belief = new AppsBelief(
                recent.all(),
                rules,
                ledger.recovering(Ledger.APPS, rules.standing().multipliedBy(2)));
        belief.count(ledger, grown);
        losses.forEach(belief::count);
        return belief;
    }

    private void count(Ledger ledger, RecentlyAdded grown) {
        news.rows = ledger.appRows();
        news.devices = ledger.devicesWithApps();
        devicesAdded = grown.devices(news.devices);
        // What is gone by now was there when the first slice was.
        news.rows += recent.items();
        rowsAdded = grown.rows(news.rows);
        news.rowsLost = recent.items();
        news.devicesLost = recent.devices();
        undecided.rows = news.rows;
        undecided.devices = news.devices;
        undecided.rowsLost = news.rowsLost;
        undecided.devicesLost = news.devicesLost;
    }

    private void count(AppsLoss loss) {
        concerned++;
        if (loss.order() != null) {
            undecided.setAside(loss);
            news.setAside(loss);
            decidedInPart += loss.isOfAll() ? 0 : 1;
            return;
        }
        if (loss.outOf() > 0) {
            standing.merge(loss.outOf(), (long) loss.rows(), Long::sum);
        }
        if (!loss.weighty()) {
            return;
        }
        undecided.lose(loss);
        if (loss.stood(rules)) {
            news.setAside(loss);
        } else if (loss.rows() > 0) {
            news.lose(loss);
            hasNews = true;
        }
    }

    /** Why the losses of this sweep wait until they have stood; null where they do not. */
    String reason() {
        boolean everything = everything() > 0;
        if (everything && !hasNews) {
            return "all apps would still end: withheld until an operator approves it";
        }
        return hasNews && (everything || isBeyondBelief()) ? inWords() : null;
    }

    private boolean isBeyondBelief() {
        return rules.beyondBelief(news.emptied, news.devices, devicesAdded, news.emptied)
                || rules.beyondBelief(news.rowsLost, news.rows, rowsAdded, news.devicesLost);
    }

    private String inWords() {
        String young = rowsAdded == 0
                ? ""
                : String.format(Locale.ROOT, " (%,d of them added recently and not counted)", rowsAdded);
        return String.format(
                Locale.ROOT,
                "%,d of %,d devices without any app and %,d of %,d app rows%s gone:"
                        + " withheld until the same has stood for %s or an operator approves it",
                news.emptied,
                news.devices,
                news.rowsLost,
                news.rows,
                young,
                PlainTime.of(rules.standing()));
    }

    /** How many rows there were of what would all be lost by this sweep; 0 where it would not be everything. */
    long everything() {
        long rows = undecided.rows - recent.items();
        if (rules.everything(undecided.emptied, undecided.devices, undecided.emptied)
                || rules.everything(undecided.rowsLost, undecided.rows, concerned)) {
            return rows;
        }
        if (rules.everything(undecided.emptied, undecided.devices, undecided.emptied, doubtful)
                || rules.everything(undecided.rowsLost, undecided.rows, undecided.devicesLost, doubtful)) {
            // It stays so until half of these are back.
            return Math.max(1, undecided.rowsLost - recent.items());
        }
        boolean ofTheOthers = rules.everything(undecided.rowsLost, undecided.rows, rowsAdded, concerned);
        return ofTheOthers || !rules.losingAll() && isAllThatStood() ? Math.max(1, rows - rowsAdded) : 0;
    }

    /** Of a fleet of whatever size: as many rows as there were before it grew, from as many devices. */
    private boolean isAllThatStood() {
        long rows = undecided.rows - rowsAdded;
        long devices = undecided.devices - devicesAdded;
        boolean ofAllDevices = devices > 0 && undecided.devicesLost + decidedInPart >= devices;
        return rows > 0 && undecided.rowsLost >= rows && ofAllDevices;
    }

    /** Whether it was part of losing everything, of which not half has come back. */
    boolean isStillOfEverything(AppsLoss loss) {
        return !rules.losingAll() && loss.outOf() > 0 && 2 * standing.getOrDefault(loss.outOf(), 0L) > loss.outOf();
    }
}
