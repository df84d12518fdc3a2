package dev.kandjistream.poller.domain;

import java.time.Duration;

/**
 * Something published that complete sweeps no longer show, and that is not retracted yet.
 *
 * @param picture what is missing; another picture is another absence, its time starts anew
 * @param since when a complete sweep first showed this picture, milliseconds since 1970
 * @param sweeps complete sweeps in a row that showed it
 */
public record Absence(long picture, long since, int sweeps) {
    /** After one more complete sweep that shows this picture. */
    static Absence again(Absence before, long picture, long now) {
        return before != null && before.picture == picture
                ? new Absence(picture, before.since, before.sweeps + 1)
                : new Absence(picture, now, 1);
    }

    boolean stoodFor(Duration time, long now) {
        return now - since >= time.toMillis();
    }
}
