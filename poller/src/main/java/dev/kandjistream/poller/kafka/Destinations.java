package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics that records of sweeps are published to, as they are now: asked for before each publish, over one connection for
 * all accounts of a poller. Topics that are missing are created. Safe for the threads of all sweeps.
 */
public final class Destinations implements AutoCloseable {
    /** Sweeps that are published together ask once. A topic that is replaced meanwhile is noticed by the next sweep. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final short replicationFactor;
    private final Duration fresh;
    private Admin admin;
    private Destination latest;
    private long askedAt;
    private volatile String problem;

    /**
     * Connects at the first question.
     *
     * @param replicationFactor of topics that are created; -1 for the brokers' default
     */
    public Destinations(Topics topics, Map<String, Object> kafka, short replicationFactor) {
        this(topics, kafka, replicationFactor, FRESH);
    }

    /** @param fresh how long an answer counts */
    Destinations(Topics topics, Map<String, Object> kafka, short replicationFactor, Duration fresh) {
        this.fresh = fresh;
        this.topics = topics;
        this.kafka = new HashMap<>(kafka);
        this.kafka.putIfAbsent("request.timeout.ms", 10_000);
        this.kafka.putIfAbsent("default.api.timeout.ms", 20_000);
        this.replicationFactor = replicationFactor;
    }

    /**
     * The topics to publish to now.
     *
     * @throws TopicMismatchException where nothing may be published until somebody has changed the topics
     * @throws KafkaException where the broker cannot be asked
     */
    synchronized Destination now() {
        if (latest != null && System.nanoTime() - askedAt < fresh.toNanos()) {
            return latest;
        }
        try {
            Destination found = ask().filter(same -> same.equals(latest)).orElseGet(this::checked);
            latest = found;
            askedAt = System.nanoTime();
            problem = null;
            return found;
        } catch (TopicMismatchException mismatch) {
            problem = mismatch.getMessage();
            throw mismatch;
        }
    }

    /** An account's records lie in topics that cannot be published to. */
    synchronized void refused(String why) {
        latest = null;
        problem = why;
    }

    /** Why nothing may be published, as the latest question found; empty where nothing forbids it. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Topics that are new to this process are as the catalogue says before anything is written to them. */
    private Destination checked() {
        TopicAdmin.ensure(admin(), topics, replicationFactor);
        return ask().orElseThrow(() -> new UnknownTopicOrPartitionException(
                "a topic to publish to was deleted a moment ago. prefix=" + topics.prefix()));
    }

    /** Empty where a topic is missing. */
    private Optional<Destination> ask() {
        List<String> names = List.of(
                topics.rawDevices().name(),
                topics.rawApps().name(),
                topics.unconfirmed().name());
        try {
            String cluster = join(admin().describeCluster().clusterId());
            Map<String, TopicDescription> found =
                    join(admin().describeTopics(names).allTopicNames());
            return Optional.of(new Destination(
                    cluster,
                    log(found, topics.rawDevices()),
                    log(found, topics.rawApps()),
                    log(found, topics.unconfirmed())));
        } catch (UnknownTopicOrPartitionException missing) {
            return Optional.empty();
        }
    }

    private static Destination.Log log(Map<String, TopicDescription> found, Topic<?> topic) {
        TopicDescription description = found.get(topic.name());
        return new Destination.Log(
                topic.name(),
                description.topicId().toString(),
                description.partitions().size());
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(kafka);
        }
        return admin;
    }

    private static <T> T join(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
