package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.sink.jdbc.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summary's SQL on the sink's real tables, filled by hand. */
class SummaryQueryIT {
    @TempDir
    static Path folder;

    @Test
    void tablesAreCountedAsTheyStand() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            Database.migrate(postgres.jdbcUrl(), postgres.user(), () -> new Password(postgres.password()));
            try (Connection database =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
                fill(database);
                check(SummaryQuery.read(
                        database, List.of("acme", "initech"), List.of(new Summary.Count("", "helper", 5))));
            }
        }
    }

    private static void fill(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("""
                    INSERT INTO kandji.devices (account_id, device_id, tags, record_key, record_partition, generation)
                    VALUES ('acme', 'd1', '{}', 'acme/d1', 0, 0), ('acme', 'd2', '{}', 'acme/d2', 0, 0)""");
            statement.execute("""
                    INSERT INTO kandji.unattributed_devices
                        (account_id, device_id, tags, record_key, record_partition, generation)
                    VALUES ('acme', 'd3', '{}', 'acme/d3', 0, 0)""");
            statement.execute("""
                    INSERT INTO kandji.licenses (account_id, device_id, license_type, user_id, user_status, record_key,
                        record_partition, generation)
                    VALUES ('acme', 'd1', 'Mac', 'u1', 'ACTIVE', 'acme/d1', 0, 0),
                        ('acme', 'd2', 'iPhone', 'u2', 'ARCHIVED', 'acme/d2', 0, 0)""");
            statement.execute("""
                    INSERT INTO kandji.users (account_id, user_id, status, device_count, license_count, record_key,
                        record_partition, generation)
                    VALUES ('acme', 'u1', 'ACTIVE', 1, 1, 'acme/u1', 0, 0),
                        ('acme', 'u2', 'ARCHIVED', 1, 1, 'acme/u2', 0, 0)""");
            statement.execute("""
                    INSERT INTO kandji.usage (account_id, user_id, app_id, app_name, versions, device_count, device_ids,
                        record_key, record_partition, generation)
                    VALUES ('acme', 'u1', 'com.figma', 'Figma', '{1}', 2, '{}', 'acme/u1/com.figma', 0, 0),
                        ('acme', 'u2', 'com.figma', 'Figma', '{1}', 1, '{}', 'acme/u2/com.figma', 0, 0),
                        ('acme', 'u1', 'name:x', null, '{}', 1, '{}', 'acme/u1/name:x', 0, 0),
                        ('acme', 'u1', 'com.apple.Chess', 'Chess', '{}', 1, '{}', 'acme/u1/com.apple.Chess', 0, 0)""");
            statement.execute("""
                    INSERT INTO kandji.sweeps (account_id, kind, sweep_id, started_at, finished_at, verdict, reason,
                        connection, requests, pages, rows, devices, published, unchanged, retracted, withheld, oversized,
                        raw_end_offsets, pending_end_offsets, record_key, record_partition, generation)
                    VALUES ('acme', 'apps', 's2', now(), '2026-01-05T09:00:00Z', 'INCOMPLETE', 'page 7 failed',
                            'CONNECTED', 1, 1, 40, 2, 0, 0, 0, 0, 0, '{}', '{}', 'acme/apps', 0, 0),
                        ('acme', 'devices', 's1', now(), '2026-01-05T08:59:00Z', 'COMPLETE', null,
                            'CONNECTED', 1, 1, 3, 3, 0, 0, 0, 0, 0, '{}', '{}', 'acme/devices', 0, 0)""");
        }
    }

    private static void check(Summary summary) {
        assertThat(summary.accounts()).extracting(Summary.Account::id).containsExactly("acme", "initech");
        Summary.Account acme = summary.accounts().get(0);
        assertThat(acme.devices()).isEqualTo(3);
        assertThat(acme.good()).isFalse();
        assertThat(acme.sweeps())
                .extracting(
                        sweep -> sweep.kind() + " " + sweep.verdict() + " " + sweep.rows() + " " + sweep.finishedAt())
                .containsExactly("devices COMPLETE 3 2026-01-05T08:59:00Z", "apps INCOMPLETE 40 2026-01-05T09:00:00Z");
        assertThat(acme.sweeps().get(1).reason()).contains("page 7 failed");
        assertThat(summary.accounts().get(1).sweeps()).isEmpty();
        assertThat(summary.seats())
                .containsExactlyInAnyOrder(new Summary.Count("acme", "Mac", 1), new Summary.Count("acme", "iPhone", 1));
        assertThat(summary.users())
                .containsExactly(new Summary.Count("acme", "ACTIVE", 1), new Summary.Count("acme", "ARCHIVED", 1));
        assertThat(summary.apps()).containsExactly(new Summary.App("Figma", 2, 3), new Summary.App("name:x", 1, 1));
        assertThat(summary.distinctApps()).isEqualTo(3);
        assertThat(summary.unattributed()).containsExactly(new Summary.Count("acme", "", 1));
        assertThat(summary.suppressed()).containsExactly(new Summary.Count("", "helper", 5));
    }
}
