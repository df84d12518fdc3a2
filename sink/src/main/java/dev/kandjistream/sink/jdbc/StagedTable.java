package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.Column;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a batch does to one entity's tables, encoded and ready to be sent. */
final class StagedTable {
    final CurrentTable table;
    final TableSql sql;
    final CopyBuffer history = new CopyBuffer();
    final CopyBuffer current = new CopyBuffer();
    final List<String> removals = new ArrayList<>();

    /** Whether every state comes from an event that says there was none before. */
    private boolean onlyNew;

    private int replays;

    private final JsonObject json;
    private final List<Column> columns;
    private final int keyColumns;

    StagedTable(CurrentTable table) {
        this.table = table;
        sql = new TableSql(table);
        json = new JsonObject(table);
        columns = table.columns();
        keyColumns = table.keyColumns().size();
        clear();
    }

    void clear() {
        history.clear();
        current.clear();
        removals.clear();
        onlyNew = true;
        replays = 0;
    }

    /** Events that history may know, because they tell a state again. */
    int replays() {
        return replays;
    }

    boolean onlyNew() {
        return onlyNew;
    }

    long strippedCharacters() {
        return history.strippedCharacters() + current.strippedCharacters();
    }

    void addEvent(ChangeRow row) {
        Event event = row.event();
        replays += event.isReplay() ? 1 : 0;
        history.beginRow(10 + keyColumns);
        history.uuid(event.id());
        history.text(event.type());
        history.text(event.cause());
        history.text(event.op());
        for (Object value : row.keyValues()) {
            history.text((String) value);
        }
        history.text(event.sweepId());
        history.time(event.collectedAt());
        history.time(event.observedAt());
        history.time(event.emittedAt());
        history.jsonb(json, event.before());
        history.jsonb(json, event.after());
    }

    void addState(ChangeRow row, int partition, int generation) {
        if (row.state() == null) {
            removals.add(stored(row.key()));
            return;
        }
        onlyNew &= row.event() != null
                && row.event().before() == null
                && !row.event().isReplay();
        current.beginRow(columns.size() + 3);
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.state().get(i);
            switch (columns.get(i).type()) {
                case TEXT -> current.text((String) value);
                case INTEGER -> current.integer((Integer) value);
                case BOOLEAN -> current.bool((Boolean) value);
                case TIME -> current.time((Instant) value);
                case TEXTS -> current.texts((List<?>) value);
            }
        }
        current.text(row.key());
        current.integer(partition);
        current.integer(generation);
    }

    /** The key as {@link CopyBuffer#text} stores it. */
    private static String stored(String key) {
        return key.indexOf(0) < 0 ? key : key.replace("\0", "");
    }
}
