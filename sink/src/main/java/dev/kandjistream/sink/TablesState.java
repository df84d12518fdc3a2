package dev.kandjistream.sink;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sink.jdbc.Database;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.jdbc.RebuildStore;
import dev.kandjistream.sink.kafka.KafkaClients;
import dev.kandjistream.sink.kafka.RecordReader;
import dev.kandjistream.sink.kafka.TopicLog;
import dev.kandjistream.sink.kafka.UnbackedWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the tables follow the topics, as anyone may ask who reaches broker and database; no sink need run.
 *
 * @param objection why the database is not this pipeline's, with what to do; empty where it is, or is no one's yet
 * @param unbacked rows that stand although their topic lost the records they came from; empty where the database is not ours
 */
public record TablesState(Optional<String> objection, List<UnbackedRows> unbacked) {
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Where nothing is known, and nothing is wrong as far as is known. */
    public static final TablesState UNKNOWN = new TablesState(Optional.empty(), List.of());

    /**
     * Asks; changes nothing.
     *
     * @throws SQLException where the database cannot be asked
     * @throws org.apache.kafka.common.KafkaException where the broker cannot be asked
     */
    public static TablesState read(SinkConfig config) throws SQLException {
        var topics = config.topics();
        var admin = new KafkaClients(topics, config.kafka(), config.batchRecords()).admin();
        try (var pool = Database.pool(config.jdbcUrl(), config.user(), config.password(), 1);
                var connection = pool.getConnection()) {
            var topicLog = new TopicLog(admin);
            var owner = new Owner(topics.prefix(), topicLog.clusterId());
            var store = new PostgresStore(
                    pool, owner, RecordReader.tables(topics), topics.sweeps().name());
            Optional<String> objection =
                    new RebuildStore(connection, store).owner().flatMap(owner::objectionTo);
            if (objection.isPresent()) {
                return new TablesState(objection, List.of());
            }
            var described =
                    topicLog.describe(topics.sunk().stream().map(Topic::name).toList());
            return new TablesState(Optional.empty(), new UnbackedWatch(topics).find(described, connection, false));
        } finally {
            admin.close(GRACE);
        }
    }

    /** What only an operator can put right, one sentence each. */
    public List<String> sentences() {
        return objection
                .map(List::of)
                .orElseGet(() -> unbacked.stream().map(UnbackedRows::sentence).toList());
    }
}
