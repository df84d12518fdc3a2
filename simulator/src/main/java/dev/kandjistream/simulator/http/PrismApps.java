package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Fleet;
import java.util.List;

/** {@code GET /prism/apps}: by cursor or by offset, filtered, sorted; 25 rows where no limit is given, as recorded. */
final class PrismApps {
    private static final int DEFAULT_LIMIT = 25;
    private static final int MAX_LIMIT = 300;

    private final Fleet fleet;
    private final TenantForm form;
    private final PrismRows rows;
    private final Selections<AppRow> selections = new Selections<>();
    private volatile int usualSize = 64 * 1024;

    PrismApps(Fleet fleet, TenantForm form) {
        this.fleet = fleet;
        this.form = form;
        this.rows = new PrismRows(form);
    }

    /** @throws BadRequest for what the API answers 400 to */
    Answer answer(Query query, PageShape shape) {
        int limit = query.number("limit", DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadRequest("limit must be between 1 and " + MAX_LIMIT);
        }
        if (query.has("cursor") && !query.text("sort_by").isEmpty()) {
            throw new BadRequest("sort_by is not supported with cursor pagination");
        }
        if (query.has("cursor") && !query.text("offset").isEmpty()) {
            throw new BadRequest("offset is not supported with cursor pagination");
        }
        if (shape.has(Effect.ExpiredCursor.class) && !query.text("cursor").isEmpty()) {
            throw new BadRequest("Cursor expired");
        }
        return Answer.json(200, fleet.reading(() -> page(query, limit, shape)));
    }

    private byte[] page(Query query, int limit, PageShape shape) {
        RowFaults faults = RowFaults.of(shape, fleet);
        List<AppRow> selected = shape.has(Effect.EmptyFleet.class) ? List.of() : faults.keptApps(select(query, shape));
        int start = shape.start(Math.min(start(query, selected), selected.size()));
        int end = shape.end(start, limit, selected.size());
        List<AppRow> page = start < end ? selected.subList(start, end) : List.of();
        var bytes = new PageBytes(usualSize);
        bytes.add("{\"offset\":" + (query.text("offset").isEmpty() ? "null" : query.number("offset", 0)));
        bytes.add(",\"limit\":" + limit);
        bytes.add(",\"total\":" + total(query, selected.size(), shape, faults));
        bytes.add(",\"data\":[");
        boolean withUsers = !shape.has(Effect.NoUsers.class);
        int written = 0;
        for (AppRow row : shape.shown(page)) {
            if (written++ > 0) {
                bytes.add(',');
            }
            if (faults.changeNoRow()) {
                rows.write(row, withUsers, bytes);
            } else {
                bytes.add(rows.changed(row, withUsers, faults));
            }
        }
        bytes.add(']');
        cursor(query, selected, start, end, shape, bytes);
        usualSize = Math.max(usualSize, bytes.size() + 1024);
        return bytes.add('}').toBytes();
    }

    private int start(Query query, List<AppRow> selected) {
        if (!query.has("cursor")) {
            int offset = query.number("offset", 0);
            if (offset < 0) {
                throw new BadRequest("offset must not be negative");
            }
            return offset;
        }
        if (query.text("cursor").isEmpty()) {
            return 0;
        }
        long last = Cursor.sequence(query.text("cursor"), query.without("cursor"));
        int low = 0;
        int high = selected.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (selected.get(middle).sequence() <= last) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The newer form counts only where a walk begins. */
    private Long total(Query query, int size, PageShape shape, RowFaults faults) {
        boolean tell =
                !faults.cutApps() && (!form.newer() || query.text("cursor").isEmpty());
        return shape.has(Effect.Total.class) || tell ? shape.total(size) : null;
    }

    private void cursor(Query query, List<AppRow> selected, int start, int end, PageShape shape, PageBytes bytes) {
        boolean byCursor = query.has("cursor")
                || form.newer()
                        && query.text("offset").isEmpty()
                        && query.text("sort_by").isEmpty();
        if (!byCursor || shape.has(Effect.NoCursor.class) || shape.has(Effect.EmptyPage.class)) {
            bytes.add(form.newer() || query.has("cursor") ? ",\"cursor\":null" : "");
        } else if (shape.has(Effect.RepeatedCursor.class)) {
            add(start == 0 ? 0 : selected.get(start - 1).sequence(), query, bytes);
        } else if (form.newer() ? end < selected.size() : start < end) {
            add(selected.get(end - 1).sequence(), query, bytes);
        } else if (form.newer()) {
            bytes.add(",\"cursor\":null");
        }
    }

    private static void add(long sequence, Query query, PageBytes bytes) {
        bytes.add(",\"cursor\":\"" + Cursor.after(sequence, query.without("cursor")) + "\"");
    }

    private List<AppRow> select(Query query, PageShape shape) {
        var selection = PrismSelection.of(query, shape);
        return selection.isEverything()
                ? fleet.rows()
                : selections.of(fleet.version(), selection.toString(), () -> selection.of(fleet.rows(), form.newer()));
    }
}
