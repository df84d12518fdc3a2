package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.kandjistream.sink.Judge;
import dev.kandjistream.sink.Servers;
import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Event;
import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.StartingPoint;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store alone: what one transaction does, and what it refuses. */
class PostgresStoreIT {
    private static final Partition LICENSES = new Partition("kandji.licenses", 0);
    private static final Position BEGIN = new Position(new UUID(1, 1), 0, 0, OptionalLong.empty());
    private static final StartingPoint FIRST = new StartingPoint(BEGIN, 0, 1, Optional.empty(), Optional.empty(), true);

    private Judge judge;
    private HikariDataSource pool;
    private PostgresStore store;
    private final StagedRows rows = new StagedRows();

    @BeforeEach
    void open() throws SQLException {
        String url = Servers.newDatabase();
        judge = new Judge(url);
        Database.migrate(url, Servers.user(), () -> new Password(Servers.password()));
        pool = Database.pool(url, Servers.user(), () -> new Password(Servers.password()), 3);
        store = new PostgresStore(
                pool,
                new Owner("kandji", "cluster"),
                Map.of(LICENSES.topic(), CurrentTable.LICENSES, "kandji.usage", CurrentTable.USAGE),
                "kandji.sweeps");
        store.claim();
        store.begin(Map.of(LICENSES, FIRST), Map.of(), Map.of());
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void zombieThatStandsWhereTheSinkNoLongerStandsWritesNothing() throws SQLException {
        add("e1", "c", null, seat("anna"));
        store.write(List.of(to(BEGIN, 5)), rows);

        rows.clear();
        add("e2", "c", null, seat("zombie"));
        assertThatThrownBy(() -> store.write(List.of(to(BEGIN, 7)), rows))
                .isInstanceOf(StalePosition.class)
                .hasMessage("Batch begins at offset 0 of kandji.licenses/0, the database stands at 5");

        assertThat(judge.rows("SELECT user_id FROM kandji.licenses")).containsExactly("anna");
        assertThat(judge.rows("SELECT count(*) FROM kandji.license_events")).containsExactly("1");
        assertThat(judge.rows("SELECT next_offset FROM kandji.sink_offsets")).containsExactly("5");
    }

    @Test
    void sinkThatComesWhileAnotherWritesWaitsForItAndThenStops() throws Exception {
        try (Connection other = pool.getConnection()) {
            other.setAutoCommit(false);
            OffsetRows.lock(other, List.of(LICENSES));
            OffsetRows.advance(other, List.of(to(BEGIN, 3)));
            add("e1", "c", null, seat("late"));
            CompletableFuture<Void> late = CompletableFuture.runAsync(() -> {
                try {
                    store.write(List.of(to(BEGIN, 3)), rows);
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            judge.await(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
                    "1");
            other.commit();

            assertThatThrownBy(late::join).hasCauseInstanceOf(StalePosition.class);
        }
        assertThat(judge.rows("SELECT count(*) FROM kandji.licenses")).containsExactly("0");
    }

    /** Else a sink could pass the end that was read, and the records in between would come twice after the rebuild. */
    @Test
    void rebuildLooksForTheEndsOfTheLogsWhenNoSinkCanWriteAnyMore() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            var rebuilds = new RebuildStore(connection, store);

            rebuilds.begin(new Owner("kandji", "cluster"), false, () -> {
                assertThatThrownBy(() -> judge.rows("SELECT FROM kandji.sink_offsets FOR UPDATE NOWAIT"))
                        .hasStackTraceContaining("could not obtain lock");
                var log = new StartingPoint.Log(BEGIN.topicId(), 1, 0, 9, false, true);
                return List.of(new RebuildStore.Target(LICENSES.topic(), "licenses", Map.of(0, log), true));
            });
        }
        assertThat(judge.rows("SELECT next_offset, generation, rebuild_until FROM kandji.sink_offsets"))
                .containsExactly("0|1|9");
    }

    /** A sink that has the database no more must not begin anew in it. */
    @Test
    void sinkOfAFormerOwnerCannotBegin() throws SQLException {
        judge.execute("UPDATE kandji.owner SET topic_prefix = 'other'");

        assertThatThrownBy(() -> store.begin(Map.of(new Partition("kandji.usage", 0), FIRST), Map.of(), Map.of()))
                .isInstanceOf(OwnerMismatch.class)
                .hasMessageContaining("expected the tables of topic prefix kandji, found those of other");

        assertThat(judge.rows("SELECT topic FROM kandji.sink_offsets")).containsExactly("kandji.licenses");
    }

    @Test
    void eventThatHistoryKnowsIsLeftOutAndCounted() throws SQLException {
        add("e1", "c", null, seat("anna"));
        store.write(List.of(to(BEGIN, 1)), rows);
        rows.clear();
        addAt("e1", "license.assigned", "c", "USER_ASSIGNED", Instant.EPOCH, null, seat("anna"));
        add("e2", "u", seat("anna"), seat("ben"));

        Written written = store.write(List.of(to(BEGIN.advancedTo(1), 3)), rows);

        assertThat(written.knownEvents()).isEqualTo(Map.of("license_events", 1));
        assertThat(written.rows()).isEqualTo(Map.of("license_events", 1, "licenses", 1));
        assertThat(judge.rows("SELECT user_id FROM kandji.licenses")).containsExactly("ben");
    }

    @Test
    void newStateUnderAKeyThatStandsThereAlreadyReplacesIt() throws SQLException {
        add("e1", "c", null, seat("anna"));
        store.write(List.of(to(BEGIN, 1)), rows);
        rows.clear();
        add("e2", "r", null, seat("ben"));

        store.write(List.of(to(BEGIN.advancedTo(1), 2)), rows);

        assertThat(judge.rows("SELECT user_id, count(*) OVER () FROM kandji.licenses"))
                .containsExactly("ben|1");
    }

    @Test
    void periodsRunFromAssignmentToReassignmentAndRevocation() throws SQLException {
        Instant start = Instant.parse("2026-03-01T00:00:00Z");
        addAt("e1", "license.assigned", "r", "BASELINE", start, null, seat("anna"));
        addAt("e2", "license.updated", "u", "DEVICE_CHANGED", start.plusSeconds(60), seat("anna"), seat("anna"));
        addAt(
                "e3",
                "license.reassigned",
                "u",
                "USER_CHANGED",
                start.plusSeconds(120),
                seat("anna"),
                seat("ben", start.plusSeconds(120)));
        addAt("e4", "license.revoked", "d", "DEVICE_REMOVED", start.plusSeconds(180), seat("ben"), null);
        addAt(
                "e5",
                "license.assigned",
                "c",
                "DEVICE_ENROLLED",
                start.plusSeconds(240),
                null,
                seat("anna", start.plusSeconds(240)));
        store.write(List.of(to(BEGIN, 5)), rows);

        assertThat(judge.rows("SELECT user_id, valid_from, valid_to, cause, end_cause FROM kandji.license_periods"
                        + " ORDER BY valid_from NULLS FIRST"))
                .containsExactly(
                        "anna|null|2026-03-01 00:02:00+00|BASELINE|USER_CHANGED",
                        "ben|2026-03-01 00:02:00+00|2026-03-01 00:03:00+00|USER_CHANGED|DEVICE_REMOVED",
                        "anna|2026-03-01 00:04:00+00|null|DEVICE_ENROLLED|null");
    }

    @Test
    void viewsCountSeatsPeopleAndApps() {
        judge.execute(
                "INSERT INTO kandji.licenses (account_id, device_id, license_type, user_id, user_status, record_key,"
                        + " record_partition, generation) VALUES ('acme','d1','Mac','1','ACTIVE','k1',0,0),"
                        + " ('acme','d2','Mac','1','ACTIVE','k2',0,0), ('acme','d3','Mac','2','ARCHIVED','k3',0,0),"
                        + " ('globex','d4','iPad','9','ACTIVE','k4',0,0)");
        judge.execute(
                "INSERT INTO kandji.users VALUES ('acme','1','ann@x.example','Ann old','ARCHIVED',1,1,'u1',0,0),"
                        + " ('globex','9','ann@x.example','Ann','ACTIVE',2,1,'u2',0,0), ('acme','2',NULL,'No Mail','ACTIVE',1,1,'u3',0,0)");
        judge.execute(
                "INSERT INTO kandji.usage (account_id, user_id, app_id, app_name, versions, device_count, device_ids,"
                        + " record_key, record_partition, generation) VALUES ('acme','1','figma','Figma','{1,2}',2,'{}','a',0,0),"
                        + " ('acme','2','figma','Figma','{2}',1,'{}','b',0,0), ('acme','2','bare','Bare','{}',1,'{}','c',0,0)");

        assertThat(judge.rows("SELECT * FROM kandji.seats ORDER BY 1, 2"))
                .containsExactly("acme|Mac|3|2|1|2", "globex|iPad|1|1|0|1");
        assertThat(judge.rows("SELECT * FROM kandji.people"))
                .containsExactly("ann@x.example|Ann|ACTIVE|{acme,globex}|2|3|2");
        assertThat(judge.rows(
                        "SELECT app_id, app_name, users, devices, versions FROM kandji.app_discovery ORDER BY app_id"))
                .containsExactly("bare|Bare|1|1|null", "figma|Figma|2|3|{1,2}");
    }

    private void add(String id, String op, List<Object> before, List<Object> after) {
        add(id, "license.assigned", op, "USER_ASSIGNED", Instant.EPOCH, before, after, true);
    }

    private void addAt(
            String id,
            String type,
            String op,
            String cause,
            Instant observed,
            List<Object> before,
            List<Object> after) {
        add(id, type, op, cause, observed, before, after, false);
    }

    private void add(
            String id,
            String type,
            String op,
            String cause,
            Instant observed,
            List<Object> before,
            List<Object> after,
            boolean last) {
        var event = new Event(
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)),
                type,
                cause,
                op,
                "sweep",
                null,
                observed,
                observed,
                before,
                after);
        rows.add(ChangeRow.of(CurrentTable.LICENSES, "acme/d1", event), last, 0, 0);
    }

    private static List<Object> seat(String user) {
        return seat(user, null);
    }

    private static List<Object> seat(String user, Instant assigned) {
        return Arrays.asList("acme", "d1", "Mac", "SN", null, user, null, null, "ACTIVE", assigned);
    }

    private static Advance to(Position from, long offset) {
        return new Advance(LICENSES, from, offset, true);
    }
}
