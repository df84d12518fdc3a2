package dev.kandjistream.poller.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Asks for the id that the cluster gave a topic: one that was deleted and created again has another. */
final class TopicIdentity implements AutoCloseable {
    private final String topic;
    private final Admin admin;
    private final DescribeTopicsOptions patience;

    /** @param kafka client properties */
    TopicIdentity(String topic, Map<String, Object> kafka, Duration patience) {
        this.topic = topic;
        this.patience = new DescribeTopicsOptions().timeoutMs((int) patience.toMillis());
        admin = Admin.create(kafka);
    }

    /** @throws KafkaException where the topic is missing, or the broker cannot be asked */
    String now() {
        try {
            return admin.describeTopics(List.of(topic), patience)
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
