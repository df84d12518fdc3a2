package dev.kandjistream.poller.domain;

import dev.kandjistream.poller.domain.Withheld.What;
import java.time.Duration;

/**
 * Something published that sweeps no longer show, or show otherwise, and that is not retracted yet.
 *
 * <p>Its standing time is the sum of the {@linkplain SweepTime#gapAfter gaps} between two sweeps in a row that showed exactly
 * this, measured from the end of the one to the beginning of the next. A gap longer than {@link SweepTime#longestGap} adds nothing, because no
 * sweep looked meanwhile. So neither an outage, nor a pause of the poller, nor a process that was frozen with an old answer counts.
 *
 * @param picture what is missing, or what stands in its place; another picture is another absence: its time starts anew, and
 *     no order applies to it
 * @param since end of the complete sweep that first showed this picture, milliseconds since 1970
 * @param stood standing time so far, milliseconds
 * @param gaps gaps that were counted
 * @param shownAt end of the latest sweep that showed it, milliseconds since 1970
 * @param sweeps complete sweeps in a row that showed it; sweeps beyond belief do not count
 * @param order what an operator decided about this very picture; null where there is no decision
 * @param outOf how many there were when a sweep first showed it as part of losing everything; 0 where none did. What the same
 *     answer adds, such as another fleet, makes that no smaller
 */
public record Absence(
        What what, long picture, long since, long stood, int gaps, long shownAt, int sweeps, Order order, long outOf) {
    /** Gaps that a standing time consists of at least, whatever its length. */
    static final int LEAST_GAPS = 4;

    /** Not part of losing everything. */
    public Absence(What what, long picture, long since, long stood, int gaps, long shownAt, int sweeps, Order order) {
        this(what, picture, since, stood, gaps, shownAt, sweeps, order, 0);
    }

    /** Shown by one sweep that ended at {@code now}. */
    static Absence first(What what, long picture, long now) {
        return new Absence(what, picture, now, 0, 0, now, 1, null);
    }

    /** After one more complete sweep that shows this picture. */
    static Absence again(Absence before, What what, long picture, SweepTime time) {
        if (before == null || !before.is(what, picture)) {
            return first(what, picture, time.now());
        }
        long gap = time.gapAfter(before.shownAt);
        return new Absence(
                what,
                picture,
                before.since,
                before.stood + gap,
                before.gaps + (gap > 0 ? 1 : 0),
                time.shownAfter(before.shownAt),
                before.sweeps + 1,
                before.order,
                before.outOf);
    }

    boolean is(What otherWhat, long otherPicture) {
        return what == otherWhat && picture == otherPicture;
    }

    /** The order of an absence that may be none. */
    static Order orderOf(Absence absence) {
        return absence == null ? null : absence.order;
    }

    Absence with(Order newOrder) {
        return new Absence(what, picture, since, stood, gaps, shownAt, sweeps, newOrder, outOf);
    }

    /** As part of losing everything, as many as this; where it was part of that before, it stays so. */
    Absence partOf(long everything) {
        return outOf > 0 ? this : new Absence(what, picture, since, stood, gaps, shownAt, sweeps, order, everything);
    }

    /** As before the latest sweep, which is not believed: its clock goes on, but it is no further sweep in a row. */
    Absence notCounted() {
        return new Absence(what, picture, since, stood, gaps, shownAt, sweeps - 1, order, outOf);
    }

    /** Whether sweeps have kept showing this picture for that long. */
    boolean stoodFor(Duration time) {
        return stood >= time.toMillis() && (gaps >= LEAST_GAPS || time.isZero());
    }
}
