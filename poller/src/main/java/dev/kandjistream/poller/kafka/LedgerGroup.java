package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of the pollers' consumer group on the ledger topic. It never reads a record: to be a member is
 * all it does. All of the consumer's work is done by the thread in {@link #run}; others ask through a queue.
 */
public final class LedgerGroup implements Membership, Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerGroup.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Topics topics;
    private final Owner owner;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final Set<Integer> owned = new TreeSet<>();
    private volatile ConsumerGroupMetadata metadata;
    private volatile boolean closed;

    private record Question(int partition, CompletableFuture<Boolean> answer) {}

    /** Told by the group's thread, one call after the other. */
    public interface Owner {
        void gained(Collection<Integer> partitions);

        /** They go to somebody else when this returns; what is being published may end first. */
        void released(Collection<Integer> partitions);

        /** They are somebody else's already. */
        void lost(Collection<Integer> partitions);

        /** This process is no member any more and cannot become one by waiting. */
        void failed(Throwable cause);
    }

    /** @throws org.apache.kafka.common.config.ConfigException where the properties are wrong; connects to nothing yet */
    public LedgerGroup(
            Topics topics,
            Map<String, Object> kafka,
            Optional<String> instanceId,
            Duration sessionTimeout,
            Owner owner) {
        this.topics = topics;
        this.owner = owner;
        consumer = new KafkaConsumer<>(
                properties(topics, kafka, instanceId, sessionTimeout),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        metadata = consumer.groupMetadata();
    }

    private static Map<String, Object> properties(
            Topics topics, Map<String, Object> kafka, Optional<String> instanceId, Duration sessionTimeout) {
        var properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topics.pollerGroup());
        instanceId.ifPresent(id -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) sessionTimeout.toMillis());
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) sessionTimeout.toMillis() / 5);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    /** Is a member until {@link #close}. */
    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topics.ledger().name()), new Assignment());
            while (!closed) {
                poll();
            }
        } catch (WakeupException closing) {
            LOG.atDebug().log("Leaving the group");
        } catch (FencedInstanceIdException twin) {
            owner.failed(new IllegalStateException(
                    "expected to be the only poller with its poller.instance_id, found another one: give each its own",
                    twin));
        } catch (RuntimeException unexpected) {
            LOG.atDebug().setCause(unexpected).log("The group's thread ends");
            owner.failed(unexpected);
        } finally {
            closed = true;
            consumer.close();
            refuse();
        }
    }

    private void poll() {
        try {
            consumer.poll(POLL);
            metadata = consumer.groupMetadata();
            answer();
        } catch (WakeupException | AuthorizationException | FencedInstanceIdException unmendable) {
            throw unmendable;
        } catch (KafkaException trouble) {
            LOG.atWarn().addKeyValue("reason", trouble.getMessage()).log("The pollers' group cannot be reached");
            pause();
        }
    }

    /** Committing in the group's name is the one question that the coordinator answers by its own books. */
    private void answer() {
        var asked = new ArrayList<Question>();
        questions.drainTo(asked);
        for (Question question : asked) {
            try {
                question.answer().complete(owned.contains(question.partition()) && commit(question.partition()));
            } catch (RebalanceInProgressException undecided) {
                questions.add(question);
            } catch (KafkaException trouble) {
                question.answer().completeExceptionally(trouble);
            }
        }
    }

    private boolean commit(int partition) {
        var here = new TopicPartition(topics.ledger().name(), partition);
        try {
            // What owners remember of the partition stays.
            OffsetAndMetadata before = consumer.committed(Set.of(here)).get(here);
            consumer.commitSync(Map.of(here, new OffsetAndMetadata(0, before == null ? "" : before.metadata())));
            return true;
        } catch (RebalanceInProgressException undecided) {
            throw undecided;
        } catch (CommitFailedException notAMember) {
            return false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException closing) {
            closed = true;
        }
    }

    private void refuse() {
        var left = new ArrayList<Question>();
        questions.drainTo(left);
        left.forEach(question -> question.answer().complete(false));
    }

    @Override
    public boolean confirm(int partition) throws InterruptedException {
        var question = new Question(partition, new CompletableFuture<>());
        questions.add(question);
        if (closed) {
            // The thread may have ended between the last look at the queue and this question.
            refuse();
        }
        try {
            return question.answer().get();
        } catch (ExecutionException trouble) {
            throw trouble.getCause() instanceof KafkaException known ? known : new KafkaException(trouble.getCause());
        }
    }

    @Override
    public ConsumerGroupMetadata metadata() {
        return metadata;
    }

    /** Leaves the group; {@link #run} then ends, having released what was owned. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            metadata = consumer.groupMetadata();
            List<Integer> gained = numbers(partitions);
            owned.addAll(gained);
            owner.gained(gained);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<Integer> released = numbers(partitions);
            owned.removeAll(released);
            owner.released(released);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            List<Integer> lost = numbers(partitions);
            owned.removeAll(lost);
            owner.lost(lost);
        }

        private static List<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).sorted().toList();
        }
    }
}
