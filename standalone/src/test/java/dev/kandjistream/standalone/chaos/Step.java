package dev.kandjistream.standalone.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * A deed and its time.
 *
 * @param at from the beginning of the schedule
 */
record Step(Duration at, Deed deed) {
    Duration end() {
        return at.plus(deed.length());
    }

    /** For people: {@code 12.345 s  Kill[member=SINK, length=PT1.2S]}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%7.3f s  %s", at.toMillis() / 1000.0, deed);
    }
}
