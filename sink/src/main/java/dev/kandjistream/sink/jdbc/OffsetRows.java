package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Advance;
import dev.kandjistream.sink.domain.Loss;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.Position;
import dev.kandjistream.sink.domain.StartingPoint;
import dev.kandjistream.sink.domain.StoredPosition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The table {@code sink_offsets}. Its rows are the lock and the fence of the sink: who writes for a partition holds the
 * partition's row and has found in it the offset that it started from.
 */
final class OffsetRows {
    private static final String COLUMNS =
            "o.topic, o.partition, o.topic_id, o.next_offset, o.generation, o.rebuild_until, o.log_begin, o.partitions, o.unbacked,"
                    + " o.caught_up_at";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM kandji.sink_offsets o"
            + " JOIN unnest(?::text[], ?::int[]) AS wanted(topic, partition) USING (topic, partition)";
    /** Sorted, so that two sinks whose partitions overlap (one is a zombie) cannot wait for each other in a circle. */
    private static final String LOCK = SELECT + " ORDER BY o.topic, o.partition FOR UPDATE OF o";

    private static final String ADVANCE = "UPDATE kandji.sink_offsets o SET next_offset = a.next_offset,"
            + " rebuild_until = CASE WHEN a.rebuilding THEN o.rebuild_until END,"
            + " caught_up_at = CASE WHEN a.caught_up THEN now() ELSE o.caught_up_at END"
            + " FROM unnest(?::text[], ?::int[], ?::bigint[], ?::boolean[], ?::boolean[])"
            + " AS a(topic, partition, next_offset, rebuilding, caught_up)"
            + " WHERE o.topic = a.topic AND o.partition = a.partition";
    private static final String PUT = "INSERT INTO kandji.sink_offsets AS o"
            + " (topic, partition, topic_id, next_offset, generation, rebuild_until, log_begin, partitions, unbacked,"
            + " caught_up_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, now()) ON CONFLICT (topic, partition) DO UPDATE"
            + " SET topic_id = excluded.topic_id, next_offset = excluded.next_offset, generation = excluded.generation,"
            + " rebuild_until = excluded.rebuild_until, log_begin = excluded.log_begin, partitions = excluded.partitions, unbacked = excluded.unbacked,"
            + " caught_up_at = excluded.caught_up_at";
    /** Partitions that a topic lacks since it was created again: no record will come for their rows. */
    private static final String RETIRE =
            "UPDATE kandji.sink_offsets SET topic_id = ?, next_offset = 0, log_begin = 0, partitions = 0,"
                    + " generation = generation + 1, rebuild_until = NULL, unbacked = ?"
                    + " WHERE topic = ? AND partition >= ? AND topic_id IS DISTINCT FROM ?";

    private OffsetRows() {}

    static Map<Partition, StoredPosition> read(Connection connection, Collection<Partition> partitions)
            throws SQLException {
        return select(connection, SELECT, partitions);
    }

    static Map<Partition, StoredPosition> lock(Connection connection, Collection<Partition> partitions)
            throws SQLException {
        return select(connection, LOCK, partitions);
    }

    static Map<Partition, Long> nextOffsets(Connection connection) throws SQLException {
        Map<Partition, Long> offsets = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT topic, partition, next_offset FROM kandji.sink_offsets");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                offsets.put(new Partition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
            }
        }
        return offsets;
    }

    static void advance(Connection connection, List<Advance> advances) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setArray(1, texts(connection, advances.stream().map(a -> a.partition()
                    .topic())));
            statement.setArray(2, array(connection, "int4", advances.stream().map(a -> a.partition()
                    .number())));
            statement.setArray(3, array(connection, "int8", advances.stream().map(Advance::to)));
            statement.setArray(4, array(connection, "bool", advances.stream().map(a -> a.reached()
                    .rebuilding())));
            statement.setArray(5, array(connection, "bool", advances.stream().map(Advance::caughtUp)));
            statement.executeUpdate();
        }
    }

    static void put(Connection connection, Map<Partition, StartingPoint> starts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            for (Map.Entry<Partition, StartingPoint> entry : starts.entrySet()) {
                StartingPoint start = entry.getValue();
                Position position = start.position();
                OptionalLong until = position.rebuildUntil();
                statement.setString(1, entry.getKey().topic());
                statement.setInt(2, entry.getKey().number());
                statement.setObject(3, position.topicId());
                statement.setLong(4, position.nextOffset());
                statement.setInt(5, position.generation());
                statement.setObject(6, until.isPresent() ? until.getAsLong() : null, java.sql.Types.BIGINT);
                statement.setLong(7, start.logBegin());
                statement.setInt(8, start.partitions());
                statement.setString(9, start.unbacked().map(Loss::name).orElse(null));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** @param topicId of the topic that has fewer partitions than are stored */
    static void retire(Connection connection, String topic, int firstGone, UUID topicId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RETIRE)) {
            statement.setObject(1, topicId);
            statement.setString(2, Loss.REPLACED.name());
            statement.setString(3, topic);
            statement.setInt(4, firstGone);
            statement.setObject(5, topicId);
            statement.executeUpdate();
        }
    }

    /** All there are, with their generation. */
    static Map<Partition, Integer> generations(Connection connection) throws SQLException {
        Map<Partition, Integer> generations = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT topic, partition, generation FROM kandji.sink_offsets");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                generations.put(new Partition(rows.getString(1), rows.getInt(2)), rows.getInt(3));
            }
        }
        return generations;
    }

    private static Map<Partition, StoredPosition> select(
            Connection connection, String sql, Collection<Partition> partitions) throws SQLException {
        Map<Partition, StoredPosition> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, texts(connection, partitions.stream().map(Partition::topic)));
            statement.setArray(2, array(connection, "int4", partitions.stream().map(Partition::number)));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new Partition(rows.getString("topic"), rows.getInt("partition")), stored(rows));
                }
            }
        }
        return found;
    }

    private static StoredPosition stored(ResultSet row) throws SQLException {
        long until = row.getLong("rebuild_until");
        OptionalLong rebuildUntil = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(until);
        var position = new Position(
                row.getObject("topic_id", UUID.class),
                row.getLong("next_offset"),
                row.getInt("generation"),
                rebuildUntil);
        return new StoredPosition(
                position,
                row.getLong("log_begin"),
                row.getInt("partitions"),
                Optional.ofNullable(row.getString("unbacked")).map(Loss::valueOf),
                row.getTimestamp("caught_up_at").toInstant());
    }

    private static Array texts(Connection connection, java.util.stream.Stream<String> values) throws SQLException {
        return array(connection, "text", values);
    }

    private static Array array(Connection connection, String type, java.util.stream.Stream<?> values)
            throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}
