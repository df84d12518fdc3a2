package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Compares the topics that the enricher reads and writes with what they were at the look before. For one thread. */
final class TopicWatch {
    /** A topic counts as missing once so many looks in a row did not find it. */
    private static final int LOOKS = 3;

    private final List<String> raw;
    private final List<String> changes;
    private final List<String> internal;
    private final Map<String, Fact> known = new HashMap<>();
    private final Map<String, Integer> missing = new HashMap<>();

    private record Fact(Uuid id, int partitions) {}

    /**
     * What a look found.
     *
     * @param reread raw topics that were created again, and their ids now: what they hold was never read
     * @param replaced change topics that were created again
     * @param missing whether a raw topic or a change topic does not exist
     * @param altered why nothing may be processed now: a topic is missing, or has another number of partitions; null where nothing
     *     forbids it
     * @param lost why the enricher cannot go on at all; null where it can
     */
    record Found(Map<String, String> reread, Set<String> replaced, boolean missing, String altered, String lost) {}

    TopicWatch(Topics topics, List<String> internal) {
        raw = List.of(topics.rawDevices().name(), topics.rawApps().name());
        changes = List.of(
                topics.devices().name(),
                topics.licenses().name(),
                topics.users().name(),
                topics.usage().name(),
                topics.unattributed().name());
        this.internal = internal;
    }

    /** @throws KafkaException where the broker cannot be asked */
    Found look(Admin admin) {
        Map<String, Fact> now = describe(admin);
        var reread = new TreeMap<String, String>();
        var replaced = new TreeSet<String>();
        String altered = null;
        String lost = null;
        boolean gone = false;
        for (String topic :
                Stream.of(internal, raw, changes).flatMap(List::stream).toList()) {
            Fact before = known.get(topic);
            Fact found = now.get(topic);
            if (found == null) {
                boolean isMissing = missing.merge(topic, 1, Integer::sum) >= LOOKS;
                lost = isMissing && before != null && internal.contains(topic) ? lost(topic) : lost;
                gone |= isMissing && !internal.contains(topic);
                altered = internal.contains(topic)
                        ? altered
                        : "Topic " + topic + " does not exist. It is created in a moment.";
                continue;
            }
            missing.remove(topic);
            if (before != null && !before.id().equals(found.id())) {
                lost = internal.contains(topic) ? lost(topic) : lost;
                if (raw.contains(topic)) {
                    reread.put(topic, found.id().toString());
                } else {
                    replaced.add(topic);
                }
            } else if (before != null && before.partitions() != found.partitions()) {
                altered = altered(topic, before, found);
                continue;
            }
            known.put(topic, found);
        }
        return new Found(reread, replaced, gone, altered, lost);
    }

    private String altered(String topic, Fact before, Fact found) {
        String head =
                "Topic " + topic + " has " + found.partitions() + " partitions now, but had " + before.partitions()
                        + ": keys lie in other partitions than before. Delete topic " + topic + ": it is created again";
        String entity = topic.substring(topic.lastIndexOf('.') + 1);
        return raw.contains(topic)
                ? head + " and the pollers fill it (docs/runbook.md)."
                : head + ". Then run kandji-stream replay --entity " + entity + " and kandji-stream rebuild --entity "
                        + entity + " (docs/runbook.md).";
    }

    /** Why the enricher cannot work without a topic of its own that is gone. */
    static String lost(String topic) {
        return "Topic " + topic
                + " was deleted, and with it what the enricher knew of devices and users: what it publishes"
                + " now would be wrong. Begin anew as docs/runbook.md says (An internal topic of the enricher was lost).";
    }

    private Map<String, Fact> describe(Admin admin) {
        List<String> names =
                Stream.of(internal, raw, changes).flatMap(List::stream).toList();
        var facts = new HashMap<String, Fact>();
        admin.describeTopics(names).topicNameValues().forEach((name, topic) -> ask(topic)
                .ifPresent(found -> facts.put(
                        name, new Fact(found.topicId(), found.partitions().size()))));
        return facts;
    }

    private static Optional<TopicDescription> ask(KafkaFuture<TopicDescription> topic) {
        try {
            return Optional.of(topic.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
