package dev.kandjistream.sink;

import com.zaxxer.hikari.HikariDataSource;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.domain.Owner;
import dev.kandjistream.sink.domain.Partition;
import dev.kandjistream.sink.domain.RebuildPlan;
import dev.kandjistream.sink.domain.StartingPoint;
import dev.kandjistream.sink.domain.StoredPosition;
import dev.kandjistream.sink.jdbc.Database;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.jdbc.RebuildStore;
import dev.kandjistream.sink.kafka.KafkaClients;
import dev.kandjistream.sink.kafka.RecordReader;
import dev.kandjistream.sink.kafka.TopicKeys;
import dev.kandjistream.sink.kafka.TopicLog;
import dev.kandjistream.sink.kafka.UnbackedWatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Rebuilds current tables from their topics because an operator asks for it, while sinks and everything else run.
 *
 * <pre>plan: keys of topic and table compared -> begin: positions set back -> the sinks read -> progress -> outcome</pre>
 *
 * <p>The sinks do the work; this sets their positions back and watches. Asked again, it begins anew and comes to the same. One
 * thread uses it, in the order of the methods.
 */
public final class Rebuild implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration PROPAGATION = Duration.ofSeconds(20);

    private final Topics topics;
    private final short replicationFactor;
    private final KafkaClients clients;
    private final Admin admin;
    private final TopicLog topicLog;
    private final Owner owner;
    private final HikariDataSource pool;
    private final Connection connection;
    private final RebuildStore store;
    private final List<RebuildPlan> plans = new ArrayList<>();
    private final Map<String, RebuildStore.Target> targets = new HashMap<>();
    private int generation;

    /**
     * How far the sinks have come.
     *
     * @param entity as in the plan
     * @param read offsets that were read, of {@code of}
     * @param ended whether nothing is left to do
     * @param broken whether the topic lost records meanwhile, so that rows were kept; ask again
     */
    public record Progress(String entity, long read, long of, boolean ended, boolean broken) {}

    /**
     * Connects.
     *
     * @param config the sinks'
     * @throws SQLException where the database cannot be reached
     * @throws KafkaException where the broker cannot be asked
     */
    public static Rebuild open(SinkConfig config) throws SQLException {
        HikariDataSource pool = Database.pool(config.jdbcUrl(), config.user(), config.password(), 2);
        var clients = new KafkaClients(config.topics(), config.kafka(), config.batchRecords());
        Admin admin = clients.admin();
        try {
            return new Rebuild(config, clients, admin, pool);
        } catch (SQLException | RuntimeException e) {
            admin.close(GRACE);
            pool.close();
            throw e;
        }
    }

    private Rebuild(SinkConfig config, KafkaClients clients, Admin admin, HikariDataSource pool) throws SQLException {
        topics = config.topics();
        replicationFactor = config.replicationFactor();
        this.clients = clients;
        this.admin = admin;
        this.pool = pool;
        topicLog = new TopicLog(admin);
        owner = new Owner(topics.prefix(), topicLog.clusterId());
        connection = pool.getConnection();
        store = new RebuildStore(
                connection,
                new PostgresStore(
                        pool,
                        owner,
                        RecordReader.tables(topics),
                        topics.sweeps().name()));
    }

    /** What can be rebuilt: names of topics with a current table, without the prefix. */
    public static TreeSet<String> entities(Topics topics) {
        var entities = new TreeSet<String>();
        UnbackedWatch.tables(topics).keySet().forEach(topic -> entities.add(UnbackedWatch.entity(topics, topic)));
        return entities;
    }

    /**
     * Returns why the database is not this pipeline's, with what to do; empty where it is.
     *
     * @throws IllegalStateException where no sink of this version has started on the database yet
     */
    public Optional<String> objection() throws SQLException {
        Owner found = store.owner()
                .orElseThrow(
                        () -> new IllegalStateException("The database has no owner yet: start the sink on it first."));
        return owner.objectionTo(found);
    }

    /**
     * Creates the topics of the tables that are missing: a sink creates none before the database is its own.
     *
     * @throws KafkaException where they cannot be created, or do not appear in time
     */
    public void createMissingTopics() {
        Map<String, TopicLog.Described> there =
                topicLog.describe(topics.sunk().stream().map(Topic::name).toList());
        topics.sunk().stream()
                .filter(topic -> !there.containsKey(topic.name()))
                .forEach(topic -> TopicAdmin.create(admin, topic, replicationFactor));
        awaitTopics();
    }

    /** Brokers hear of a new topic some time after the one that created it. */
    private void awaitTopics() {
        List<String> names = topics.sunk().stream().map(Topic::name).toList();
        long deadline = System.nanoTime() + PROPAGATION.toNanos();
        while (!topicLog.describe(names).keySet().containsAll(names)) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "Topics were created and do not appear within " + PROPAGATION.toSeconds() + " s");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /**
     * Reads the keys of the topics and compares them with the tables. Nothing is changed.
     *
     * @param entities of {@link #entities}
     * @return one for each topic that exists, by name. A topic that is missing has nothing that a table could be rebuilt from
     */
    public List<RebuildPlan> plan(Collection<String> entities) throws SQLException {
        Map<String, String> tables = UnbackedWatch.tables(topics);
        tables.keySet().removeIf(topic -> !entities.contains(UnbackedWatch.entity(topics, topic)));
        Map<String, TopicLog.Described> described = topicLog.describe(tables.keySet());
        var keys = new TopicKeys(clients);
        for (Map.Entry<String, String> entry : tables.entrySet()) {
            String topic = entry.getKey();
            if (!described.containsKey(topic)) {
                continue;
            }
            store.noteKeys(entry.getValue(), List.of());
            int partitions = described.get(topic).partitions();
            long displaced = 0;
            for (int partition = 0; partition < partitions; partition++) {
                TopicKeys.Found found = keys.of(topic, partition, partitions);
                store.noteKeys(entry.getValue(), found.keys());
                displaced += found.displaced();
            }
            plans.add(store.plan(topic, entry.getValue(), UnbackedWatch.entity(topics, topic), displaced));
        }
        return List.copyOf(plans);
    }

    /**
     * Sets the positions back, so that the sinks rebuild. A topic with displaced records is left out: reading it again would bring
     * back rows that have ended.
     *
     * @param allowEmpty also rebuild tables that their topic would leave empty
     * @param adopt make the database this pipeline's, whosever it was. Tables that are not rebuilt keep their rows and follow this
     *     pipeline's topics from now on
     * @return the plans that are carried out
     * @throws dev.kandjistream.sink.jdbc.OwnerMismatch where the database is another pipeline's and is not to be adopted
     */
    public List<RebuildPlan> begin(boolean allowEmpty, boolean adopt) throws SQLException {
        List<RebuildPlan> rebuilt = plans.stream()
                .filter(plan -> plan.displaced() == 0 && (allowEmpty || !plan.emptiesTable()))
                .toList();
        if (adopt || !rebuilt.isEmpty()) {
            generation = store.begin(owner, adopt, () -> targets(adopt ? plans : rebuilt, rebuilt));
        }
        plans.retainAll(rebuilt);
        return rebuilt;
    }

    private List<RebuildStore.Target> targets(List<RebuildPlan> touched, List<RebuildPlan> rebuilt) {
        Map<String, Map<Integer, StartingPoint.Log>> logs =
                topicLog.logs(touched.stream().map(RebuildPlan::topic).toList());
        for (RebuildPlan plan : touched) {
            targets.put(
                    plan.topic(),
                    new RebuildStore.Target(
                            plan.topic(), plan.table(), logs.get(plan.topic()), rebuilt.contains(plan)));
        }
        return List.copyOf(targets.values());
    }

    /** How far the sinks have come with each of the plans that are carried out. */
    public List<Progress> progress() throws SQLException {
        List<Progress> progress = new ArrayList<>();
        for (RebuildPlan plan : plans) {
            progress.add(progress(plan, targets.get(plan.topic())));
        }
        return progress;
    }

    private Progress progress(RebuildPlan plan, RebuildStore.Target target) throws SQLException {
        Map<Partition, StoredPosition> stored = store.positions(target);
        long read = 0;
        long of = 0;
        boolean ended = true;
        boolean broken = false;
        for (Map.Entry<Integer, StartingPoint.Log> entry : target.logs().entrySet()) {
            StoredPosition now = stored.get(new Partition(target.topic(), entry.getKey()));
            StartingPoint.Log log = entry.getValue();
            long length = Math.max(0, log.end() - log.begin());
            boolean running = now != null && now.position().rebuilding();
            broken |=
                    now == null || now.unbacked().isPresent() || now.position().generation() != generation && !running;
            ended &= !running;
            of += length;
            read += running ? Math.min(length, now.position().nextOffset() - log.begin()) : length;
        }
        return new Progress(plan.entity(), read, of, ended, broken);
    }

    /** Compares what the tables hold now with what they held; to be asked when all has ended. */
    public List<RebuildPlan> outcome() throws SQLException {
        List<RebuildPlan> outcome = new ArrayList<>();
        for (RebuildPlan plan : plans) {
            store.finish(targets.get(plan.topic()), generation);
            outcome.add(store.outcome(plan.topic(), plan.table(), plan.entity()));
        }
        return outcome;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The pool closes it.
        }
        pool.close();
        admin.close(GRACE);
    }
}
