package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.SharedApp;
import dev.kandjistream.poller.domain.SharedApps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row after another of the app inventory, column by column, whatever it is written in: pages and exports have their
 * rows read by these same rules, so that the same row is the same record from either. A row has some fifty columns, of
 * which fifteen are read. Belongs to one sweep, whose texts it shares, and to one thread.
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

    private static final Map<String, Integer> COLUMNS = Map.ofEntries(
            Map.entry("name", NAME),
            Map.entry("bundle_id", BUNDLE_ID),
            Map.entry("version", VERSION),
            Map.entry("short_version", SHORT_VERSION),
            Map.entry("path", PATH),
            Map.entry("bundle_name", BUNDLE_NAME),
            Map.entry("bundle_type", BUNDLE_TYPE),
            Map.entry("developer_name", DEVELOPER_NAME),
            Map.entry("team_id", TEAM_ID),
            Map.entry("obtained_from", OBTAINED_FROM),
            Map.entry("category", CATEGORY),
            Map.entry("device_id", DEVICE_ID),
            Map.entry("created_at", CREATED_AT),
            Map.entry("updated_at", UPDATED_AT),
            Map.entry("last_collected_at", COLLECTED_AT));

    private final SharedApps shared = new SharedApps();
    private final Map<String, String> deviceIds = new HashMap<>();
    private final String[] text = new String[TEXTS];
    private String deviceId;
    private long createdAt;
    private long updatedAt;
    private long collectedAt;
    /** The columns that the row has brought, a bit each. */
    private int seen;
    /** Why the row cannot be published; null where it can. */
    private String unfit;

    /** Where rows go. */
    interface Sink {
        /** A row to be published; times are {@link Moment}s. */
        void add(String deviceId, SharedApp app, long created, long updated, long collected);

        /** A row that cannot be published; its device stays as it was. */
        void leaveOut(String deviceId, String why);

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

    static boolean isTime(int column) {
        return column >= CREATED_AT;
    }

    /** Bytes of heap that the texts of all rows so far take, roughly. */
    long weight() {
        return shared.weight();
    }

    void begin() {
        Arrays.fill(text, null);
        deviceId = null;
        seen = 0;
        unfit = null;
        createdAt = Moment.UNKNOWN;
        updatedAt = Moment.UNKNOWN;
        collectedAt = Moment.UNKNOWN;
    }

    /** A column that comes twice is believed neither time; of which device such a row speaks is anybody's guess. */
    boolean comesAgain(int column) {
        int bit = 1 << column;
        if ((seen & bit) == 0) {
            seen |= bit;
            return false;
        }
        deviceId = column == DEVICE_ID ? null : deviceId;
        unfit = "a field of an app row comes twice";
        return true;
    }

    /** The value of a column that is read, as it lies in the parser's buffer; blank is null. */
    void value(int column, char[] buffer, int offset, int length) {
        switch (column) {
            case DEVICE_ID -> deviceId = deviceId(buffer, offset, length);
            case CREATED_AT -> createdAt = Moment.parse(buffer, offset, length);
            case UPDATED_AT -> updatedAt = Moment.parse(buffer, offset, length);
            case COLLECTED_AT -> collectedAt = Moment.parse(buffer, offset, length);
            default -> text(column, buffer, offset, length);
        }
    }

    private void text(int column, char[] buffer, int offset, int length) {
        int longest = column <= BUNDLE_ID ? LONGEST_NAME : LONGEST_TEXT;
        if (length > longest) {
            unfit = "a text of an app row has more than " + longest + " characters";
            return;
        }
        text[column] = shared.text(buffer, offset, length);
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
        if (deviceId == null) {
            sink.unusable("app row without a device_id that is one");
        } else if (unfit != null) {
            sink.leaveOut(deviceId, unfit);
        } else {
            sink.add(deviceId, shared.app(app()), createdAt, updatedAt, collectedAt);
        }
    }

    private App app() {
        return new App(
                text[NAME],
                text[BUNDLE_ID],
                text[VERSION],
                text[SHORT_VERSION],
                text[PATH],
                text[BUNDLE_NAME],
                text[BUNDLE_TYPE],
                text[DEVELOPER_NAME],
                text[TEAM_ID],
                text[OBTAINED_FROM],
                text[CATEGORY]);
    }
}
