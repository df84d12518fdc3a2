package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One walk over a whole listing: how many rows, what the API claimed, and everything that went wrong. */
public final class Walk {
    private final ClaimedTotals totals = new ClaimedTotals();
    private final ClaimedTotals counts = new ClaimedTotals();
    private final List<String> faults = new ArrayList<>();
    private long pages;
    private long rows;
    private long unusable;
    private String firstUnusable;
    private long unread;
    private String firstUnread;
    private long asOf = Moment.UNKNOWN;

    /** The walk begins; whatever the API holds at this moment of its clock will be seen. Later calls change nothing. */
    public void begins(long moment) {
        asOf = asOf == Moment.UNKNOWN ? moment : asOf;
    }

    /** When the walk began, by the API's clock; {@link Moment#UNKNOWN} for one that read nothing. */
    public long asOf() {
        return asOf;
    }

    /** A page was read. */
    public void page(long rowsOfPage, OptionalLong claimedTotal) {
        pages++;
        rows += rowsOfPage;
        claimedTotal.ifPresent(totals::claim);
    }

    /**
     * What the API counted when it was asked for the number of rows alone, before the first of them was read and after the
     * last. A count can only add doubts: what speaks against a walk without it still does.
     */
    public void counted(long before, long after) {
        counts.claim(before);
        counts.claim(after);
    }

    /** Rows that say nothing usable, such as one without a device id. They are among the page's rows. */
    public void unusable(long count, String why) {
        unusable += count;
        firstUnusable = firstUnusable == null ? why : firstUnusable;
    }

    /** A row that cannot be read, but for its id. It is among the page's rows, and what was published stays. */
    public void unread(String deviceId, String why) {
        unread++;
        firstUnread = firstUnread == null ? "device " + deviceId + ": " + why : firstUnread;
    }

    /** The walk did not reach the end, or cannot be trusted to have. */
    public void fault(String why) {
        faults.add(why);
    }

    /** Rows read, repeated and unusable ones included. */
    public long rows() {
        return rows;
    }

    public long pages() {
        return pages;
    }

    /** The API's last word on how many rows there are. */
    public OptionalLong claimedTotal() {
        return totals.claimed() ? totals.latest() : counts.latest();
    }

    /** How many rows could not be read. */
    long unread() {
        return unread;
    }

    /** What could not be read, for the receipt of whatever verdict; null where all could. */
    String unreadInWords() {
        return unread == 0
                ? null
                : unread + " rows could not be read, their devices stay as they were, the first: " + firstUnread;
    }

    /** Whether the pages themselves claimed a total. */
    boolean claimed() {
        return totals.claimed();
    }

    boolean totalMoved() {
        return totals.moved() || counts.moved();
    }

    /**
     * What keeps this walk from proving anything by absence; empty for a complete one.
     *
     * <p>Unusable and repeated rows are no doubt about the walk as a whole. But each of them may stand in the place of a row that
     * is there, see {@link #mayHide}.
     *
     * @param distinct usable rows, each once
     * @param repeated rows that came again
     */
    List<String> doubts(long distinct, long repeated) {
        var doubts = new ArrayList<>(faults);
        disagreement(totals, "claims", distinct + unusable, repeated).ifPresent(doubts::add);
        disagreement(counts, "counts", distinct + unusable, repeated).ifPresent(doubts::add);
        return doubts;
    }

    /** A total may count a row that the listing has twice, once or twice. */
    private static Optional<String> disagreement(ClaimedTotals said, String verb, long rows, long repeated) {
        return said.claimed() && !said.explain(rows) && !said.explain(rows + repeated)
                ? Optional.of("read " + rows + " different rows where the API " + verb + " " + said)
                : Optional.empty();
    }

    /** Whether the different rows are as many as the pages claimed: then repeated ones hide nothing. */
    boolean countsExactly(long distinct) {
        return totals.claimed() && totals.explain(distinct + unusable);
    }

    /** In how many places a row may be missing: that of each unusable row, and of each row that came again. */
    long mayHide(long repeated) {
        return unusable + repeated;
    }

    /** Why rows may be missing, for the receipt; null if none may. */
    String hiddenInWords(long repeated) {
        var words = new ArrayList<String>();
        if (unusable > 0) {
            words.add(unusable + " unusable rows, the first: " + firstUnusable);
        }
        if (repeated > 0) {
            words.add(repeated + " rows listed twice: the list may have shifted under the walk");
        }
        return words.isEmpty() ? null : String.join("; ", words);
    }
}
