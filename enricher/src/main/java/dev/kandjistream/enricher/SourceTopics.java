package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
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
 */
final class SourceTopics {
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
     * @throws KafkaException if the broker does not answer
     */
    Map<String, String> replaced(Admin admin) {
        Map<String, String> before = records.read();
        var replaced = new TreeMap<String, String>();
        present(admin).forEach((topic, id) -> {
            if (!before.containsKey(topic)) {
                records.write(Map.of(topic, id));
            } else if (!before.get(topic).equals(id)) {
                replaced.put(topic, id);
            }
        });
        return replaced;
    }

    /** Stores ids of raw topics. Call it after the offsets of the former ones are deleted, with the ids that were seen before that. */
    void store(Map<String, String> ids) {
        records.write(ids);
    }

    private Map<String, String> present(Admin admin) {
        var ids = new HashMap<String, String>();
        InternalTopics.join(admin.describeTopics(raw).allTopicNames())
                .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
        return ids;
    }
}
