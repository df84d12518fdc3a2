package dev.kandjistream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.sink.jdbc.Database;
import dev.kandjistream.standalone.config.PostgresSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Since when sweeps stand in the sink's real tables. */
class AppliedSweepsIT {
    @TempDir
    static Path folder;

    @Test
    void sweepsThatCameThroughAreToldAndADatabaseWithoutTablesHasNone() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            var applied = new AppliedSweeps(
                    new PostgresSettings(postgres.jdbcUrl(), postgres.user(), () -> new Password(postgres.password())));
            assertThat(applied.times()).isEmpty();
            Database.migrate(postgres.jdbcUrl(), postgres.user(), () -> new Password(postgres.password()));
            assertThat(applied.times()).isEmpty();
            try (Connection database = applied.connect();
                    Statement statement = database.createStatement()) {
                statement.execute("""
                        INSERT INTO kandji.sweeps (account_id, kind, sweep_id, started_at, finished_at, verdict,
                            connection, requests, pages, rows, devices, published, unchanged, retracted, withheld,
                            oversized, raw_end_offsets, pending_end_offsets, applied_at, record_key, record_partition,
                            generation)
                        VALUES ('acme', 'apps', 's2', now(), now(), 'COMPLETE', 'CONNECTED', 1, 1, 40, 2, 0, 0, 0, 0,
                                0, '{}', '{}', null, 'acme/apps', 0, 0),
                            ('acme', 'devices', 's1', now(), now(), 'COMPLETE', 'CONNECTED', 1, 1, 3, 3, 0, 0, 0, 0,
                                0, '{}', '{}', '2026-01-05T09:00:00Z', 'acme/devices', 0, 0)""");
            }
            assertThat(applied.times())
                    .containsOnlyKeys("s1")
                    .containsEntry("s1", Instant.parse("2026-01-05T09:00:00Z"));
        }
    }
}
