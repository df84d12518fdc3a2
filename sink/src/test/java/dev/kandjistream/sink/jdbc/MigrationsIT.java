package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.sink.Judge;
import dev.kandjistream.sink.Servers;
import dev.kandjistream.sink.domain.CurrentTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationsIT {
    private static final String OURS = " n.nspname = 'kandji' AND c.relname <> 'flyway_schema_history' ";
    private static Judge judge;

    /** Two sinks start at once, and one again later. */
    @BeforeAll
    static void migrate() {
        String url = Servers.newDatabase();
        judge = new Judge(url);
        Runnable once = () -> Database.migrate(url, Servers.user(), () -> new Password(Servers.password()));
        CompletableFuture.allOf(CompletableFuture.runAsync(once), CompletableFuture.runAsync(once))
                .join();
        once.run();
    }

    @Test
    void everyTableAndViewOfTheContractIsThere() {
        assertThat(judge.rows("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                        + OURS + "AND relkind IN ('r', 'v') ORDER BY relname"))
                .containsExactly(
                        "accounts",
                        "app_discovery",
                        "decision_audit",
                        "decision_summary",
                        "decisions",
                        "device_events",
                        "devices",
                        "license_events",
                        "license_periods",
                        "licenses",
                        "owner",
                        "people",
                        "seats",
                        "serial_problems",
                        "sink_offsets",
                        "sweeps",
                        "unattributed_devices",
                        "usage",
                        "usage_events",
                        "usage_periods",
                        "user_events",
                        "users");
    }

    @Test
    void everyTableViewAndColumnIsExplained() {
        assertThat(judge.rows("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                        + OURS + "AND relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL"))
                .isEmpty();
        assertThat(judge.rows("SELECT relname, attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_attribute a ON a.attrelid = c.oid WHERE" + OURS
                        + "AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped"
                        + " AND col_description(c.oid, attnum) IS NULL"))
                .isEmpty();
    }

    /** As a later version leaves the table of migrations: a number, or a view without one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8 | more columns | V8__more_columns.sql | 8 \"more columns\"",
                "  | seats by team | R__seats_by_team.sql | \"seats by team\""
            })
    void aDatabaseOfANewerVersionIsLeftAlone(String version, String description, String script, String named) {
        String url = Servers.newDatabase();
        Runnable migrate = () -> Database.migrate(url, Servers.user(), () -> new Password(Servers.password()));
        migrate.run();
        var newer = new Judge(url);
        newer.execute("INSERT INTO kandji.flyway_schema_history (installed_rank, version, description, type, script,"
                + " checksum, installed_by, execution_time, success) VALUES (100, "
                + (version == null ? "NULL" : "'" + version + "'") + ", '" + description + "', 'SQL', '" + script
                + "', 1, 'them', 1, true)");
        newer.execute("COMMENT ON VIEW kandji.serial_problems IS 'of the newer version'");

        assertThatThrownBy(migrate::run)
                .isInstanceOf(NewerDatabaseException.class)
                .hasMessageContaining("migrations that this version does not have: " + named)
                .hasMessageContaining("Start that version again")
                .hasMessageContaining("docs/runbook.md");
        assertThat(newer.rows("SELECT obj_description('kandji.serial_problems'::regclass)"))
                .containsExactly("of the newer version");
    }

    @Test
    void decisionsHaveTheColumnsThatAreStaged() {
        assertThat(judge.rows("SELECT column_name FROM information_schema.columns WHERE table_schema = 'kandji'"
                        + " AND table_name = 'decisions' ORDER BY ordinal_position"))
                .isEqualTo(StagedDecisions.COLUMNS);
    }

    @Test
    void noTableRefersToAnother() {
        assertThat(judge.rows("SELECT conname FROM pg_constraint WHERE contype = 'f'"))
                .isEmpty();
    }

    @Test
    void currentTablesHaveTheColumnsOfTheirEntitiesFirst() {
        for (CurrentTable table : CurrentTable.values()) {
            List<String> expected = table.columns().stream()
                    .map(column -> column.name() + "|"
                            + switch (column.type()) {
                                case TEXT -> "text";
                                case INTEGER -> "int4";
                                case BOOLEAN -> "bool";
                                case TIME -> "timestamptz";
                                case TEXTS -> "_text";
                            })
                    .toList();
            assertThat(judge.rows("SELECT column_name, udt_name FROM information_schema.columns"
                                    + " WHERE table_schema = 'kandji' AND table_name = '" + table.tableName()
                                    + "' ORDER BY ordinal_position")
                            .subList(0, expected.size()))
                    .as(table.tableName())
                    .isEqualTo(expected);
        }
    }
}
