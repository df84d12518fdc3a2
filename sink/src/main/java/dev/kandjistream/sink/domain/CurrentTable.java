package dev.kandjistream.sink.domain;

import static dev.kandjistream.sink.domain.ColumnType.BOOLEAN;
import static dev.kandjistream.sink.domain.ColumnType.INTEGER;
import static dev.kandjistream.sink.domain.ColumnType.TEXT;
import static dev.kandjistream.sink.domain.ColumnType.TEXTS;
import static dev.kandjistream.sink.domain.ColumnType.TIME;

import java.util.List;
import java.util.Optional;

/**
 * The tables of current state that follow change topics: their columns, one to one with the fields of the entity, and the
 * history table beside each. (The tables {@code sweeps} and {@code accounts} follow receipts, see {@link Receipt}.)
 */
public enum CurrentTable {
    DEVICES("devices", "device_events", 2, Columns.DEVICE),
    LICENSES(
            "licenses",
            "license_events",
            2,
            Columns.of(
                    new Column("account_id", TEXT),
                    new Column("device_id", TEXT),
                    new Column("license_type", TEXT),
                    new Column("serial_number", TEXT),
                    new Column("device_name", TEXT),
                    new Column("user_id", TEXT),
                    new Column("user_email", TEXT),
                    new Column("user_name", TEXT),
                    new Column("user_status", TEXT),
                    new Column("assigned_at", TIME))),
    USERS(
            "users",
            "user_events",
            2,
            Columns.of(
                    new Column("account_id", TEXT),
                    new Column("user_id", TEXT),
                    new Column("email", TEXT),
                    new Column("name", TEXT),
                    new Column("status", TEXT),
                    new Column("device_count", INTEGER),
                    new Column("license_count", INTEGER))),
    USAGE(
            "usage",
            "usage_events",
            3,
            Columns.of(
                    new Column("account_id", TEXT),
                    new Column("user_id", TEXT),
                    new Column("app_id", TEXT),
                    new Column("user_email", TEXT),
                    new Column("app_name", TEXT),
                    new Column("bundle_id", TEXT),
                    new Column("team_id", TEXT),
                    new Column("developer_name", TEXT),
                    new Column("category", TEXT),
                    new Column("obtained_from", TEXT),
                    new Column("versions", TEXTS),
                    new Column("device_count", INTEGER),
                    new Column("device_ids", TEXTS),
                    new Column("first_seen_at", TIME),
                    new Column("collected_at", TIME))),
    UNATTRIBUTED_DEVICES("unattributed_devices", null, 2, Columns.DEVICE);

    private final String tableName;
    private final String historyName;
    private final int keyColumns;
    private final List<Column> columns;

    CurrentTable(String tableName, String historyName, int keyColumns, List<Column> columns) {
        this.tableName = tableName;
        this.historyName = historyName;
        this.keyColumns = keyColumns;
        this.columns = columns;
    }

    /** Name within schema {@code kandji}. */
    public String tableName() {
        return tableName;
    }

    /** Name of the table of its events; empty where the topic carries plain state. */
    public Optional<String> historyName() {
        return Optional.ofNullable(historyName);
    }

    /** Columns in the order of the entity's fields. */
    public List<Column> columns() {
        return columns;
    }

    /** The first columns, which identify the entity; history tables repeat them. */
    public List<Column> keyColumns() {
        return columns.subList(0, keyColumns);
    }

    /** Enum constants cannot refer to constants of their own class. */
    private static final class Columns {
        static final List<Column> DEVICE = of(
                new Column("account_id", TEXT),
                new Column("device_id", TEXT),
                new Column("serial_number", TEXT),
                new Column("device_name", TEXT),
                new Column("platform", TEXT),
                new Column("model", TEXT),
                new Column("os_version", TEXT),
                new Column("mdm_enabled", BOOLEAN),
                new Column("agent_installed", BOOLEAN),
                new Column("agent_version", TEXT),
                new Column("is_missing", BOOLEAN),
                new Column("lost_mode_status", TEXT),
                new Column("blueprint_id", TEXT),
                new Column("blueprint_name", TEXT),
                new Column("asset_tag", TEXT),
                new Column("tags", TEXTS),
                new Column("user_id", TEXT),
                new Column("user_email", TEXT),
                new Column("user_name", TEXT),
                new Column("user_archived", BOOLEAN),
                new Column("last_check_in", TIME),
                new Column("first_enrolled_at", TIME),
                new Column("last_enrolled_at", TIME));

        static List<Column> of(Column... columns) {
            return List.of(columns);
        }
    }
}
