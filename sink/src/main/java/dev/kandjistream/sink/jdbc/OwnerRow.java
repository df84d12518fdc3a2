package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.Owner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The one row of table {@code owner}. */
final class OwnerRow {
    /** Inserts or reads in one statement, so several sinks may start at once: the update changes nothing and returns the row. */
    private static final String CLAIM = "INSERT INTO kandji.owner AS o (topic_prefix, cluster_id) VALUES (?, ?)"
            + " ON CONFLICT (single) DO UPDATE SET single = o.single RETURNING topic_prefix, cluster_id";

    private static final String FIND = "SELECT topic_prefix, cluster_id FROM kandji.owner";

    /** Taken with every first position, so that a sink that lost the database meanwhile cannot begin anew in it. */
    private static final String HOLD = FIND + " FOR SHARE";

    private static final String PUT = "INSERT INTO kandji.owner (topic_prefix, cluster_id) VALUES (?, ?)"
            + " ON CONFLICT (single) DO UPDATE SET topic_prefix = excluded.topic_prefix,"
            + " cluster_id = excluded.cluster_id, since = now()";

    /** Version 0.1.0 wrote offsets and no owner; topic names are the prefix, a dot and a name without a dot. */
    private static final String PREFIX_OF_OFFSETS =
            "SELECT min(prefix) FROM (SELECT regexp_replace(topic, '\\.[^.]*$', '')"
                    + " AS prefix FROM kandji.sink_offsets) p WHERE prefix <> ?";

    private OwnerRow() {}

    /** Takes a database that is no one's, and returns whose it is now. */
    static Owner claim(Connection connection, Owner claimant) throws SQLException {
        Optional<Owner> there = find(connection);
        if (there.isPresent()) {
            return there.get();
        }
        Optional<String> foreign = foreignPrefix(connection, claimant.topicPrefix());
        if (foreign.isPresent()) {
            return new Owner(foreign.get(), claimant.clusterId());
        }
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, claimant.topicPrefix());
            statement.setString(2, claimant.clusterId());
            return owner(statement).orElseThrow();
        }
    }

    /** @return whose the database is; empty before a sink of this version has started on it */
    static Optional<Owner> find(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            return owner(statement);
        }
    }

    /** @throws OwnerMismatch if the database is another pipeline's; else it stays this one's until the transaction ends */
    static void hold(Connection connection, Owner owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            Optional<Owner> found = owner(statement);
            if (!found.equals(Optional.of(owner))) {
                throw new OwnerMismatch(found.flatMap(owner::objectionTo).orElse("The database has no owner."));
            }
        }
    }

    static void put(Connection connection, Owner owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, owner.topicPrefix());
            statement.setString(2, owner.clusterId());
            statement.executeUpdate();
        }
    }

    /** Removes the offsets of topics with another prefix: nothing reads those topics any more. */
    static void removeForeignOffsets(Connection connection, String prefix) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM kandji.sink_offsets WHERE regexp_replace(topic, '\\.[^.]*$', '') <> ?")) {
            statement.setString(1, prefix);
            statement.executeUpdate();
        }
    }

    private static Optional<String> foreignPrefix(Connection connection, String prefix) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PREFIX_OF_OFFSETS)) {
            statement.setString(1, prefix);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }

    private static Optional<Owner> owner(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(new Owner(row.getString(1), row.getString(2))) : Optional.empty();
        }
    }
}
