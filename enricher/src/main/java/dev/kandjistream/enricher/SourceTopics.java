package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Stores the ids of the raw topics that the offsets of the enricher's group belong to. If a raw topic is deleted and created
 * again while no enricher runs, it has the same name and other records. With the offsets of the former topic, the enricher would
 * skip records. Key: name of the topic, value: its id. For one thread.
 *
 * <p>Also stores since when the present topics are the ones that were read. What was read before may have come from a former
 * topic, and need not be in the present one.
 */
final class SourceTopics {
    /** Goes before the name of the topic. Value: since when, or {@link #BEGINNING}. */
    private static final String SINCE = "read since ";

    /** No former topic of that name was ever read. */
    private static final String BEGINNING = "the beginning";

    private final List<String> raw;
    private final SourceRecords records;

    SourceTopics(Topics topics, SourceRecords records) {
        raw = List.of(topics.rawDevices().name(), topics.rawApps().name());
        this.records = records;
    }

    /**
     * Raw topics whose id differs from the stored one, and the id that they have now. The id of a topic that has none stored is
     * stored now.
     *
     * @param isFirstStart whether no enricher has ever read anything
     * @throws KafkaException if the broker does not answer
     */
    Map<String, String> replaced(Admin admin, boolean isFirstStart) {
        Map<String, String> before = records.read();
        var replaced = new TreeMap<String, String>();
        present(admin).forEach((topic, id) -> {
            if (!before.containsKey(topic)) {
                records.write(Map.of(
                        topic,
                        id,
                        SINCE + topic,
                        isFirstStart ? BEGINNING : Instant.now().toString()));
            } else if (!before.get(topic).equals(id)) {
                replaced.put(topic, id);
            }
        });
        return replaced;
    }

    /** Stores ids of raw topics. Call it after the offsets of the former ones are deleted, with the ids that were seen before that. */
    void store(Map<String, String> ids) {
        var stored = new HashMap<>(ids);
        ids.keySet().forEach(topic -> stored.put(SINCE + topic, Instant.now().toString()));
        records.write(stored);
    }

    /**
     * Since when what was read of a topic came from the present one.
     *
     * @param stored all that is stored
     * @return null for the beginning; {@link Instant#MAX} where it is not known
     */
    static Instant since(String topic, Map<String, String> stored) {
        String text = stored.get(SINCE + topic);
        try {
            return BEGINNING.equals(text) ? null : text == null ? Instant.MAX : Instant.parse(text);
        } catch (DateTimeException notOurs) {
            return Instant.MAX;
        }
    }

    private Map<String, String> present(Admin admin) {
        var ids = new HashMap<String, String>();
        InternalTopics.join(admin.describeTopics(raw).allTopicNames())
                .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
        return ids;
    }
}
