package dev.kandjistream.posture.kafka;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Checks whether decisions can be written. Only the right to write to their topic is needed. A missing topic is created if that
 * is permitted. No other topic is touched.
 */
final class DecisionAccess {
    private DecisionAccess() {}

    /**
     * @param replicationFactor of the topic if it has to be created; -1 for the brokers' default
     * @throws NotRecordedException if decisions cannot be written; it says what to do
     * @throws KafkaException if Kafka cannot be asked
     */
    static void require(Admin admin, Topic<?> topic, short replicationFactor) {
        try {
            Set<AclOperation> allowed = operations(admin, topic.name());
            // Null: the broker does not say.
            if (allowed != null && !allowed.contains(AclOperation.WRITE) && !allowed.contains(AclOperation.ALL)) {
                throw notPermitted(topic.name(), null);
            }
        } catch (UnknownTopicOrPartitionException missing) {
            create(admin, topic, replicationFactor);
        } catch (AuthorizationException refused) {
            throw notPermitted(topic.name(), refused);
        }
    }

    /** The exception for a user without the right to write to the topic. */
    static NotRecordedException notPermitted(String topic, Throwable cause) {
        return new NotRecordedException("this user may not write to topic " + topic, "grant WRITE on " + topic, cause);
    }

    private static void create(Admin admin, Topic<?> topic, short replicationFactor) {
        try {
            TopicAdmin.create(admin, topic, replicationFactor);
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            throw new NotRecordedException(
                    "topic " + topic.name() + " does not exist, or this user may not see it",
                    "start the poller, which creates it, and grant WRITE on " + topic.name(),
                    e);
        }
    }

    private static Set<AclOperation> operations(Admin admin, String topic) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        try {
            return admin.describeTopics(List.of(topic), options)
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .authorizedOperations();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
