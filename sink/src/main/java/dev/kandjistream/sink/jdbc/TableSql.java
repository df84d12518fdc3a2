package dev.kandjistream.sink.jdbc;

import static java.util.stream.Collectors.joining;

import dev.kandjistream.sink.domain.Column;
import dev.kandjistream.sink.domain.CurrentTable;
import java.util.stream.Stream;

/**
 * The statements that fill one current table and its history.
 *
 * <pre>state  -> COPY -> temporary staging table -> INSERT ... SELECT ... ON CONFLICT DO UPDATE -> current table
 *        -> COPY -> current table, where all of it is new
 * events -> {@link AppendSql} -> history</pre>
 */
final class TableSql {
    final String copyToCurrent;
    final String createStage;
    final String copyToStage;
    final String upsertFromStage;
    final String remove;
    final String removeLeftBehind;
    /** Null where there is no history. */
    final AppendSql history;

    TableSql(CurrentTable table) {
        String target = "kandji." + table.tableName();
        String stage = "stage_" + table.tableName();
        String columns = Stream.concat(names(table), Stream.of("record_key", "record_partition", "generation"))
                .collect(joining(", "));
        copyToCurrent = "COPY " + target + " (" + columns + ") FROM STDIN (FORMAT binary)";
        createStage = "CREATE TEMPORARY TABLE IF NOT EXISTS " + stage + " ON COMMIT DELETE ROWS AS SELECT " + columns
                + " FROM " + target + " WITH NO DATA";
        copyToStage = "COPY " + stage + " (" + columns + ") FROM STDIN (FORMAT binary)";
        String assignments = Stream.concat(names(table), Stream.of("record_partition", "generation"))
                .map(column -> column + " = excluded." + column)
                .collect(joining(", "));
        upsertFromStage = "INSERT INTO " + target + " (" + columns + ") SELECT " + columns + " FROM " + stage
                + " ON CONFLICT (record_key) DO UPDATE SET " + assignments;
        remove = "DELETE FROM " + target + " WHERE record_key = ANY (?)";
        removeLeftBehind = "DELETE FROM " + target + " WHERE record_partition = ? AND generation < ?";

        String eventColumns = Stream.concat(
                        Stream.concat(
                                Stream.of("event_id", "event_type", "cause", "op"),
                                table.keyColumns().stream().map(Column::name)),
                        Stream.of("sweep_id", "collected_at", "observed_at", "emitted_at", "before", "after"))
                .collect(joining(", "));
        history = table.historyName()
                .map(name -> new AppendSql(name, eventColumns, "event_id"))
                .orElse(null);
    }

    private static Stream<String> names(CurrentTable table) {
        return table.columns().stream().map(Column::name);
    }
}
