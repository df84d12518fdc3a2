package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Loss;
import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.RebuildPlan;
import dev.kandjistream.sink.domain.StartingPoint;
import dev.kandjistream.sink.domain.StoredPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The database's side of a rebuild that an operator asked for. The request is the positions themselves: they are set back under
 * their locks, the sinks find a higher generation than theirs and read on from there.
 *
 * <p>Keys are compared in temporary tables, so one connection serves from the plan to the outcome.
 */
public final class RebuildStore {
    /** Rows that one statement carries to a temporary table. */
    private static final int CHUNK = 10_000;

    private final Connection connection;
    private final PostgresStore store;

    /**
     * What becomes of a topic.
     *
     * @param logs its partitions as they are now, by number
     * @param rebuilt whether rows that do not come by are removed; else its records are applied and all rows stand
     */
    public record Target(String topic, String table, Map<Integer, StartingPoint.Log> logs, boolean rebuilt) {}

    /** @param connection the caller's, in autocommit mode */
    public RebuildStore(Connection connection, PostgresStore store) {
        this.connection = connection;
        this.store = store;
    }

    /** Whose the database is; empty where it is no one's, or no sink of this version has started on it yet. */
    public Optional<Owner> owner() throws SQLException {
        try {
            return OwnerRow.find(connection);
        } catch (SQLException fault) {
            if (SqlFault.isOfMissingSchema(fault)) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    /** Notes keys that the table's topic holds. */
    public void noteKeys(String table, Collection<String> keys) throws SQLException {
        execute("CREATE TEMPORARY TABLE IF NOT EXISTS keys_" + table + " (record_key text COLLATE \"C\" PRIMARY KEY)");
        List<String> all = List.copyOf(keys);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO keys_" + table + " SELECT unnest(?::text[]) ON CONFLICT DO NOTHING")) {
            for (int from = 0; from < all.size(); from += CHUNK) {
                List<String> some = all.subList(from, Math.min(all.size(), from + CHUNK));
                insert.setArray(1, connection.createArrayOf("text", some.toArray()));
                insert.executeUpdate();
            }
        }
    }

    /** Compares the table as it is with the keys that were noted. */
    public RebuildPlan plan(String topic, String table, String entity, long displaced) throws SQLException {
        return compare(topic, table, entity, displaced, "kandji." + table, "keys_" + table);
    }

    /** Compares the table as it was when the rebuild began with what it is now. */
    public RebuildPlan outcome(String topic, String table, String entity) throws SQLException {
        return compare(topic, table, entity, 0, "before_" + table, "kandji." + table);
    }

    private RebuildPlan compare(String topic, String table, String entity, long displaced, String before, String after)
            throws SQLException {
        String sql =
                "SELECT count(*) FILTER (WHERE b.record_key IS NULL), count(*) FILTER (WHERE a.record_key IS NULL),"
                        + " count(*) FILTER (WHERE a.record_key = b.record_key) FROM " + before + " b FULL JOIN "
                        + after
                        + " a ON a.record_key = b.record_key";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new RebuildPlan(topic, table, entity, row.getLong(1), row.getLong(2), row.getLong(3), displaced);
        }
    }

    /**
     * Sets the positions back, all of them or none.
     *
     * @param owner who asks
     * @param adopt make the database the owner's, whosever it was
     * @param targets asked for when no sink can write any more, so that no log ends before the position of a sink
     * @return the generation that reading begins anew in
     * @throws OwnerMismatch where the database is another pipeline's and is not to be adopted
     */
    public int begin(Owner owner, boolean adopt, Supplier<List<Target>> targets) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (adopt) {
                OwnerRow.put(connection, owner);
            } else {
                OwnerRow.hold(connection, owner);
            }
            int former = formerGeneration();
            Map<Partition, StartingPoint> starts = new TreeMap<>();
            for (Target target : targets.get()) {
                starts.putAll(starts(target, former));
                execute("DROP TABLE IF EXISTS before_" + target.table());
                execute("CREATE TEMPORARY TABLE before_" + target.table() + " AS SELECT record_key FROM kandji."
                        + target.table());
            }
            OffsetRows.lock(connection, starts.keySet());
            OwnerRow.removeForeignOffsets(connection, owner.topicPrefix());
            store.put(connection, starts, Map.of());
            connection.commit();
            return former + 1;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** No row has a higher one: rows carry their partition's. Every offset row is locked, so it stays so. */
    private int formerGeneration() throws SQLException {
        execute("SELECT FROM kandji.sink_offsets ORDER BY topic, partition FOR UPDATE");
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT coalesce(max(generation), 0) FROM kandji.sink_offsets");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private Map<Partition, StartingPoint> starts(Target target, int former) throws SQLException {
        Map<Partition, StartingPoint> starts = new HashMap<>();
        target.logs().forEach((number, log) -> {
            var before = new Position(log.topicId(), 0, former, OptionalLong.empty());
            starts.put(
                    new Partition(target.topic(), number),
                    target.rebuilt()
                            ? StartingPoint.rebuild(before, log, "operator")
                            : StartingPoint.afterLoss(Loss.REPLACED, before, log.begin(), log));
        });
        // Rows of partitions that the topic lacks stand for now: where their keys come by, the rows move to other
        // partitions.
        StartingPoint.Log first = target.logs().get(0);
        var none = new StartingPoint.Log(first.topicId(), 0, 0, 0, false, true);
        var before = new Position(first.topicId(), 0, former, OptionalLong.empty());
        for (int number = target.logs().size(); number <= lastPartition(target.table()); number++) {
            starts.put(new Partition(target.topic(), number), StartingPoint.afterLoss(Loss.REPLACED, before, 0, none));
        }
        return starts;
    }

    private int lastPartition(String table) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT coalesce(max(record_partition), 0) FROM kandji." + table);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Where the topic's partitions stand. */
    public Map<Partition, StoredPosition> positions(Target target) throws SQLException {
        return OffsetRows.read(
                connection,
                target.logs().keySet().stream()
                        .map(number -> new Partition(target.topic(), number))
                        .toList());
    }

    /** Removes the rows of partitions that the topic lacks and that came by in none; to be called when reading has ended. */
    public void finish(Target target, int generation) throws SQLException {
        int last = lastPartition(target.table());
        for (int number = target.logs().size(); number <= last; number++) {
            store.removeLeftBehind(connection, target.topic(), number, generation);
        }
        new UnbackedQuery(connection).forgetLoss(target.topic(), target.table());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
