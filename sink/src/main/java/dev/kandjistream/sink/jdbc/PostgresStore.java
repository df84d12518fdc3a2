package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.StoredPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows and offsets in one database transaction; this is what makes the tables hold each event once.
 *
 * <p>A batch is written by: lock the offset rows of its partitions and find them where the batch begins; events into
 * history; the last state of each key into the current tables; offsets to where the batch ends; commit. Whatever fails, and
 * wherever, either all of it happened or none, and the offset row tells which. So a caller that got any exception, even from
 * the commit, reads the positions again and goes on from there.
 *
 * <p>Safe for use by several threads; each call takes a connection of its own.
 */
public final class PostgresStore {
    private final DataSource database;
    private final Map<String, CurrentTable> tableOfTopic;
    private final String receipts;

    /**
     * @param tableOfTopic which table of current state follows which topic
     * @param receipts topic of the receipts, which have no {@link CurrentTable}; topics that are neither add to history alone
     */
    public PostgresStore(DataSource database, Map<String, CurrentTable> tableOfTopic, String receipts) {
        this.database = database;
        this.tableOfTopic = Map.copyOf(tableOfTopic);
        this.receipts = receipts;
    }

    /** Where the database stands; partitions never read are missing from the answer. */
    public Map<Partition, StoredPosition> positions(Collection<Partition> partitions) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return OffsetRows.read(connection, partitions);
        }
    }

    /**
     * Writes positions that do not follow from a batch: the first of a partition, and the beginning of a rebuild.
     *
     * @param expected what {@link #positions} said before
     * @param partitionCounts of the topics that are rebuilt; rows of partitions that are no more are removed
     * @throws StalePosition where another sink has written meanwhile
     */
    public void begin(
            Map<Partition, Position> positions,
            Map<Partition, StoredPosition> expected,
            Map<String, Integer> partitionCounts)
            throws SQLException {
        inTransaction(connection -> {
            Map<Partition, StoredPosition> found = OffsetRows.lock(connection, positions.keySet());
            for (Partition partition : positions.keySet()) {
                if (!Objects.equals(position(found.get(partition)), position(expected.get(partition)))) {
                    throw new StalePosition("Another sink has written the position of " + partition);
                }
            }
            OffsetRows.put(connection, positions);
            for (Map.Entry<Partition, Position> entry : positions.entrySet()) {
                Position position = entry.getValue();
                Advance nothing = new Advance(entry.getKey(), position, position.nextOffset(), false);
                if (nothing.endsRebuild()) {
                    removeLeftBehind(connection, nothing); // the topic is empty
                    OffsetRows.advance(connection, List.of(nothing));
                }
            }
            for (Map.Entry<String, Integer> count : partitionCounts.entrySet()) {
                OffsetRows.removeFrom(connection, count.getKey(), count.getValue());
                removeOfPartitionsGone(connection, count.getKey(), count.getValue());
            }
            return null;
        });
    }

    /**
     * Writes a batch.
     *
     * @param advances one for each partition the batch moves in
     * @throws StalePosition where the database does not stand where the batch begins; nothing was written
     * @throws SQLException see {@link SqlFault}; a failing commit may or may not have happened
     */
    public Written write(List<Advance> advances, StagedRows rows) throws SQLException {
        return inTransaction(connection -> {
            lockAndCompare(connection, advances);
            Map<String, Integer> written = new HashMap<>();
            Map<String, Integer> known = new HashMap<>();
            for (StagedTable table : rows.tables()) {
                append(connection, table.sql.history, table.history, written, known);
                writeCurrent(connection, table, written);
            }
            append(connection, rows.decisions().sql, rows.decisions().rows, written, known);
            if (!rows.receipts().isEmpty()) {
                SweepRows.write(connection, rows.receipts());
                written.put("sweeps", rows.receipts().size());
            }
            for (Advance advance : advances) {
                if (advance.endsRebuild()) {
                    removeLeftBehind(connection, advance);
                }
            }
            OffsetRows.advance(connection, advances);
            return new Written(written, known);
        });
    }

    /** Sweeps whose records have not all come through, oldest first. */
    public List<PendingSweep> pendingSweeps() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return SweepRows.pending(connection);
        }
    }

    /** Everything before these offsets is in the tables. */
    public Map<Partition, Long> nextOffsets() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return OffsetRows.nextOffsets(connection);
        }
    }

    /** @return false where a newer receipt has replaced that sweep's, or it was marked already */
    public boolean markApplied(String sweepId) throws SQLException {
        return inTransaction(connection -> SweepRows.markApplied(connection, sweepId));
    }

    /** One for each account and kind that ever had a complete sweep. */
    public List<Freshness> freshness() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return SweepRows.freshness(connection);
        }
    }

    /**
     * A thawed zombie, or a sink whose last commit succeeded unheard, stops here. Once the rows are locked and agree, nobody
     * else can write for these partitions until we commit.
     */
    private static void lockAndCompare(Connection connection, List<Advance> advances) throws SQLException {
        Map<Partition, StoredPosition> found = OffsetRows.lock(
                connection, advances.stream().map(Advance::partition).collect(Collectors.toList()));
        for (Advance advance : advances) {
            Position stored = position(found.get(advance.partition()));
            if (!advance.from().equals(stored)) {
                throw new StalePosition(
                        "Batch begins at offset " + advance.from().nextOffset() + " of "
                                + advance.partition() + ", the database stands at "
                                + (stored == null ? "none" : stored.nextOffset()));
            }
        }
    }

    /**
     * Straight into history: ids are unique, so nothing needs to be compared first. Where one is known all the same (a rebuild
     * reads the topic again), by way of a staging table that leaves known ids out.
     *
     * @param sql null where there are never rows
     */
    private static void append(
            Connection connection,
            AppendSql sql,
            CopyBuffer rows,
            Map<String, Integer> written,
            Map<String, Integer> known)
            throws SQLException {
        if (rows.rows() == 0) {
            return;
        }
        int added = rows.rows();
        if (!copyUnlessKnown(connection, sql.copy, rows)) {
            execute(connection, sql.createStage);
            copy(connection, sql.copyToStage, rows);
            added = execute(connection, sql.insertFromStage);
            known.put(sql.tableName, rows.rows() - added);
        }
        written.put(sql.tableName, added);
    }

    /**
     * States that their events call new go straight into the table, at half the server's cost; the first sweep of an account
     * is all of that kind. Everything else, and new ones that stand there already (a rebuild), by way of a staging table.
     */
    private static void writeCurrent(Connection connection, StagedTable table, Map<String, Integer> written)
            throws SQLException {
        int rows = table.current.rows();
        if (rows > 0 && !(table.onlyNew() && copyUnlessKnown(connection, table.sql.copyToCurrent, table.current))) {
            execute(connection, table.sql.createStage);
            copy(connection, table.sql.copyToStage, table.current);
            execute(connection, table.sql.upsertFromStage);
        }
        if (!table.removals.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(table.sql.remove)) {
                statement.setArray(1, connection.createArrayOf("text", table.removals.toArray()));
                rows += statement.executeUpdate();
            }
        }
        if (rows > 0) {
            written.put(table.table.tableName(), rows);
        }
    }

    /** @return false where a row of the same key stood there already; then nothing was copied */
    private static boolean copyUnlessKnown(Connection connection, String sql, CopyBuffer rows) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            copy(connection, sql, rows);
            connection.releaseSavepoint(before);
            return true;
        } catch (SQLException e) {
            if (!SqlFault.isUniqueViolation(e)) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    private void removeLeftBehind(Connection connection, Advance advance) throws SQLException {
        String topic = advance.partition().topic();
        int partition = advance.partition().number();
        if (topic.equals(receipts)) {
            SweepRows.removeLeftBehind(connection, partition, advance.from().generation());
        }
        CurrentTable table = tableOfTopic.get(topic);
        if (table == null) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(new TableSql(table).removeLeftBehind)) {
            statement.setInt(1, partition);
            statement.setInt(2, advance.from().generation());
            statement.executeUpdate();
        }
    }

    private void removeOfPartitionsGone(Connection connection, String topic, int firstGone) throws SQLException {
        if (topic.equals(receipts)) {
            SweepRows.removeOfPartitionsGone(connection, firstGone);
        }
        CurrentTable table = tableOfTopic.get(topic);
        if (table == null) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(new TableSql(table).removeOfPartitionsGone)) {
            statement.setInt(1, firstGone);
            statement.executeUpdate();
        }
    }

    private static Position position(StoredPosition stored) {
        return stored == null ? null : stored.position();
    }

    private static void copy(Connection connection, String sql, CopyBuffer rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            rows.sendTo(copy);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.rollback();
                } catch (SQLException alsoBroken) {
                    e.addSuppressed(alsoBroken);
                }
                throw e;
            }
        }
    }
}
