package dev.kandjistream.kandji.domain;

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
    public static long parse(String text) {
        return text == null ? UNKNOWN : parse(text.toCharArray(), 0, text.length());
    }

    /** As {@link #parse(String)}, of text that lies in a buffer. */
    public static long parse(char[] buffer, int offset, int length) {
        if (length < SHORTEST || !shaped(buffer, offset)) {
            return UNKNOWN;
        }
        return read(buffer, offset, offset + length);
    }

    private static long read(char[] text, int start, int end) {
        int hour = number(text, start + 11, start + 13, end);
        int minute = number(text, start + 14, start + 16, end);
        int second = number(text, start + 17, start + 19, end);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return UNKNOWN;
        }
        int at = start + SHORTEST;
        int millis = 0;
        if (at < end && text[at] == '.') {
            int scale = 100;
            for (at++; at < end && digit(text[at]); at++) {
                millis += (text[at] - '0') * scale;
                scale /= 10;
            }
        }
        long offset = offsetMillis(text, at, end);
        long day = day(
                number(text, start, start + 4, end),
                number(text, start + 5, start + 7, end),
                number(text, start + 8, start + 10, end));
        if (offset == UNKNOWN || day == UNKNOWN) {
            return UNKNOWN;
        }
        return ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + millis - offset;
    }

    private static boolean shaped(char[] text, int start) {
        return text[start + 4] == '-'
                && text[start + 7] == '-'
                && (text[start + 10] == 'T' || text[start + 10] == ' ')
                && text[start + 13] == ':'
                && text[start + 16] == ':';
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

    private static long offsetMillis(char[] text, int from, int end) {
        int length = end - from;
        if (length == 0 || length == 1 && text[from] == 'Z') {
            return 0;
        }
        char sign = text[from];
        if (sign != '+' && sign != '-') {
            return UNKNOWN;
        }
        int hours = number(text, from + 1, from + 3, end);
        int minutes =
                switch (length) {
                    case 3 -> 0;
                    case 5 -> number(text, from + 3, from + 5, end);
                    case 6 -> text[from + 3] == ':' ? number(text, from + 4, from + 6, end) : -1;
                    default -> -1;
                };
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return UNKNOWN;
        }
        long millis = (hours * 60L + minutes) * 60_000;
        return sign == '-' ? -millis : millis;
    }

    /** @return the number, or -1 where there is anything but digits */
    private static int number(char[] text, int from, int to, int end) {
        if (to > end) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!digit(text[i])) {
                return -1;
            }
            number = number * 10 + text[i] - '0';
        }
        return number;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
