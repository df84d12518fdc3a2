package dev.kandjistream.sink.kafka;

import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.domain.Loss;
import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sink.jdbc.UnbackedQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the rows that stand although their topic lost the records they came from: what the tables hold, the topics do not. */
public final class UnbackedWatch {
    private final Topics topics;
    private final Map<String, String> tables;

    public UnbackedWatch(Topics topics) {
        this.topics = topics;
        tables = tables(topics);
    }

    /** The table of current state that follows each topic, by the topic's name. */
    public static Map<String, String> tables(Topics topics) {
        Map<String, String> tables = new TreeMap<>();
        RecordReader.tables(topics).forEach((topic, table) -> tables.put(topic, table.tableName()));
        tables.put(topics.sweeps().name(), "sweeps");
        return tables;
    }

    /** What operators call a topic: its name without the prefix. */
    public static String entity(Topics topics, String topic) {
        return topic.substring(topics.prefix().length() + 1);
    }

    /**
     * Returns one for each topic with such rows, by name.
     *
     * @param now the topics that exist
     * @param forget whether to forget losses that no row is left of; for the sink alone, readers change nothing
     */
    public List<UnbackedRows> find(Map<String, TopicLog.Described> now, Connection database, boolean forget)
            throws SQLException {
        var query = new UnbackedQuery(database);
        Map<String, UnbackedQuery.Known> known = query.topics();
        List<UnbackedRows> found = new ArrayList<>();
        for (Map.Entry<String, String> entry : tables.entrySet()) {
            String topic = entry.getKey();
            String table = entry.getValue();
            if (!known.containsKey(topic)) {
                continue;
            }
            Optional<Loss> noticed = now.containsKey(topic) && isSame(known.get(topic), now.get(topic))
                    ? known.get(topic).loss()
                    : Optional.empty();
            Optional<Loss> loss = noticed.or(() -> unnoticed(known.get(topic), now.get(topic)));
            if (loss.isEmpty()) {
                continue;
            }
            long rows = noticed.isPresent() ? query.unbacked(topic, table) : query.rows(table);
            if (rows > 0) {
                found.add(new UnbackedRows(topic, table, entity(topics, topic), loss.get(), rows));
            } else if (noticed.isPresent() && forget) {
                query.forgetLoss(topic, table);
            }
        }
        return found;
    }

    /** What has happened since the sink last began to read: no row has been read from the topic as it is now. */
    private static Optional<Loss> unnoticed(UnbackedQuery.Known known, TopicLog.Described now) {
        if (now == null) {
            return Optional.of(Loss.MISSING);
        }
        return isSame(known, now) ? Optional.empty() : Optional.of(Loss.REPLACED);
    }

    private static boolean isSame(UnbackedQuery.Known known, TopicLog.Described now) {
        return known.topicId().map(now.id()::equals).orElse(false);
    }
}
