package dev.kandjistream.kandji.domain;

import java.time.Duration;

/** Spans of time in words, for reasons that people read: {@code 7 days}, {@code 24 hours}, {@code 1 minute 30 seconds}. */
public final class PlainTime {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private PlainTime() {}

    /**
     * The largest unit that there is two of for days, one of for others, and what is left of it in the next unit. What is
     * shorter than a second is told in milliseconds; what is negative, as its opposite is with a minus.
     */
    public static String of(Duration time) {
        long millis = time.toMillis();
        if (millis < 0) {
            return "-" + of(time.negated());
        }
        if (millis >= 2 * DAY) {
            return parts(millis, DAY, "day", HOUR, "hour");
        }
        if (millis >= HOUR) {
            return parts(millis, HOUR, "hour", MINUTE, "minute");
        }
        if (millis >= MINUTE) {
            return parts(millis, MINUTE, "minute", 1000, "second");
        }
        return millis >= 1000 || millis == 0 ? count(millis / 1000, "second") : count(millis, "millisecond");
    }

    private static String parts(long millis, long unit, String name, long smaller, String smallerName) {
        long rest = millis % unit / smaller;
        return count(millis / unit, name) + (rest == 0 ? "" : " " + count(rest, smallerName));
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
