package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Loss;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts rows that stand without a record. It scans a table only if its topic lost something, so it costs nothing while all is
 * well.
 */
public final class UnbackedQuery {
    private final Connection connection;

    /** What the database knows of a topic. */
    public record Known(Optional<UUID> topicId, Optional<Loss> loss) {}

    /** @param connection the caller's, in autocommit mode */
    public UnbackedQuery(Connection connection) {
        this.connection = connection;
    }

    /** What is known of each topic that was ever read; empty before a sink of this version has started. */
    public Map<String, Known> topics() throws SQLException {
        Map<String, Known> topics = new HashMap<>();
        // One id for a topic: partitions that are placed one after the other differ for a moment, the lowest stands for
        // all.
        String sql = "SELECT topic, (array_agg(topic_id ORDER BY partition))[1], min(unbacked) FROM kandji.sink_offsets"
                + " GROUP BY topic";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                topics.put(
                        rows.getString(1),
                        new Known(
                                Optional.ofNullable(rows.getObject(2, UUID.class)),
                                Optional.ofNullable(rows.getString(3)).map(Loss::valueOf)));
            }
        } catch (SQLException fault) {
            if (!SqlFault.isOfMissingSchema(fault)) {
                throw fault;
            }
        }
        return topics;
    }

    /** Rows of a generation before the topic's loss. */
    public long unbacked(String topic, String table) throws SQLException {
        String sql = "SELECT count(*) FROM kandji." + table + " t JOIN kandji.sink_offsets o"
                + " ON o.topic = ? AND o.partition = t.record_partition"
                + " WHERE t.generation < o.generation AND o.unbacked IS NOT NULL";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, topic);
            return count(statement);
        }
    }

    /** All rows. */
    public long rows(String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM kandji." + table)) {
            return count(statement);
        }
    }

    /**
     * Forgets a topic's loss; to be called when no row of the topic is unbacked. Added partitions are not forgotten: the outdated
     * records stay in the topic. A partition that lost something again meanwhile
     * keeps it: its generation was raised with the loss.
     */
    public void forgetLoss(String topic, String table) throws SQLException {
        String sql = "UPDATE kandji.sink_offsets o SET unbacked = NULL WHERE o.topic = ? AND o.unbacked <> 'ALTERED'"
                + " AND NOT EXISTS (SELECT FROM kandji." + table + " t WHERE t.record_partition = o.partition"
                + " AND t.generation < o.generation)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, topic);
            statement.executeUpdate();
        }
    }

    private static long count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
