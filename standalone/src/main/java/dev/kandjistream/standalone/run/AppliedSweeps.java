package dev.kandjistream.standalone.run;

import dev.kandjistream.standalone.config.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Whether everything that a sweep published stands in the tables: the sink says so in {@code kandji.sweeps}. */
public final class AppliedSweeps {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String INVALID_SCHEMA = "3F000";

    /**
     * The row holds the latest receipt only, and ids of sweeps sort by time: a later sweep that was applied has taken
     * the earlier ones with it.
     */
    private static final String APPLIED = """
            SELECT FROM kandji.sweeps
            WHERE account_id = ? AND kind = ? AND sweep_id COLLATE "C" >= ? AND applied_at IS NOT NULL""";

    private static final String TIMES = "SELECT sweep_id, applied_at FROM kandji.sweeps WHERE applied_at IS NOT NULL";

    private final PostgresSettings database;

    public AppliedSweeps(PostgresSettings database) {
        this.database = database;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                database.url(), database.user(), database.password().get().value());
    }

    /**
     * Returns when the sweep has come through.
     *
     * @return false when it has not within the limit
     * @throws StopSignal.Stopped when asked to stop meanwhile
     */
    boolean await(String accountId, String kind, String sweepId, Duration limit, StopSignal stop) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Connection connection = connect()) {
            while (!isApplied(connection, accountId, kind, sweepId)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                stop.pause(BETWEEN_LOOKS);
            }
            return true;
        }
    }

    /**
     * Since when everything that a sweep published has stood in the tables, by its id; sweeps that have not come through
     * are missing, and so are all but the last of each account and kind.
     */
    public Map<String, Instant> times() throws SQLException {
        Map<String, Instant> times = new HashMap<>();
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(TIMES);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                times.put(row.getString(1), row.getTimestamp(2).toInstant());
            }
        } catch (SQLException fault) {
            if (!isMissing(fault)) {
                throw fault;
            }
        }
        return times;
    }

    private static boolean isMissing(SQLException fault) {
        return UNDEFINED_TABLE.equals(fault.getSQLState()) || INVALID_SCHEMA.equals(fault.getSQLState());
    }

    private static boolean isApplied(Connection connection, String accountId, String kind, String sweepId)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(APPLIED)) {
            query.setString(1, accountId);
            query.setString(2, kind);
            query.setString(3, sweepId);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        } catch (SQLException fault) {
            if (isMissing(fault)) {
                return false;
            }
            throw fault;
        }
    }
}
