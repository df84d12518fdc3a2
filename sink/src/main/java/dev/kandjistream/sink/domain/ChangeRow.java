package dev.kandjistream.sink.domain;

import java.util.List;
import java.util.Set;

/**
 * What one record does to the tables: a row of history if it is an event, and the state of its key from here on.
 *
 * @param table which entity
 * @param key the record's key as stored: state is replaced, and removed, by key
 * @param state values of the columns in the order of {@link CurrentTable#columns}; null: the row goes
 * @param event what goes into history; null where the record is none (plain state, a null record)
 */
public record ChangeRow(CurrentTable table, String key, List<Object> state, Event event) {
    private static final Set<String> OPS = Set.of("r", "c", "u", "d");

    /** An event: history remembers it, and its {@code after} is the state. */
    public static ChangeRow of(CurrentTable table, String key, Event event) {
        if (!OPS.contains(event.op())) {
            throw new BadRecord("op must be r, c, u or d, was " + event.op());
        }
        if ("d".equals(event.op()) != (event.after() == null)) {
            throw new BadRecord("after must be null where op is d, and only there; op is " + event.op());
        }
        if (event.before() == null && event.after() == null) {
            throw new BadRecord("an event needs before or after, has neither");
        }
        return new ChangeRow(table, key, event.after(), event);
    }

    /** Plain state, such as an unattributed device. */
    public static ChangeRow state(CurrentTable table, String key, List<Object> state) {
        return new ChangeRow(table, key, state, null);
    }

    /** A null record: whatever stands under the key goes. */
    public static ChangeRow removal(CurrentTable table, String key) {
        return new ChangeRow(table, key, null, null);
    }

    /** Values of {@link CurrentTable#keyColumns}, for history. */
    public List<Object> keyValues() {
        List<Object> entity = event.after() != null ? event.after() : event.before();
        return entity.subList(0, table.keyColumns().size());
    }
}
