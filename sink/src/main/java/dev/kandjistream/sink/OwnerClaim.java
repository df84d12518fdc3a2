package dev.kandjistream.sink;

import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.kafka.RecordReader;
import dev.kandjistream.sink.kafka.TopicLog;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a database that has no owner yet, and finds out whether the sink may write to one that has. */
final class OwnerClaim {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerClaim.class);

    private final SinkConfig config;
    private final TopicLog topicLog;
    private final DataSource database;
    private PostgresStore store;

    OwnerClaim(SinkConfig config, TopicLog topicLog, DataSource database) {
        this.config = config;
        this.topicLog = topicLog;
        this.database = database;
    }

    /**
     * Returns why the database must not be written to; empty where it is this pipeline's, or has become so just now.
     *
     * @throws org.apache.kafka.common.KafkaException where the broker cannot be asked
     */
    Optional<String> objection() throws SQLException {
        var topics = config.topics();
        var owner = new Owner(topics.prefix(), topicLog.clusterId());
        store = new PostgresStore(
                database, owner, RecordReader.tables(topics), topics.sweeps().name());
        Owner found = store.claim();
        boolean samePrefix = found.topicPrefix().equals(owner.topicPrefix());
        if (config.oneDirectory() && samePrefix && !found.equals(owner)) {
            LOG.atWarn()
                    .addKeyValue("expected", found.clusterId())
                    .addKeyValue("found", owner.clusterId())
                    .log("The embedded broker's data is new; the rows of the same directory stay");
            store.takeOver();
            return Optional.empty();
        }
        return owner.objectionTo(found);
    }

    /** The store of the owner that {@link #objection} was asked for. */
    PostgresStore store() {
        return store;
    }
}
