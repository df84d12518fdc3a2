package dev.kandjistream.sink.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Which topics there are now. A topic that was deleted and created anew has the same name and another id; offsets of the one
 * mean nothing in the other.
 */
public final class TopicLog {
    private static final int SECONDS = 15;

    /** A topic as the broker describes it. */
    public record Described(UUID id, int partitions) {}

    private final Admin admin;
    private volatile Map<String, Described> lastSeen = Map.of();

    public TopicLog(Admin admin) {
        this.admin = admin;
    }

    /** What the latest {@link #describe} said; another map only where something changed. */
    Map<String, Described> lastSeen() {
        return lastSeen;
    }

    /** @throws KafkaException where the broker cannot be asked, or a topic is missing */
    public Map<String, Described> describe(Collection<String> topics) {
        Map<String, Described> described = new HashMap<>();
        try {
            admin.describeTopics(topics)
                    .allTopicNames()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .forEach((name, topic) -> described.put(name, described(topic)));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Topics cannot be described: " + e.getMessage(), e);
        }
        if (!described.equals(lastSeen)) {
            lastSeen = described;
        }
        return described;
    }

    private static Described described(TopicDescription topic) {
        Uuid id = topic.topicId();
        return new Described(
                new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                topic.partitions().size());
    }
}
