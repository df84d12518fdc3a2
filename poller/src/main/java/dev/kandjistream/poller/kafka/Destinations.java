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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that records of sweeps are published to, and the ledger's, as they are now: asked for before each publish, over one
 * connection for all accounts of a poller. Topics that are missing are created. Safe for the threads of all sweeps.
 */
public final class Destinations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);

    /** Sweeps that are published together ask once. A topic that is replaced meanwhile is noticed by the next sweep. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final short replicationFactor;
    private final Duration fresh;
    private Admin admin;
    private Found latest;
    private long askedAt;
    private volatile String problem;
    private volatile String settingsProblem;
    private final RawReadings rawReadings;

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
        rawReadings = new RawReadings(topics, kafka);
    }

    /**
     * The topics to publish to now.
     *
     * @throws TopicMismatchException where nothing may be published until somebody has changed the topics
     * @throws KafkaException where the broker cannot be asked
     */
    synchronized Destination now() {
        if (latest != null && System.nanoTime() - askedAt < fresh.toNanos()) {
            return latest.destination();
        }
        try {
            Found found = ask().filter(same -> same.isSameTopicsAs(latest)).orElseGet(this::checked);
            latest = found;
            askedAt = System.nanoTime();
            problem = null;
            return found.destination();
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
        return Optional.ofNullable(problem).or(() -> Optional.ofNullable(settingsProblem));
    }

    /**
     * The ledger partition as it is now, whatever was asked before.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    synchronized LedgerMark ledger(int partition) {
        Found found = ask().orElseGet(this::checked);
        latest = found;
        askedAt = System.nanoTime();
        return found.ledger().get(partition);
    }

    /** The same as {@link #now} found it; null before that. */
    synchronized LedgerMark ledgerAsOfNow(int partition) {
        return latest == null ? null : latest.ledger().get(partition);
    }

    /**
     * What owners remember of ledger partitions, by partition; missing where nothing is remembered.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    synchronized Map<Integer, LedgerMark> ledgerMarks() {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                join(admin().listConsumerGroupOffsets(topics.pollerGroup()).partitionsToOffsetAndMetadata());
        var marks = new HashMap<Integer, LedgerMark>();
        offsets.forEach((place, offset) -> {
            if (offset != null && place.topic().equals(topics.ledger().name())) {
                LedgerMark.parse(offset.metadata()).ifPresent(mark -> marks.put(place.partition(), mark));
            }
        });
        return marks;
    }

    /** What raw topics and receipts hold, for ledgers that lost records. */
    RawReadings rawReadings() {
        return rawReadings;
    }

    /**
     * Creates topics that are missing, and compares settings: to be called now and then, also while nothing is published.
     *
     * @throws KafkaException where the broker cannot be asked
     */
    public void watch() {
        createMissing();
        List<String> faults = withAdmin(admin -> TopicAdmin.faults(admin, topics));
        String found = faults.isEmpty() ? null : String.join(" ", faults);
        if (found != null && !found.equals(settingsProblem)) {
            LOG.atError().addKeyValue("reason", found).log("Topics are set to lose records");
        } else if (found == null && settingsProblem != null) {
            LOG.atInfo().log("Topics keep all records again");
        }
        settingsProblem = found;
    }

    /** What it finds is not kept: a sweep that publishes right after it must notice what was deleted in between. */
    private synchronized void createMissing() {
        if (ask().isEmpty()) {
            checked();
        }
    }

    private synchronized <T> T withAdmin(Function<Admin, T> question) {
        return question.apply(admin());
    }

    /** Topics that are new to this process are as the catalogue says before anything is written to them. */
    private Found checked() {
        TopicAdmin.ensure(admin(), topics, replicationFactor);
        return ask().orElseThrow(() -> new UnknownTopicOrPartitionException(
                "a topic to publish to was deleted a moment ago. prefix=" + topics.prefix()));
    }

    /** The topics of records, and the partitions of the ledger. */
    private record Found(Destination destination, List<LedgerMark> ledger) {
        /** Whether topics are the ones that they were, whatever was written to them. */
        boolean isSameTopicsAs(Found other) {
            return other != null
                    && destination.isWhere(other.destination)
                    && ledger.get(0).id().equals(other.ledger.get(0).id());
        }
    }

    /** Empty where a topic is missing. */
    private Optional<Found> ask() {
        List<String> names = List.of(
                topics.rawDevices().name(),
                topics.rawApps().name(),
                topics.unconfirmed().name(),
                topics.ledger().name());
        try {
            String cluster = join(admin().describeCluster().clusterId());
            Map<String, TopicDescription> found =
                    join(admin().describeTopics(names).allTopicNames());
            Map<TopicPartition, Long> starts = offsets(found, OffsetSpec.earliest());
            Map<TopicPartition, Long> ends = offsets(found, OffsetSpec.latest());
            var destination = new Destination(
                    cluster,
                    log(found, topics.rawDevices(), starts, ends),
                    log(found, topics.rawApps(), starts, ends),
                    log(found, topics.unconfirmed(), starts, ends));
            Destination.Log ledger = log(found, topics.ledger(), starts, ends);
            List<LedgerMark> marks = IntStream.range(0, ledger.partitions())
                    .mapToObj(partition -> new LedgerMark(
                            ledger.id(),
                            ledger.starts().get(partition),
                            ledger.ends().get(partition),
                            LedgerMark.UNKNOWN))
                    .toList();
            return Optional.of(new Found(destination, marks));
        } catch (UnknownTopicOrPartitionException missing) {
            return Optional.empty();
        }
    }

    private Map<TopicPartition, Long> offsets(Map<String, TopicDescription> found, OffsetSpec spec) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        found.forEach((name, topic) -> topic.partitions()
                .forEach(partition -> asked.put(new TopicPartition(name, partition.partition()), spec)));
        var offsets = new HashMap<TopicPartition, Long>();
        join(admin().listOffsets(asked).all()).forEach((place, offset) -> offsets.put(place, offset.offset()));
        return offsets;
    }

    private static Destination.Log log(
            Map<String, TopicDescription> found,
            Topic<?> topic,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends) {
        TopicDescription description = found.get(topic.name());
        int partitions = description.partitions().size();
        return new Destination.Log(
                topic.name(),
                description.topicId().toString(),
                partitions,
                offsets(topic, partitions, starts),
                offsets(topic, partitions, ends));
    }

    private static List<Long> offsets(Topic<?> topic, int partitions, Map<TopicPartition, Long> offsets) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> offsets.get(new TopicPartition(topic.name(), partition)))
                .toList();
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
