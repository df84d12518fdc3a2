package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.SharedApp;
import dev.kandjistream.poller.domain.SharedApps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One row after another of the app inventory, column by column, whatever it is written in: pages and exports have their
 * rows read by these same rules, so that the same row is the same record from either. A row has some fifty columns, of
 * which fifteen are read. Belongs to one sweep, whose texts it shares, and to one thread.
 *
 * <p>Texts beyond a limit are cut and marked. A column of another type than documented, or that comes twice with different
 * values, is null and marked as unread. Where it is one of those that say which app the row is about, the row is skipped.
 */
final class AppRow {
    /** A column that is not read. */
    static final int PASSED_OVER = -1;

    /** Names of apps and files are at most 255 bytes on Apple's file systems; with others they make up keys. */
    static final int LONGEST_NAME = 500;

    /** Beyond every path (1,024 bytes on macOS) and every other text that is published of an app. */
    static final int LONGEST_TEXT = 4_096;

    private static final int NAME = 0;
    private static final int BUNDLE_ID = 1;
    private static final int VERSION = 2;
    private static final int SHORT_VERSION = 3;
    private static final int PATH = 4;
    private static final int BUNDLE_NAME = 5;
    private static final int BUNDLE_TYPE = 6;
    private static final int DEVELOPER_NAME = 7;
    private static final int TEAM_ID = 8;
    private static final int OBTAINED_FROM = 9;
    private static final int CATEGORY = 10;
    private static final int TEXTS = 11;
    private static final int DEVICE_ID = 11;
    private static final int CREATED_AT = 12;
    private static final int UPDATED_AT = 13;
    private static final int COLLECTED_AT = 14;

    private static final String[] NAMES = {
        "name",
        "bundle_id",
        "version",
        "short_version",
        "path",
        "bundle_name",
        "bundle_type",
        "developer_name",
        "team_id",
        "obtained_from",
        "category",
        "device_id",
        "created_at",
        "updated_at",
        "last_collected_at"
    };

    private static final Map<String, Integer> COLUMNS = IntStream.range(0, NAMES.length)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(column -> NAMES[column], column -> column));

    /** The columns that make an app that very one, or one that is suppressed by its name. */
    private static final int IDENTITY = bit(NAME) | bit(BUNDLE_ID) | bit(PATH);

    /** The columns of which a record says whether they are cut or unread. */
    private static final int PUBLISHED = bit(TEXTS) - 1 | bit(CREATED_AT) | bit(UPDATED_AT);

    private static final char[] NOTHING = {};

    private final SharedApps shared = new SharedApps();
    private final Map<String, String> deviceIds = new HashMap<>();
    private final String[] text = new String[TEXTS];
    /** Fingerprints of the texts that are cut, as they were before; 0 for the others. */
    private final long[] uncut = new long[TEXTS];

    private final long[] times = new long[NAMES.length];
    private String deviceId;
    /** The columns that the row has brought, that cannot be read, and that are cut; a bit each. */
    private int seen;

    private int unread;
    private int cut;

    /** Where rows go. */
    interface Sink {
        /** A row to be published; times are {@link Moment}s. */
        void add(String deviceId, SharedApp app, long created, long updated, long collected);

        /** A row of which it cannot be read what app it is about. @param print of what can be read of it */
        void unread(String deviceId, String why, long print);

        /** A row of which nobody can tell what device it is about. */
        void unusable(String why);
    }

    /** @return {@link #PASSED_OVER} for all others */
    static int column(String name) {
        return COLUMNS.getOrDefault(name, PASSED_OVER);
    }

    /** Names of the columns that are read, without these; sorted. */
    static Set<String> columnsBut(Set<String> names) {
        Set<String> columns = new TreeSet<>(COLUMNS.keySet());
        columns.removeAll(names);
        return columns;
    }

    /** Bytes of heap that the texts of all rows so far take, roughly. */
    long weight() {
        return shared.weight();
    }

    void begin() {
        Arrays.fill(text, null);
        Arrays.fill(uncut, 0);
        Arrays.fill(times, Moment.UNKNOWN);
        deviceId = null;
        seen = 0;
        unread = 0;
        cut = 0;
    }

    /** A column that has null. */
    void nothing(int column) {
        value(column, NOTHING, 0, 0);
    }

    /** A column that has something other than text. */
    void unreadable(int column) {
        seen |= bit(column);
        unread |= bit(column);
    }

    /** The value of a column that is read, as it lies in the parser's buffer; blank is null. */
    void value(int column, char[] buffer, int offset, int length) {
        boolean first = (seen & bit(column)) == 0;
        seen |= bit(column);
        boolean same =
                switch (column) {
                    case DEVICE_ID -> deviceId(deviceId(buffer, offset, length), first);
                    case CREATED_AT, UPDATED_AT, COLLECTED_AT -> time(column, buffer, offset, length, first);
                    default -> text(column, buffer, offset, length, first);
                };
        unread |= same ? 0 : bit(column);
    }

    /** @return whether nothing else was there before */
    private boolean deviceId(String told, boolean first) {
        deviceId = first ? told : deviceId;
        return Objects.equals(told, deviceId);
    }

    /** @return whether it is a time, or blank, and no other was there before */
    private boolean time(int column, char[] buffer, int offset, int length, boolean first) {
        long told = Moment.parse(buffer, offset, length);
        times[column] = first ? told : times[column];
        boolean readable =
                told != Moment.UNKNOWN || shared.text(buffer, offset, Math.min(length, LONGEST_NAME)) == null;
        return readable && told == times[column];
    }

    /** @return whether no other was there before */
    private boolean text(int column, char[] buffer, int offset, int length, boolean first) {
        int kept = Json.cut(buffer, offset, length, column <= BUNDLE_ID ? LONGEST_NAME : LONGEST_TEXT);
        String told = shared.text(buffer, offset, kept);
        long before = kept == length ? 0 : Fingerprint.of(buffer, offset, length);
        if (first) {
            text[column] = told;
            uncut[column] = before;
            cut |= kept == length ? 0 : bit(column);
        }
        // What identifies an app must not be a text of which a part is lost.
        boolean whole = told == null || (IDENTITY & bit(column)) == 0 || told.indexOf(Json.REPLACEMENT) < 0;
        return whole && Objects.equals(told, text[column]) && before == uncut[column];
    }

    private String deviceId(char[] buffer, int offset, int length) {
        if (length > Json.LONGEST_ID) {
            return null;
        }
        String told = shared.text(buffer, offset, length);
        if (told == null) {
            return null;
        }
        String known = deviceIds.get(told);
        if (known == null) {
            known = Json.deviceId(told);
            if (known != null) {
                deviceIds.put(told, known);
            }
        }
        return known;
    }

    /** The row is whole. */
    void end(Sink sink) {
        if (deviceId == null || isUnread(DEVICE_ID)) {
            sink.unusable("app row without a device_id that is one");
        } else if ((unread & IDENTITY) != 0) {
            sink.unread(
                    deviceId,
                    "an app row has " + String.join(" and ", names(unread & IDENTITY))
                            + " in a form that cannot be read, or twice with different values",
                    readablePrint());
        } else {
            sink.add(deviceId, shared.app(app()), time(CREATED_AT), time(UPDATED_AT), time(COLLECTED_AT));
        }
    }

    /** Of the columns that make a row another one, and of which of them cannot be read. */
    private long readablePrint() {
        return Fingerprint.ordered(
                Fingerprint.ordered(unread & PUBLISHED, shared.app(app()).content()), time(CREATED_AT));
    }

    private App app() {
        return new App(
                text(NAME),
                text(BUNDLE_ID),
                text(VERSION),
                text(SHORT_VERSION),
                text(PATH),
                text(BUNDLE_NAME),
                text(BUNDLE_TYPE),
                text(DEVELOPER_NAME),
                text(TEAM_ID),
                text(OBTAINED_FROM),
                text(CATEGORY),
                shape(),
                uncut());
    }

    private String text(int column) {
        return isUnread(column) ? null : text[column];
    }

    private long time(int column) {
        return isUnread(column) ? Moment.UNKNOWN : times[column];
    }

    private boolean isUnread(int column) {
        return (unread & bit(column)) != 0;
    }

    private RowShape shape() {
        int unreadNow = unread & PUBLISHED;
        int cutNow = cut & ~unread;
        return (unreadNow | cutNow) == 0
                ? RowShape.FULL
                : new RowShape(Set.of(), names(unreadNow), Set.of(), names(cutNow));
    }

    private long uncut() {
        int cutNow = cut & ~unread;
        long print = 0;
        for (int column = 0; cutNow != 0 && column < TEXTS; column++) {
            print = (cutNow & bit(column)) == 0 ? print : Fingerprint.ordered(print, uncut[column]);
        }
        return print;
    }

    private static Set<String> names(int bits) {
        return IntStream.range(0, NAMES.length)
                .filter(column -> (bits & bit(column)) != 0)
                .mapToObj(column -> NAMES[column])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int bit(int column) {
        return 1 << column;
    }
}
