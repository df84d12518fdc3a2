package dev.kandjistream.sink;

import com.zaxxer.hikari.HikariDataSource;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.UnreadableRun;
import dev.kandjistream.schemas.serde.TrustedSerdes;
import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sink.jdbc.Database;
import dev.kandjistream.sink.jdbc.OwnerMismatch;
import dev.kandjistream.sink.jdbc.PostgresStore;
import dev.kandjistream.sink.kafka.GroupMember;
import dev.kandjistream.sink.kafka.KafkaClients;
import dev.kandjistream.sink.kafka.PipelineEnds;
import dev.kandjistream.sink.kafka.RecordReader;
import dev.kandjistream.sink.kafka.SinkMetrics;
import dev.kandjistream.sink.kafka.SweepFollower;
import dev.kandjistream.sink.kafka.TopicLog;
import dev.kandjistream.sink.kafka.Trouble;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Change events and receipts into PostgreSQL, each once.
 *
 * <p>Waits for a broker and a database that are not there, at the start as later; {@link #notReady} says for what. Several
 * instances share the work. Start and close it once.
 */
public final class SinkService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkService.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration WATCH = Duration.ofSeconds(2);
    /** For a request that is under way. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** For a batch that is being written. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** Creates missing topics and refuses unfit ones. */
    interface TopicsCheck {
        void ensure(Admin admin);
    }

    private final SinkConfig config;
    private final MeterRegistry registry;
    private final RecordReader.Deserializers deserializers;
    private final TopicsCheck topicsCheck;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Trouble trouble = new Trouble();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread main = new Thread(this::run, "sink");
    private volatile List<GroupMember> members = List.of();
    private volatile String starting = "not started";
    /** Why the database must not be written to; null where it is ours. */
    private volatile String objection;
    /** Null while no rows are written. */
    private volatile Lookout lookout;

    /** Reads Avro as the client properties configure it, and has the topics of the catalogue created and checked. */
    public SinkService(SinkConfig config, MeterRegistry registry) {
        this(
                config,
                registry,
                deserializers(new TrustedSerdes(config.topics(), config.kafka())),
                admin -> TopicAdmin.ensure(admin, config.topics(), config.replicationFactor()));
    }

    private static RecordReader.Deserializers deserializers(TrustedSerdes serdes) {
        return new RecordReader.Deserializers() {
            @Override
            public <V> Deserializer<V> of(Topic<V> topic) {
                return serdes.deserializer(topic);
            }
        };
    }

    SinkService(
            SinkConfig config,
            MeterRegistry registry,
            RecordReader.Deserializers deserializers,
            TopicsCheck topicsCheck) {
        this.config = config;
        this.registry = registry;
        this.deserializers = deserializers;
        this.topicsCheck = topicsCheck;
    }

    /** Returns at once; the work is done by threads of its own. */
    public void start() {
        main.start();
    }

    /** Why no rows are being written now; empty where all is well. */
    public Optional<String> notReady() {
        if (failure.get() != null) {
            return Optional.of("stopped: " + failure.get().getMessage());
        }
        return needsOperator().or(trouble::reason).or(() -> {
            List<GroupMember> now = members;
            return now.isEmpty()
                    ? Optional.of(starting)
                    : now.stream()
                            .map(GroupMember::notReady)
                            .flatMap(Optional::stream)
                            .findFirst();
        });
    }

    /**
     * What only an operator can put right, with the command; empty while there is no such thing. The service waits, or goes on with
     * everything else, and the reason goes away by itself once it is put right.
     */
    public Optional<String> needsOperator() {
        if (objection != null) {
            return Optional.of(objection);
        }
        Lookout seen = lookout;
        List<UnbackedRows> now = seen == null ? List.of() : seen.unbacked();
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(now.stream().map(UnbackedRows::sentence).collect(Collectors.joining(" ")));
    }

    /** Why the service stopped for good; empty while it runs or waits, and after {@link #close}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Finishes the batches being written, leaves the group, and returns; some seconds at most. */
    @Override
    public void close() {
        stop.countDown();
        members.forEach(GroupMember::stop);
        try {
            if (!ended(main, GRACE)) {
                main.interrupt(); // it waits for an answer of the broker's
                ended(main, CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            patiently("database", this::migrate);
            if (stopped()) {
                return;
            }
            var clients = new KafkaClients(config.topics(), config.kafka(), config.batchRecords());
            Admin admin = clients.admin();
            try (HikariDataSource pool =
                    Database.pool(config.jdbcUrl(), config.user(), config.password(), config.consumers() + 1)) {
                var metrics = new SinkMetrics(
                        registry,
                        config.topics().sunk().stream().map(Topic::name).collect(Collectors.toSet()),
                        Clock.systemUTC());
                metrics.watch(() -> members.stream().anyMatch(GroupMember::isHeldUp));
                while (!stopped()) {
                    serve(clients, admin, pool, metrics);
                }
            } finally {
                admin.close(GRACE);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Waits until the database is ours, and works until it no longer is or the service is closed. */
    private void serve(KafkaClients clients, Admin admin, HikariDataSource pool, SinkMetrics metrics) {
        var topicLog = new TopicLog(admin);
        Optional<PostgresStore> store = claim(topicLog, pool);
        if (store.isPresent()) {
            patiently("broker", () -> topicsCheck.ensure(admin));
            if (!stopped()) {
                work(clients, admin, store.get(), new Lookout(config.topics(), topicLog, store.get(), pool, metrics));
            }
        }
    }

    /** Waits for as long as the database is another pipeline's; empty when the service was closed. */
    private Optional<PostgresStore> claim(TopicLog topicLog, HikariDataSource pool) {
        var claim = new OwnerClaim(config, topicLog, pool);
        Duration pause = Duration.ZERO;
        while (!stopped(pause)) {
            try {
                Optional<String> found = claim.objection();
                trouble.over();
                if (found.isEmpty()) {
                    objection = null;
                    return Optional.of(claim.store());
                }
                if (objection == null) {
                    LOG.atError().log("{}", found.get());
                }
                objection = found.get();
                pause = WATCH;
            } catch (SQLException e) {
                pause = trouble.with("database", e);
            } catch (KafkaException e) {
                pause = trouble.with("broker", e);
            }
        }
        return Optional.empty();
    }

    private void work(KafkaClients clients, Admin admin, PostgresStore store, Lookout seen) {
        var topics = config.topics();
        var unreadable = new UnreadableRun(config.unreadableInARow());
        List<GroupMember> started = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= config.consumers(); i++) {
            var member = new GroupMember(
                    i,
                    topics,
                    clients,
                    deserializers,
                    store,
                    seen.topicLog(),
                    unreadable,
                    seen.metrics(),
                    config.nullRecordsStay());
            started.add(member);
            threads.add(new Thread(() -> guarded(member), "sink-" + i));
        }
        members = List.copyOf(started);
        lookout = seen;
        threads.forEach(Thread::start);
        try {
            watch(seen, new SweepFollower(topics, store, new PipelineEnds(admin, topics, clients::probe)));
        } finally {
            started.forEach(GroupMember::stop);
            Thread.interrupted(); // an interrupt was meant for what we waited for, not for the batches being finished
            join(threads);
            members = List.of();
            lookout = null;
        }
    }

    /** Until stopped, or the database is another pipeline's: follows sweeps, and looks around now and then. */
    private void watch(Lookout seen, SweepFollower follower) {
        long watched = System.nanoTime() - WATCH.toNanos();
        Duration pause = LOOK;
        while (!stopped(pause)) {
            try {
                if (System.nanoTime() - watched >= WATCH.toNanos()) {
                    if (!seen.isOurs()) {
                        return;
                    }
                    seen.look();
                    watched = System.nanoTime();
                }
                follower.look();
                trouble.over();
                pause = LOOK;
            } catch (SQLException e) {
                pause = trouble.with("database", e);
            } catch (KafkaException e) {
                pause = trouble.with("broker", e);
            }
        }
    }

    private void migrate() {
        Database.migrate(config.jdbcUrl(), config.user(), config.password(), config.serialPlaceholders());
    }

    /** Until it succeeds or the service is closed. What the database or the topics are wrongly like ends the service. */
    private void patiently(String what, Runnable step) {
        starting = "starting: asking the " + what;
        Duration pause = Duration.ZERO;
        while (!stopped(pause)) {
            try {
                step.run();
                trouble.over();
                return;
            } catch (FlywayValidateException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                pause = trouble.with(what, e);
            }
        }
    }

    /** Flyway's faults are the database's unless it found the schema to be another; Kafka's are the broker's. */
    private static boolean isTransient(RuntimeException fault) {
        return fault instanceof KafkaException || fault instanceof org.flywaydb.core.api.FlywayException;
    }

    private void guarded(GroupMember member) {
        try {
            member.run();
        } catch (OwnerMismatch e) {
            LOG.atWarn().addKeyValue("found", e.getMessage()).log("The database is another pipeline's by now");
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            LOG.atError().setCause(cause).log("Sink stops");
        }
        stop.countDown();
    }

    private boolean stopped() {
        return stop.getCount() == 0;
    }

    private boolean stopped(Duration waiting) {
        try {
            return stop.await(waiting.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                if (!ended(thread, CLOSE)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                thread.interrupt();
            }
        }
    }

    private static boolean ended(Thread thread, Duration wait) throws InterruptedException {
        thread.join(wait.toMillis());
        return !thread.isAlive();
    }
}
