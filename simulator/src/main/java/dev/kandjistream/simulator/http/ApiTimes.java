package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.Micros;
import java.nio.charset.StandardCharsets;

/**
 * The API's ways of writing a time. By hand, since a page of app rows shows nine hundred of them and
 * {@code DateTimeFormatter} would cost more than the rest of the page.
 */
final class ApiTimes {
    private static final long SECOND = 1_000_000;
    private static final int SECONDS_A_DAY = 86_400;

    private ApiTimes() {}

    /** As in Prism: {@code 2025-02-11T09:31:07.450012+00:00}. */
    static String prism(long micros) {
        return text(micros, 'T', "+00:00");
    }

    /** As check-ins: {@code 2025-03-09T08:15:42.004210Z}; {@code ""} for never. */
    static String checkIn(long micros) {
        return micros == Micros.NEVER ? "" : text(micros, 'T', "Z");
    }

    /** As enrolments: {@code 2025-02-11 09:30:05.120034+00:00}; whole seconds have no fraction. */
    static String enrolment(long micros) {
        String text = text(micros, ' ', "+00:00");
        return Math.floorMod(micros, SECOND) == 0 ? text.replace(".000000", "") : text;
    }

    private static String text(long micros, char separator, String zone) {
        byte[] text = new byte[26 + zone.length()];
        write(micros, separator, zone, text, 0);
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** Writes 26 characters and the zone. */
    static void write(long micros, char separator, String zone, byte[] into, int at) {
        long seconds = Math.floorDiv(micros, SECOND);
        date(Math.floorDiv(seconds, SECONDS_A_DAY), into, at);
        into[at + 10] = (byte) separator;
        int ofDay = Math.floorMod(seconds, SECONDS_A_DAY);
        digits(ofDay / 3600, 2, into, at + 11);
        into[at + 13] = ':';
        digits(ofDay / 60 % 60, 2, into, at + 14);
        into[at + 16] = ':';
        digits(ofDay % 60, 2, into, at + 17);
        into[at + 19] = '.';
        digits((int) Math.floorMod(micros, SECOND), 6, into, at + 20);
        for (int i = 0; i < zone.length(); i++) {
            into[at + 26 + i] = (byte) zone.charAt(i);
        }
    }

    /** Days since the epoch to year, month, day: counts years from 1 March, so that the leap day comes last. */
    private static void date(long epochDay, byte[] into, int at) {
        long shifted = epochDay + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        long ofEra = shifted - era * 146_097;
        long year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        long ofYear = ofEra - (365 * year + year / 4 - year / 100);
        long month = (5 * ofYear + 2) / 153;
        int day = (int) (ofYear - (153 * month + 2) / 5 + 1);
        int calendarMonth = (int) (month < 10 ? month + 3 : month - 9);
        digits((int) (year + era * 400 + (calendarMonth <= 2 ? 1 : 0)), 4, into, at);
        into[at + 4] = '-';
        digits(calendarMonth, 2, into, at + 5);
        into[at + 7] = '-';
        digits(day, 2, into, at + 8);
    }

    private static void digits(int number, int count, byte[] into, int at) {
        int rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
