package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
     * The names of raw topics whose id differs from the stored one. The id of a topic that has none stored is stored now.
     *
     * @throws KafkaException if the broker does not answer
     */
    Set<String> replaced(Admin admin) {
        Map<String, String> now = present(admin);
        Map<String, String> before = records.read();
        var replaced = new TreeSet<String>();
        now.forEach((topic, id) -> {
            if (!before.containsKey(topic)) {
                records.write(Map.of(topic, id));
            } else if (!before.get(topic).equals(id)) {
                replaced.add(topic);
            }
        });
        return replaced;
    }

    /** Stores the ids of the present raw topics. Call it after the offsets of the former ones are deleted. */
    void store(Admin admin) {
        records.write(present(admin));
    }

    private Map<String, String> present(Admin admin) {
        var ids = new HashMap<String, String>();
        InternalTopics.join(admin.describeTopics(raw).allTopicNames())
                .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
        return ids;
    }
}
