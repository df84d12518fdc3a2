package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The app rows of one device as a sweep found them. Rows are collected in any order, then {@link #seal} drops repeated
 * ones and takes the prints. Three parallel arrays: one row is a reference and two times.
 */
public final class DeviceApps {
    /** More rows than this are counted but not kept: such a record would be beyond the record limit anyway. */
    public static final int MAX_ROWS = 50_000;

    private static final Comparator<String> NULLS_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());
    private static final Comparator<App> PUBLISHED_ORDER = Comparator.comparing(App::bundleId, NULLS_FIRST)
            .thenComparing(App::path, NULLS_FIRST)
            .thenComparing(App::name, NULLS_FIRST)
            .thenComparing(App::version, NULLS_FIRST);

    private final String deviceId;
    private SharedApp[] apps = new SharedApp[8];
    private long[] createdAt = new long[8];
    private long[] updatedAt = new long[8];
    private int size;
    private int left;
    private int unread;
    /** Of the rows that could not be read; null as long as there are none. */
    private Set<Long> unreadPrints;

    private int repeated;
    private long collectedAt = Moment.UNKNOWN;
    private long observedAt;
    private long fingerprint;
    private long[] rowIds = {};

    /** @param observedAt when its first row was asked for, milliseconds since 1970 */
    public DeviceApps(String deviceId, long observedAt) {
        this.deviceId = deviceId;
        this.observedAt = observedAt;
    }

    /** One more row; times are {@link Moment}s. */
    public void add(SharedApp app, long created, long updated, long collected, long observed) {
        collectedAt = Math.max(collectedAt, collected);
        observedAt = Math.min(observedAt, observed);
        if (size == MAX_ROWS) {
            left++;
            return;
        }
        if (size == apps.length) {
            int larger = Math.min(MAX_ROWS, size + (size >> 1));
            apps = Arrays.copyOf(apps, larger);
            createdAt = Arrays.copyOf(createdAt, larger);
            updatedAt = Arrays.copyOf(updatedAt, larger);
        }
        apps[size] = app;
        createdAt[size] = created;
        updatedAt[size++] = updated;
    }

    /**
     * A row that cannot be read. The others are; whether this one was published before cannot be told.
     *
     * @param print of what can be read of it: an equal one is the same row again
     */
    void unreadRow(long print) {
        unreadPrints = unreadPrints == null ? new HashSet<>() : unreadPrints;
        if (unread < MAX_ROWS && !unreadPrints.add(print)) {
            repeated++;
        } else {
            unread++;
        }
    }

    /** Ends collecting: rows that came twice are one, and the prints are taken. */
    public DeviceApps seal() {
        dropRepeated();
        long print = 0;
        long[] ids = new long[size];
        for (int i = 0; i < size; i++) {
            // A sum, so that the order of rows does not count.
            print += Fingerprint.ordered(rowPrint(i), updatedAt[i]);
            ids[i] = apps[i].identity();
        }
        fingerprint = Fingerprint.ordered(print, unread == 0 ? size : Fingerprint.ordered(size, unread));
        rowIds = distinct(ids);
        return this;
    }

    /** The API has no row id; equal columns and an equal birth are the same row, seen again because pages shifted. */
    private long rowPrint(int row) {
        return Fingerprint.ordered(apps[row].content(), createdAt[row]);
    }

    private void dropRepeated() {
        long[] prints = new long[size];
        for (int i = 0; i < size; i++) {
            prints[i] = rowPrint(i);
        }
        if (distinct(prints.clone()).length == size) {
            return;
        }
        var seen = new HashMap<Long, Integer>();
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Integer earlier = seen.putIfAbsent(prints[i], kept);
            int place = earlier == null ? kept++ : earlier;
            // The later reading of a row is the newer one.
            apps[place] = apps[i];
            createdAt[place] = createdAt[i];
            updatedAt[place] = updatedAt[i];
        }
        repeated += size - kept;
        size = kept;
    }

    /** Sorts its argument. */
    private static long[] distinct(long[] values) {
        Arrays.sort(values);
        int kept = 0;
        for (int i = 0; i < values.length; i++) {
            if (i == 0 || values[i] != values[i - 1]) {
                values[kept++] = values[i];
            }
        }
        return kept == values.length ? values : Arrays.copyOf(values, kept);
    }

    public String deviceId() {
        return deviceId;
    }

    /** Rows kept. */
    public int size() {
        return size;
    }

    /** Whether the device has more rows than are kept, so that its list cannot be published. */
    public boolean overflowed() {
        return left > 0;
    }

    /** Rows that could not be read and are not among those kept. */
    public int unreadRows() {
        return unread;
    }

    /** Rows that were different, those that were not kept or not read included. */
    long distinctRows() {
        return (long) size + left + unread;
    }

    boolean anyRow(Predicate<App> which) {
        return IntStream.range(0, size).anyMatch(row -> which.test(apps[row].app()));
    }

    /** This list where the rows about these apps count as unreadable; this very list where there are none. */
    DeviceApps unreading(Predicate<App> which) {
        var readable = new DeviceApps(deviceId, observedAt);
        readable.left = left;
        readable.unread = unread;
        readable.repeated = repeated;
        readable.collectedAt = collectedAt;
        for (int row = 0; row < size; row++) {
            if (which.test(apps[row].app())) {
                readable.unread++;
            } else {
                readable.add(apps[row], createdAt[row], updatedAt[row], collectedAt, observedAt);
            }
        }
        return readable.unread == unread ? this : readable.seal();
    }

    /** Rows that had been read before. */
    long repeatedRows() {
        return repeated;
    }

    /**
     * Rows beyond the first of an app with this name, bundle id and path. They differ in their version or other columns: some
     * devices have an app twice, and a row that is updated while pages are read comes before and after.
     */
    long rowsOfAnAppTwice() {
        return (long) size - rowIds.length;
    }

    /** Whether a row of it may stand in the place of another. */
    boolean hasRowsTwice() {
        return repeated > 0 || rowsOfAnAppTwice() > 0;
    }

    /** Greatest {@code last_collected_at} of the rows; {@link Moment#UNKNOWN} where none has one. */
    public long collectedAt() {
        return collectedAt;
    }

    /** When the first of the rows was asked for: the list is not newer than its oldest page. */
    public long observedAt() {
        return observedAt;
    }

    /** Print of what is published, rows in any order. */
    long fingerprint() {
        return fingerprint;
    }

    /** Identities of the rows, sorted, each once. */
    long[] rowIds() {
        return rowIds;
    }

    /** The same as 0.1.0 told them. */
    long[] formerRowIds() {
        return distinct(IntStream.range(0, size)
                .mapToLong(row -> apps[row].app().formerIdentity())
                .toArray());
    }

    /** Row numbers ordered by bundle id, path, name, version, as the rows are published. */
    public List<Integer> order() {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparing((Integer row) -> apps[row].app(), PUBLISHED_ORDER)
                        .thenComparing(row -> createdAt[row])
                        .thenComparing(row -> apps[row].content()))
                .toList();
    }

    public App app(int row) {
        return apps[row].app();
    }

    public long createdAt(int row) {
        return createdAt[row];
    }

    public long updatedAt(int row) {
        return updatedAt[row];
    }
}
