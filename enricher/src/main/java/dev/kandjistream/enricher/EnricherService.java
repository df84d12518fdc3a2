package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.Breaker;
import dev.kandjistream.enricher.stream.EnricherMetrics;
import dev.kandjistream.enricher.stream.EnricherTopology;
import dev.kandjistream.enricher.stream.RawKeys;
import dev.kandjistream.enricher.stream.RegistryFormat;
import dev.kandjistream.enricher.stream.ReplayRequests;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raw topics to change events, each once.
 *
 * <p>Waits for a broker and a registry that are not there, at the start as later; {@link #notReady} says for what. Several
 * instances share the partitions. Start and close it once.
 */
public final class EnricherService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnricherService.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(25);

    /** Longer than a client waits for an answer about a topic that is not there. */
    private static final Duration END = Duration.ofMinutes(3);

    private final EnricherConfig config;
    private final Breaker breaker;
    private final RegistryFormat format;
    private final EnricherMetrics metrics;
    private final ReplayRequests replays = new ReplayRequests();
    private final RecordLimits limits;
    private final SourceTopics sources;
    private final LongAbsence absence;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread starter = new Thread(this::begin, "enricher-start");
    private volatile String waiting = "starting";
    private volatile KafkaStreams streams;
    /** Why nothing may be processed, by the topics; null where nothing forbids it. */
    private volatile String objection;

    private int replicas;
    private TopicWatch watch;

    /** What the raw topics held when the group came back after too long; null otherwise. */
    private RawKeys missed;

    /**
     * Meters go to the registry from now on; everything else waits for {@link #start}.
     *
     * @throws ConfigException where a client property cannot be right, whatever broker or registry there is
     */
    public EnricherService(EnricherConfig config, MeterRegistry registry) {
        this.config = config;
        new StreamsConfig(StreamsSettings.of(config));
        AvroSerdes.serializer(config.topics().users(), config.kafka());
        this.limits = new RecordLimits(
                config.topics().maxRecordBytes(), EnricherTopology.written(config.topics()), config.kafka());
        var records = new SourceRecords(config.topics(), config.kafka());
        this.sources = new SourceTopics(config.topics(), records);
        this.absence = new LongAbsence(config, records, stop, why -> waiting = why);
        this.breaker = new Breaker(config.unreadableInARow());
        this.format = new RegistryFormat(config.topics(), config.kafka(), breaker);
        this.metrics = new EnricherMetrics(registry);
        metrics.watch(() -> breaker.reason().isPresent() || objection != null);
    }

    /** Returns at once; the work is done by threads of its own. */
    public void start() {
        starter.start();
    }

    /** Why no events are being made now; empty where all is well. */
    public Optional<String> notReady() {
        if (failure.get() != null) {
            return Optional.of("stopped: " + failure.get().getMessage());
        }
        KafkaStreams now = streams;
        if (now == null) {
            return Optional.of(waiting);
        }
        return Optional.ofNullable(objection).or(breaker::reason).or(() -> Optional.of(
                        "Kafka Streams is " + now.state() + ", not RUNNING")
                .filter(state -> now.state() != KafkaStreams.State.RUNNING));
    }

    /** Whether processing is paused until what {@link #notReady} says is over. */
    boolean isPaused() {
        KafkaStreams now = streams;
        return now != null && now.isPaused();
    }

    /** Why the service stopped for good; empty while it runs or waits, and after {@link #close}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Commits what is done, leaves the group so that the others or a restart take over at once, and returns; seconds. */
    @Override
    public void close() {
        stop.countDown();
        format.close();
        try {
            starter.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        KafkaStreams running = streams;
        if (running != null) {
            boolean closed = running.close(
                    CloseOptions.timeout(CLOSE).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
            if (!closed) {
                LOG.atWarn()
                        .addKeyValue("timeout", CLOSE)
                        .log("Stream threads did not end in time; what they had not committed will be done again");
            }
        }
    }

    private void begin() {
        try {
            while (!topicsAreThere()) {
                if (stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            startStreams();
            try (var log = new ReplayLog(config.topics(), config.kafka(), replays);
                    var admin = Admin.create(config.kafka())) {
                var internal = new InternalTopics(admin, config.topics());
                while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    look(admin);
                    followReading(admin, internal);
                    limits.follow();
                    resumeWhereFixed();
                    log.look(admin, Instant.now());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail(e);
            KafkaStreams running = streams;
            if (running != null) {
                running.close(CloseOptions.timeout(CLOSE));
            }
        }
    }

    private boolean topicsAreThere() throws InterruptedException {
        try (Admin admin = Admin.create(config.kafka())) {
            TopicAdmin.ensure(admin, config.topics(), config.replicationFactor());
            limits.read(admin);
            limits.requireEnough();
            RegistrySubjects.ensure(config.topics(), config.kafka());
            var internal = new InternalTopics(admin, config.topics());
            internal.lost(config.topics().enricherApplicationId()).ifPresent(topic -> {
                throw new IllegalStateException(TopicWatch.lost(topic));
            });
            // First: how old local state may be depends on what the topics kept until now.
            OutdatedState.discard(
                    config.stateDirectory().resolve(config.topics().enricherApplicationId()),
                    internal.tombstonesStay(),
                    Instant.now());
            internal.keepTombstones();
            internal.requireInSync();
            // Created by the same brokers with the same setting as those that Kafka Streams is going to create.
            replicas = internal.replicas(config.topics().users().name());
            // Before the ids are compared with the stored ones: what is replaced after that is noticed by the next
            // look.
            watch = new TopicWatch(config.topics(), internal.names());
            watch.look(admin);
            boolean isFirstStart = internal.areUnused(config.topics().enricherApplicationId());
            Map<String, String> replaced = sources.replaced(admin, isFirstStart);
            if (!replaced.isEmpty()) {
                report(replaced.keySet());
                forget(replaced);
            }
            missed = absence.atStart(admin, internal, isFirstStart).orElse(null);
            return true;
        } catch (TopicLimitException e) {
            if (!e.getMessage().equals(waiting)) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("No events are made; waiting");
            }
            waiting = e.getMessage();
            return false;
        } catch (KafkaException e) {
            if (!waiting.startsWith("waiting")) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Broker or registry does not answer; waiting");
            }
            waiting = "waiting for broker and registry: " + e.getMessage();
            return false;
        }
    }

    /** A group that stood still for too long, such as one that waited for a registry, has missed tombstones as well. */
    private void followReading(Admin admin, InternalTopics internal) throws InterruptedException {
        Optional<RawKeys> keys = Optional.empty();
        try {
            KafkaStreams now = streams;
            if (now != null && now.state() == KafkaStreams.State.RUNNING && !now.isPaused()) {
                keys = absence.follow(admin, internal);
            }
        } catch (KafkaException away) {
            LOG.atDebug().addKeyValue("cause", away.getMessage()).log("How far the group has read cannot be asked now");
        }
        // Outside: a fault of Kafka Streams is a KafkaException, too.
        if (keys.isPresent()) {
            missed = keys.get();
            KafkaStreams former = streams;
            streams = null;
            end(former);
            startStreams();
        }
    }

    private synchronized void startStreams() {
        if (stop.getCount() == 0) {
            return;
        }
        var topology = EnricherTopology.build(
                config.topics(),
                config.rules(),
                format,
                metrics,
                breaker,
                replays,
                limits,
                missed,
                Stores::persistentKeyValueStore);
        var made = new KafkaStreams(topology, settings());
        made.setUncaughtExceptionHandler(this::afterFault);
        streams = made;
        made.start();
    }

    private void look(Admin admin) throws InterruptedException {
        Map<String, String> reread = Map.of();
        try {
            TopicWatch.Found found = watch.look(admin);
            reread = found.reread();
            if (found.lost() != null) {
                throw new IllegalStateException(found.lost());
            }
            object(found.altered());
            if (found.missing()) {
                // Created by whoever notices it first, with the settings of the catalogue.
                TopicAdmin.ensure(admin, config.topics(), config.replicationFactor());
            }
            found.replaced().forEach(this::replaced);
        } catch (TopicMismatchException mismatch) {
            object(mismatch.getMessage());
        } catch (KafkaException away) {
            LOG.atDebug().addKeyValue("cause", away.getMessage()).log("Topics cannot be compared now");
        }
        // Outside: a fault of Kafka Streams is a KafkaException, too, and must not be taken for brokers that do not
        // answer.
        if (!reread.isEmpty()) {
            reread(reread);
        }
    }

    private void object(String why) {
        if (why != null && !why.equals(objection)) {
            LOG.atWarn().addKeyValue("reason", why).log("Records wait; the enricher goes on by itself");
        }
        objection = why;
        KafkaStreams now = streams;
        if (why != null && now != null) {
            now.pause();
        }
    }

    private void replaced(String topic) {
        metrics.replaced(topic);
        String entity = topic.substring(topic.lastIndexOf('.') + 1);
        LOG.atWarn()
                .addKeyValue("topic", topic)
                .log("A change topic was deleted and created again. To fill it, run: kandji-stream replay --entity "
                        + entity);
    }

    /**
     * Positions in a topic that was deleted mean nothing in the one that has its name now, and may lie before or behind its end.
     * All instances notice it, end their work, and the last to do so forgets the offsets; what is read again changes nothing.
     * Where the brokers do not answer meanwhile, this goes on once they do.
     */
    private void reread(Map<String, String> topics) throws InterruptedException {
        report(topics.keySet());
        // What the former topics held says nothing about the new ones.
        missed = null;
        KafkaStreams former = streams;
        waiting = "restarting, because raw topics were created again: " + topics.keySet();
        streams = null;
        end(former);
        forget(topics);
        startStreams();
    }

    private void forget(Map<String, String> ids) throws InterruptedException {
        waiting = "restarting, because raw topics were created again: " + ids.keySet()
                + ". Waiting until every enricher of group "
                + config.topics().enricherApplicationId() + " has ended its work";
        new ForgottenOffsets(config, sources, LOOK, stop).forget(ids);
    }

    private void report(Set<String> replaced) {
        LOG.atWarn()
                .addKeyValue("topics", replaced)
                .log("Raw topics were deleted and created again; they are read from their beginning");
        replaced.forEach(metrics::replaced);
    }

    /** While its threads wait for topics that are not there, the state directory is theirs, and nothing can begin in it. */
    private void end(KafkaStreams former) throws InterruptedException {
        CloseOptions options =
                CloseOptions.timeout(CLOSE).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
        long deadline = System.nanoTime() + END.toNanos();
        while (!former.close(options)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Stream threads did not end within " + END.toMinutes()
                        + " minutes. Restart the enricher; nothing is lost");
            }
            if (stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private Properties settings() {
        // Created by the same brokers as these, which may have capped them.
        int allowed = Stream.of(
                        config.topics().users(),
                        config.topics().usage(),
                        config.topics().devices())
                .mapToInt(topic -> limits.of(topic.name()))
                .max()
                .orElseThrow();
        Properties settings = StreamsSettings.of(config, replicas, allowed);
        settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RecordTooLargeHandler.class);
        settings.put(RecordTooLargeHandler.LIMITS, limits);
        return settings;
    }

    /** By what is so now, not by what just happened: a stop may be over before the thread that met it has ended. */
    private void resumeWhereFixed() {
        KafkaStreams now = streams;
        if (now != null && now.isPaused() && objection == null && breaker.mayGoOn()) {
            now.resume();
        }
    }

    private StreamThreadExceptionResponse afterFault(Throwable fault) {
        // The replacement knows what the topic allows, see RecordTooLargeHandler, and does not send that record again.
        if (!isTooLarge(fault) && !Transience.passes(fault)) {
            fail(fault);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (isStop(fault)) {
            // Its replacement does nothing until the cause is gone: no restoring of state in vain, no log line each
            // time.
            KafkaStreams now = streams;
            if (now != null) {
                now.pause();
            }
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.atWarn()
                .addKeyValue("cause", String.valueOf(fault.getMessage()))
                .log("A stream thread failed and is replaced");
        try {
            // An error that lasts must not spin. While the topics forbid to go on, a new thread would only meet it
            // again, and Kafka Streams would log it each time.
            KafkaStreams mine = streams;
            boolean stopped = stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            while (!stopped && objection != null && streams == mine) {
                stopped = stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static boolean isTooLarge(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStop(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof Breaker.StoppedException) {
                return true;
            }
        }
        return false;
    }

    private void fail(Throwable fault) {
        Throwable cause = Transience.rootOf(fault);
        if (failure.compareAndSet(null, cause)) {
            LOG.atError().setCause(fault).log("The enricher stopped for good");
        }
    }
}
