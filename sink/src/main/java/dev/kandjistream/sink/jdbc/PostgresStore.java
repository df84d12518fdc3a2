package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.StartingPoint;
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
import java.util.UUID;
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
    private final Owner owner;
    private final Map<String, CurrentTable> tableOfTopic;
    private final String receipts;

    /**
     * @param owner the pipeline that writes here, see {@link #claim}
     * @param tableOfTopic which table of current state follows which topic
     * @param receipts topic of the receipts, which have no {@link CurrentTable}; topics that are neither add to history alone
     */
    public PostgresStore(DataSource database, Owner owner, Map<String, CurrentTable> tableOfTopic, String receipts) {
        this.database = database;
        this.owner = owner;
        this.tableOfTopic = Map.copyOf(tableOfTopic);
        this.receipts = receipts;
    }

    /** Whether a table of current state follows the topic; the others only add to history. */
    public boolean hasCurrentRows(String topic) {
        return topic.equals(receipts) || tableOfTopic.containsKey(topic);
    }

    /** The pipeline that writes here. */
    public Owner owner() {
        return owner;
    }

    /** Takes the database for this pipeline if it is no one's yet, and returns whose it is. */
    public Owner claim() throws SQLException {
        return inTransaction(connection -> OwnerRow.claim(connection, owner));
    }

    /** Makes the database this pipeline's, whosever it was; its rows and offsets stay. */
    public void takeOver() throws SQLException {
        inTransaction(connection -> {
            OwnerRow.put(connection, owner);
            return null;
        });
    }

    /** Where the database stands; partitions never read are missing from the answer. */
    public Map<Partition, StoredPosition> positions(Collection<Partition> partitions) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return OffsetRows.read(connection, partitions);
        }
    }

    /**
     * Writes positions that do not follow from a batch: reading begins, or begins anew.
     *
     * @param expected what {@link #positions} said before
     * @param partitionCounts of the topics that were created again: partitions beyond have rows and get no more records
     * @throws StalePosition where another sink has written meanwhile
     * @throws OwnerMismatch where the database is another pipeline's by now
     */
    public void begin(
            Map<Partition, StartingPoint> starts,
            Map<Partition, StoredPosition> expected,
            Map<String, Integer> partitionCounts)
            throws SQLException {
        inTransaction(connection -> {
            OwnerRow.hold(connection, owner);
            Map<Partition, StoredPosition> found = OffsetRows.lock(connection, starts.keySet());
            for (Partition partition : starts.keySet()) {
                if (!Objects.equals(position(found.get(partition)), position(expected.get(partition)))) {
                    throw new StalePosition("Another sink has written the position of " + partition);
                }
            }
            put(connection, starts, partitionCounts);
            return null;
        });
    }

    void put(Connection connection, Map<Partition, StartingPoint> starts, Map<String, Integer> partitionCounts)
            throws SQLException {
        OffsetRows.put(connection, starts);
        for (Map.Entry<Partition, StartingPoint> entry : starts.entrySet()) {
            Position position = entry.getValue().position();
            Advance nothing = new Advance(entry.getKey(), position, position.nextOffset(), false);
            if (nothing.endsRebuild()) {
                removeLeftBehind(connection, nothing); // there is nothing to read
                OffsetRows.advance(connection, List.of(nothing));
            }
        }
        for (Map.Entry<String, Integer> count : partitionCounts.entrySet()) {
            UUID topicId =
                    starts.get(new Partition(count.getKey(), 0)).position().topicId();
            OffsetRows.retire(connection, count.getKey(), count.getValue(), topicId);
        }
    }

    /** The generation of every partition: a higher one than the sink knows means that reading begins anew there. */
    public Map<Partition, Integer> generations() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return OffsetRows.generations(connection);
        }
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
                append(connection, table.sql.history, table.history, table.replays(), written, known);
                writeCurrent(connection, table, written);
            }
            append(connection, rows.decisions().sql, rows.decisions().rows, 0, written, known);
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
     * @param replays how many of the rows may be known: they do not count as known
     */
    private static void append(
            Connection connection,
            AppendSql sql,
            CopyBuffer rows,
            int replays,
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
            int unexpected = rows.rows() - added - replays;
            if (unexpected > 0) {
                known.put(sql.tableName, unexpected);
            }
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
        removeLeftBehind(
                connection,
                advance.partition().topic(),
                advance.partition().number(),
                advance.from().generation());
    }

    /** Removes a partition's rows of older generations. */
    void removeLeftBehind(Connection connection, String topic, int partition, int generation) throws SQLException {
        if (topic.equals(receipts)) {
            SweepRows.removeLeftBehind(connection, partition, generation);
        }
        CurrentTable table = tableOfTopic.get(topic);
        if (table == null) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(new TableSql(table).removeLeftBehind)) {
            statement.setInt(1, partition);
            statement.setInt(2, generation);
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
