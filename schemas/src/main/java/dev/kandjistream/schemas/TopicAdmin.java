package dev.kandjistream.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the catalogue's topics and checks those that exist. Every service does both at its start; several at once do
 * no harm.
 *
 * <p>The partition count of the raw topics is recorded the first time they are seen, as the name of an empty topic
 * ({@link Topics#recordOfRawPartitions}): with another count, keys lie in other partitions than before, and Kafka
 * Streams joins the two topics wrongly without a word. A topic's name cannot be compacted, expire, or grow with a
 * well-meant "more partitions for all".
 */
public final class TopicAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

    /** Brokers hear of a new topic some time after the one that created it. */
    private static final Duration PROPAGATION_LIMIT = Duration.ofSeconds(20);

    private TopicAdmin() {}

    /**
     * Creates what is missing and checks the rest; logs a warning for each setting that differs harmlessly.
     *
     * @param replicationFactor of new topics; -1 for the brokers' default
     * @throws TopicMismatchException when topics exist on which records would be lost or joined wrongly
     * @throws KafkaException when Kafka cannot be asked; a {@link org.apache.kafka.common.errors.RetriableException}
     *     when it may be asked again later
     */
    public static void ensure(Admin admin, Topics topics, short replicationFactor) {
        try {
            Set<String> existing = join(admin.listTopics().names());
            create(admin, missing(admin, topics, existing, replicationFactor));
            Map<String, TopicDescription> descriptions = descriptions(admin, topics);
            var partitions = new HashMap<String, Integer>();
            descriptions.forEach(
                    (name, topic) -> partitions.put(name, topic.partitions().size()));
            Map<String, Map<String, String>> settings = settings(admin, topics);

            var faults = new ArrayList<String>();
            topics.all().forEach(topic -> faults.addAll(TopicSettings.faults(topic, settings.get(topic.name()))));
            faults.addAll(partitionFaults(topics, partitions, existing));
            if (!faults.isEmpty()) {
                throw new TopicMismatchException(faults);
            }
            for (Topic<?> topic : topics.all()) {
                warn(topic, settings.get(topic.name()), replicas(descriptions.get(topic.name())));
            }
            record(admin, topics, partitions.get(topics.rawDevices().name()), existing, replicationFactor);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Creates one topic. An existing topic is left as it is and not checked, so the caller needs no other right.
     *
     * @throws KafkaException if that is not permitted, with an {@link AuthorizationException} as its cause, or if Kafka cannot
     *     be asked
     */
    public static void create(Admin admin, Topic<?> topic, short replicationFactor) {
        try {
            create(admin, List.of(newTopic(topic, replicationFactor)));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Why records of existing topics would be lost, one sentence for each topic, with the command that repairs it. Topics that are
     * missing, and those whose settings may not be read, are passed by.
     *
     * @throws KafkaException when Kafka cannot be asked
     */
    public static List<String> faults(Admin admin, Topics topics) {
        var resources = new HashMap<ConfigResource, Topic<?>>();
        topics.all()
                .forEach(topic -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic));
        Map<ConfigResource, KafkaFuture<Config>> asked =
                admin.describeConfigs(resources.keySet()).values();
        var faults = new TreeMap<String, String>();
        try {
            for (var entry : asked.entrySet()) {
                try {
                    Topic<?> topic = resources.get(entry.getKey());
                    TopicSettings.faults(topic, readable(join(entry.getValue())))
                            .forEach(fault -> faults.put(topic.name(), fault));
                } catch (AuthorizationException | UnknownTopicOrPartitionException unknown) {
                    LOG.atDebug()
                            .addKeyValue("topic", entry.getKey().name())
                            .addKeyValue("cause", unknown.getMessage())
                            .log("Topic's settings cannot be read");
                }
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return List.copyOf(faults.values());
    }

    private static NewTopic newTopic(Topic<?> topic, short replicationFactor) {
        return newTopic(topic, topic.partitions(), replicationFactor);
    }

    private static NewTopic newTopic(Topic<?> topic, int partitions, short replicationFactor) {
        return new NewTopic(topic.name(), partitions, replicationFactor)
                .configs(TopicSettings.of(topic, replicationFactor));
    }

    private static List<NewTopic> missing(Admin admin, Topics topics, Set<String> existing, short replicationFactor)
            throws InterruptedException {
        var missing = new ArrayList<NewTopic>();
        for (Topic<?> topic : topics.all()) {
            if (!existing.contains(topic.name())) {
                int partitions =
                        isRaw(topics, topic.name()) ? rawPartitions(admin, topics, existing) : topic.partitions();
                missing.add(newTopic(topic, partitions, replicationFactor));
            }
        }
        return missing;
    }

    private static boolean isRaw(Topics topics, String name) {
        return name.equals(topics.rawDevices().name())
                || name.equals(topics.rawApps().name());
    }

    /** A raw topic that was deleted comes back with as many partitions as before, so that every key has its former partition. */
    private static int rawPartitions(Admin admin, Topics topics, Set<String> existing) throws InterruptedException {
        Set<Integer> recorded = recordedPartitions(topics, existing);
        if (recorded.size() == 1) {
            return recorded.iterator().next();
        }
        for (Topic<?> raw : List.of(topics.rawDevices(), topics.rawApps())) {
            if (existing.contains(raw.name())) {
                return onceHeardOf(() ->
                                join(admin.describeTopics(List.of(raw.name())).allTopicNames()))
                        .get(raw.name())
                        .partitions()
                        .size();
            }
        }
        return topics.rawDevices().partitions();
    }

    private static Set<Integer> recordedPartitions(Topics topics, Set<String> existing) {
        String record = topics.recordOfRawPartitions();
        return existing.stream()
                .filter(name -> name.startsWith(record)
                        && name.substring(record.length()).matches("[0-9]{1,6}"))
                .map(name -> Integer.valueOf(name.substring(record.length())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void create(Admin admin, List<NewTopic> missing) throws InterruptedException {
        CreateTopicsResult result = admin.createTopics(missing);
        for (NewTopic topic : missing) {
            try {
                created(admin, topic, result);
            } catch (PolicyViolationException | InvalidConfigurationException | InvalidRequestException e) {
                createWithLess(admin, topic, e);
            }
        }
    }

    private static void created(Admin admin, NewTopic topic, CreateTopicsResult result) throws InterruptedException {
        try {
            join(result.values().get(topic.name()));
            LOG.atInfo().addKeyValue("topic", topic.name()).log("Topic created");
            requireInSync(admin, topic.name(), result);
        } catch (TopicExistsException e) {
            // Another service was faster.
        } catch (AuthorizationException e) {
            throw new KafkaException(
                    "Topic is missing and may not be created by this user. Create it, or allow Create on topics"
                            + " with the prefix. topic=" + topic.name(),
                    e);
        }
    }

    /**
     * Brokers of others may cap {@code max.message.bytes}, and do not say at what: it is halved until they accept the topic. In
     * the end they choose it themselves.
     *
     * @throws ApiException the first refusal, if it has another cause
     */
    private static void createWithLess(Admin admin, NewTopic refused, ApiException refusal)
            throws InterruptedException {
        for (Map<String, String> settings : TopicSettings.withSmallerRecords(settingsOf(refused))) {
            var topic = new NewTopic(refused.name(), refused.numPartitions(), refused.replicationFactor())
                    .configs(settings);
            try {
                created(admin, topic, admin.createTopics(List.of(topic)));
                return;
            } catch (PolicyViolationException | InvalidConfigurationException | InvalidRequestException e) {
                LOG.atDebug()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("cause", e.getMessage())
                        .log("The brokers refuse to create the topic");
            }
        }
        throw refusal;
    }

    private static Map<String, String> settingsOf(NewTopic topic) {
        return topic.configs() == null ? Map.of() : topic.configs();
    }

    private static Map<String, TopicDescription> descriptions(Admin admin, Topics topics) throws InterruptedException {
        List<String> names = topics.all().stream().map(Topic::name).toList();
        return onceHeardOf(() -> join(admin.describeTopics(names).allTopicNames()));
    }

    /** Of the partition that has the fewest. */
    private static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    /** Settings by topic; none for a topic whose settings this user may not read. */
    private static Map<String, Map<String, String>> settings(Admin admin, Topics topics) throws InterruptedException {
        var found = new HashMap<String, Map<String, String>>();
        for (Topic<?> topic : topics.all()) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            try {
                found.put(
                        topic.name(),
                        onceHeardOf(() -> readable(join(admin.describeConfigs(List.of(resource))
                                .values()
                                .get(resource)))));
            } catch (AuthorizationException e) {
                found.put(topic.name(), Map.of());
            }
        }
        return found;
    }

    private static Map<String, String> readable(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static List<String> partitionFaults(Topics topics, Map<String, Integer> partitions, Set<String> existing) {
        var faults = new ArrayList<String>();
        int devices = partitions.get(topics.rawDevices().name());
        int apps = partitions.get(topics.rawApps().name());
        Set<Integer> recorded = recordedPartitions(topics, existing);
        if (recorded.isEmpty() && devices != apps) {
            faults.add("Topics " + topics.rawDevices().name() + " and "
                    + topics.rawApps().name() + " must have equally many partitions, found " + devices + " and " + apps
                    + ": a device and its apps would never meet. Create the smaller one anew with as many.");
        }
        for (int expected : recorded) {
            for (Topic<?> raw : List.of(topics.rawDevices(), topics.rawApps())) {
                int found = partitions.get(raw.name());
                if (found != expected) {
                    faults.add("Topic " + raw.name() + " has " + found + " partitions now, but had " + expected
                            + " when it was first seen (topic " + topics.recordOfRawPartitions() + expected
                            + " is the record of that): keys lie in other partitions than before. Delete topic "
                            + raw.name() + ": a poller creates it with " + expected
                            + " partitions and publishes everything again (docs/runbook.md).");
                }
            }
        }
        int ledger = partitions.get(topics.ledger().name());
        if (ledger != Topics.LEDGER_PARTITIONS) {
            faults.add("Topic " + topics.ledger().name() + " must have " + Topics.LEDGER_PARTITIONS
                    + " partitions, found " + ledger + ": pollers would not find what they published.");
        }
        return faults;
    }

    private static void record(Admin admin, Topics topics, int partitions, Set<String> existing, short replication)
            throws InterruptedException {
        String record = topics.recordOfRawPartitions() + partitions;
        if (existing.contains(record)) {
            return;
        }
        try {
            create(admin, List.of(new NewTopic(record, 1, replication)));
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("topic", record)
                    .log("Partition count cannot be recorded: this user may not create the topic");
        }
    }

    /** Where the brokers decided the number of replicas, it is known only now. */
    private static void requireInSync(Admin admin, String topic, CreateTopicsResult result)
            throws InterruptedException {
        try {
            int replicas = join(result.replicationFactor(topic));
            ConfigEntry found = join(result.config(topic)).get(TopicSettings.IN_SYNC);
            boolean enough = replicas >= Topics.REPLICAS_FOR_IN_SYNC;
            if (enough && found != null && Integer.parseInt(found.value()) < Topics.IN_SYNC) {
                var wanted = new ConfigEntry(TopicSettings.IN_SYNC, String.valueOf(Topics.IN_SYNC));
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                join(admin.incrementalAlterConfigs(
                                Map.of(resource, List.of(new AlterConfigOp(wanted, AlterConfigOp.OpType.SET))))
                        .all());
            }
        } catch (AuthorizationException | UnsupportedVersionException | PolicyViolationException e) {
            // The check that follows warns of it.
            LOG.atDebug()
                    .addKeyValue("topic", topic)
                    .addKeyValue("cause", e.getMessage())
                    .log("In-sync replicas of a new topic cannot be set");
        }
    }

    private static void warn(Topic<?> topic, Map<String, String> settings, int replicas) {
        if (settings.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("expected", TopicSettings.of(topic, replicas))
                    .log("Topic's settings cannot be read; make sure they are as expected");
            return;
        }
        TopicSettings.differences(topic, settings, replicas).forEach(difference -> LOG.atWarn()
                .addKeyValue("topic", topic.name())
                .addKeyValue("difference", difference)
                .log("Topic's settings differ from what this program would choose"));
    }

    private interface Question<T> {
        T ask() throws InterruptedException;
    }

    private static <T> T onceHeardOf(Question<T> question) throws InterruptedException {
        long deadline = System.nanoTime() + PROPAGATION_LIMIT.toNanos();
        while (true) {
            try {
                return question.ask();
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static <T> T join(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }
}
