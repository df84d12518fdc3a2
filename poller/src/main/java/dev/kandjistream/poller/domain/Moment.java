package dev.kandjistream.poller.domain;

import java.time.DateTimeException;
import java.time.LocalDate;

/** A time as milliseconds since 1970-01-01T00:00Z, or {@link #UNKNOWN}. Plain longs: there are millions of them. */
public final class Moment {
    /** No time: the API has none, or wrote something that is no time. Less than every time. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final int SHORTEST = "2025-02-11T09:30:05".length();

    private Moment() {}

    /**
     * Reads the API's spellings: {@code 2025-03-09T08:15:42.004210Z}, {@code 2025-02-11 09:30:05.120034+00:00}, with or
     * without fraction and offset (UTC where there is none). Written out by hand because a sweep reads millions.
     *
     * @return milliseconds, the fraction cut off; {@link #UNKNOWN} for null, blank, or anything else
     */
    public static long parse(CharSequence text) {
        if (text == null || text.length() < SHORTEST || !shaped(text)) {
            return UNKNOWN;
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return UNKNOWN;
        }
        int afterFraction = SHORTEST;
        int millis = 0;
        if (afterFraction < text.length() && text.charAt(afterFraction) == '.') {
            int scale = 100;
            for (afterFraction++; afterFraction < text.length() && digit(text.charAt(afterFraction)); afterFraction++) {
                millis += (text.charAt(afterFraction) - '0') * scale;
                scale /= 10;
            }
        }
        long offset = offsetMillis(text, afterFraction);
        long day = day(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        if (offset == UNKNOWN || day == UNKNOWN) {
            return UNKNOWN;
        }
        return ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + millis - offset;
    }

    private static boolean shaped(CharSequence text) {
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && (text.charAt(10) == 'T' || text.charAt(10) == ' ')
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    private static long day(int year, int month, int dayOfMonth) {
        if (year < 0 || month < 1 || month > 12 || dayOfMonth < 1) {
            return UNKNOWN;
        }
        try {
            return LocalDate.of(year, month, dayOfMonth).toEpochDay();
        } catch (DateTimeException noSuchDay) {
            return UNKNOWN;
        }
    }

    private static long offsetMillis(CharSequence text, int from) {
        int length = text.length() - from;
        if (length == 0 || length == 1 && text.charAt(from) == 'Z') {
            return 0;
        }
        char sign = text.charAt(from);
        if (sign != '+' && sign != '-') {
            return UNKNOWN;
        }
        int hours = number(text, from + 1, from + 3);
        int minutes =
                switch (length) {
                    case 3 -> 0;
                    case 5 -> number(text, from + 3, from + 5);
                    case 6 -> text.charAt(from + 3) == ':' ? number(text, from + 4, from + 6) : -1;
                    default -> -1;
                };
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return UNKNOWN;
        }
        long millis = (hours * 60L + minutes) * 60_000;
        return sign == '-' ? -millis : millis;
    }

    /** @return the number, or -1 where there is anything but digits */
    private static int number(CharSequence text, int from, int to) {
        if (to > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!digit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
