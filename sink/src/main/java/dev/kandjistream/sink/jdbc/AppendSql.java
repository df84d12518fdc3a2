package dev.kandjistream.sink.jdbc;

/**
 * The statements that add rows to a table of rows that never change.
 *
 * <pre>rows -> COPY -> table
 *      -> COPY -> temporary staging table -> INSERT ... SELECT ... ON CONFLICT DO NOTHING -> table, where ids are known</pre>
 */
final class AppendSql {
    final String tableName;
    final String copy;
    final String createStage;
    final String copyToStage;
    final String insertFromStage;

    /**
     * @param columns names, joined by commas
     * @param id the column that tells rows apart
     */
    AppendSql(String tableName, String columns, String id) {
        this.tableName = tableName;
        String target = "kandji." + tableName;
        String stage = "stage_" + tableName;
        copy = "COPY " + target + " (" + columns + ") FROM STDIN (FORMAT binary)";
        createStage = "CREATE TEMPORARY TABLE " + stage + " ON COMMIT DROP AS SELECT " + columns + " FROM " + target
                + " WITH NO DATA";
        copyToStage = "COPY " + stage + " (" + columns + ") FROM STDIN (FORMAT binary)";
        insertFromStage = "INSERT INTO " + target + " (" + columns + ") SELECT " + columns + " FROM " + stage
                + " ON CONFLICT (" + id + ") DO NOTHING";
    }
}
