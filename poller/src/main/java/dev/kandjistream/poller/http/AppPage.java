package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.SharedApp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** One page of app rows in parallel arrays, and what its envelope says. */
final class AppPage implements AppRow.Sink {
    private final long askedAt;
    private String[] deviceId = new String[300];
    private SharedApp[] app = new SharedApp[300];
    private long[] createdAt = new long[300];
    private long[] updatedAt = new long[300];
    private long[] collectedAt = new long[300];
    private int usable;
    private int unusable;
    private String firstUnusable;
    private final List<Unread> unread = new ArrayList<>();

    /** A row of which it cannot be read what app it is about. */
    private record Unread(String deviceId, String why, long print) {
        long rowPrint() {
            return Fingerprint.ordered(Fingerprint.of(deviceId), print);
        }
    }

    /** What follows; null where the page names none. */
    String cursor;

    OptionalLong total = OptionalLong.empty();
    /** The limit that the API says it applied, which may be lower than the one asked for. */
    OptionalInt appliedLimit = OptionalInt.empty();

    /** @param askedAt when the page was asked for, milliseconds since 1970 */
    AppPage(long askedAt) {
        this.askedAt = askedAt;
    }

    @Override
    public void add(String device, SharedApp row, long created, long updated, long collected) {
        if (usable == deviceId.length) {
            int larger = usable * 2;
            deviceId = Arrays.copyOf(deviceId, larger);
            app = Arrays.copyOf(app, larger);
            createdAt = Arrays.copyOf(createdAt, larger);
            updatedAt = Arrays.copyOf(updatedAt, larger);
            collectedAt = Arrays.copyOf(collectedAt, larger);
        }
        deviceId[usable] = device;
        app[usable] = row;
        createdAt[usable] = created;
        updatedAt[usable] = updated;
        collectedAt[usable++] = collected;
    }

    @Override
    public void unread(String device, String why, long print) {
        unread.add(new Unread(device, why, print));
    }

    @Override
    public void unusable(String why) {
        unusable++;
        firstUnusable = firstUnusable == null ? why : firstUnusable;
    }

    int size() {
        return usable + unusable + unread.size();
    }

    /** Whether there may be more even though no cursor follows. */
    boolean full(int askedLimit) {
        return size() >= Math.min(askedLimit, appliedLimit.orElse(askedLimit));
    }

    /** Tells pages with other rows apart. */
    long print() {
        long print = size();
        for (long row : rowPrints()) {
            print = Fingerprint.ordered(print, row);
        }
        return print;
    }

    /** Of the rows that are usable or unread: an equal one is the same row again. */
    long[] rowPrints() {
        LongStream read = IntStream.range(0, usable)
                .mapToLong(i -> Fingerprint.ordered(
                        Fingerprint.ordered(Fingerprint.of(deviceId[i]), app[i].content()), createdAt[i]));
        return LongStream.concat(read, unread.stream().mapToLong(Unread::rowPrint))
                .toArray();
    }

    /** Whether all rows that name a device name one of these. */
    boolean isOfNoneBut(Set<String> deviceIds) {
        return Arrays.stream(deviceId, 0, usable).allMatch(deviceIds::contains)
                && unread.stream().allMatch(row -> deviceIds.contains(row.deviceId()));
    }

    /** Whether no row was last collected before that moment. Cut to milliseconds, as moments are. */
    boolean collectedSince(long moment) {
        return noneBefore(collectedAt, moment);
    }

    /** Likewise of when rows were last written. */
    boolean updatedSince(long moment) {
        return noneBefore(updatedAt, moment);
    }

    /** A row whose time cannot be read says nothing; where most are such, the column is not what it should be. */
    private boolean noneBefore(long[] times, long moment) {
        int known = 0;
        for (int i = 0; i < usable; i++) {
            boolean isKnown = times[i] != Moment.UNKNOWN;
            if (isKnown && times[i] < moment) {
                return false;
            }
            known += isKnown ? 1 : 0;
        }
        return known >= usable - known;
    }

    void addTo(AppsSweep sweep) {
        for (int i = 0; i < usable; i++) {
            sweep.add(deviceId[i], app[i], createdAt[i], updatedAt[i], collectedAt[i], askedAt);
        }
        unread.forEach(row -> sweep.unread(row.deviceId(), row.why(), row.print(), askedAt));
        sweep.walk().page(size(), total);
        if (unusable > 0) {
            sweep.walk().unusable(unusable, firstUnusable);
        }
    }
}
