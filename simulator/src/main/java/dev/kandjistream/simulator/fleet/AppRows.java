package dev.kandjistream.simulator.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** All app rows of a fleet in Prism's order. Kept sorted by appending: new rows have the greatest sequence. */
final class AppRows {
    private static final Comparator<AppRow> BY_SEQUENCE = Comparator.comparingLong(AppRow::sequence);

    private final ArrayList<AppRow> rows = new ArrayList<>();
    private long nextSequence = 1;

    AppRow add(Device device, App app, long createdAt) {
        var row = new AppRow(device, nextSequence++, app, createdAt);
        rows.add(row);
        device.rows.add(row);
        return row;
    }

    void remove(AppRow row) {
        int at = Collections.binarySearch(rows, row, BY_SEQUENCE);
        rows.remove(at);
        row.device.rows.remove(row);
    }

    void removeAllOf(Device device) {
        rows.removeIf(row -> row.device == device);
        device.rows.clear();
    }

    List<AppRow> inOrder() {
        return Collections.unmodifiableList(rows);
    }
}
