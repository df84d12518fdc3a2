package dev.kandjistream.poller.domain;

import java.time.Duration;

/**
 * Something published that complete sweeps no longer show, and that is not retracted yet.
 *
 * @param picture what is missing; another picture is another absence: its time starts anew, and nobody has decided it
 * @param since when a complete sweep first showed this picture, milliseconds since 1970
 * @param sweeps complete sweeps in a row that showed it, those not counted that were beyond belief
 * @param order what an operator decided about this very picture; null where nobody has
 */
public record Absence(long picture, long since, int sweeps, Order order) {
    public Absence(long picture, long since, int sweeps) {
        this(picture, since, sweeps, null);
    }

    /** After one more complete sweep that shows this picture. */
    static Absence again(Absence before, long picture, long now) {
        return before != null && before.picture == picture
                ? new Absence(picture, before.since, before.sweeps + 1, before.order)
                : new Absence(picture, now, 1);
    }

    /** The order of an absence that may be none. */
    static Order orderOf(Absence absence) {
        return absence == null ? null : absence.order;
    }

    Absence with(Order newOrder) {
        return new Absence(picture, since, sweeps, newOrder);
    }

    /** As before the latest sweep, which is not believed: its clock goes on, but it proves nothing by being one more. */
    Absence notCounted() {
        return new Absence(picture, since, sweeps - 1, order);
    }

    /** @param seen when a sweep surely saw it still: at the earliest when that sweep began */
    boolean stoodFor(Duration time, long seen) {
        return seen - since >= time.toMillis();
    }
}
