package dev.kandjistream.sink;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.kafka.SinkMetrics;
import dev.kandjistream.sink.kafka.TopicLog;
import dev.kandjistream.sink.kafka.UnbackedWatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the sink looks at now and then while it works: is the database its own, are the topics those that it read. */
final class Lookout {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private final TopicLog topicLog;
    private final PostgresStore store;
    private final DataSource database;
    private final SinkMetrics metrics;
    private final UnbackedWatch unbackedWatch;
    private final List<String> names;
    private volatile List<UnbackedRows> unbacked = List.of();

    Lookout(Topics topics, TopicLog topicLog, PostgresStore store, DataSource database, SinkMetrics metrics) {
        this.topicLog = topicLog;
        this.store = store;
        this.database = database;
        this.metrics = metrics;
        unbackedWatch = new UnbackedWatch(topics);
        names = topics.sunk().stream().map(Topic::name).toList();
    }

    TopicLog topicLog() {
        return topicLog;
    }

    SinkMetrics metrics() {
        return metrics;
    }

    /** Rows that stand although their topic lost the records they came from, as of the last look. */
    List<UnbackedRows> unbacked() {
        return unbacked;
    }

    /** Another cluster may have come up under the same address, and an operator may hand the database over. */
    boolean isOurs() throws SQLException {
        return store.owner().clusterId().equals(topicLog.clusterId())
                && store.claim().equals(store.owner());
    }

    /** How fresh accounts are, whether topics were created again or lost records, and which rows stand for it. */
    void look() throws SQLException {
        metrics.freshness(store.freshness());
        var topicsNow = topicLog.look(names);
        List<UnbackedRows> found;
        try (Connection connection = database.getConnection()) {
            found = unbackedWatch.find(topicsNow, connection, true);
        }
        metrics.unbacked(found);
        if (unbacked.isEmpty()) {
            found.forEach(one -> LOG.atError().log("{}", one.sentence()));
        }
        unbacked = found;
    }
}
