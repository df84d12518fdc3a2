package dev.kandjistream.enricher;

import dev.kandjistream.enricher.stream.Breaker;
import dev.kandjistream.enricher.stream.EnricherMetrics;
import dev.kandjistream.enricher.stream.EnricherTopology;
import dev.kandjistream.enricher.stream.RegistryFormat;
import dev.kandjistream.enricher.stream.ReplayRequests;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
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

    private final EnricherConfig config;
    private final Breaker breaker;
    private final RegistryFormat format;
    private final EnricherMetrics metrics;
    private final ReplayRequests replays = new ReplayRequests();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread starter = new Thread(this::begin, "enricher-start");
    private volatile String waiting = "starting";
    private volatile KafkaStreams streams;
    private int replicas;

    /**
     * Meters go to the registry from now on; everything else waits for {@link #start}.
     *
     * @throws ConfigException where a client property cannot be right, whatever broker or registry there is
     */
    public EnricherService(EnricherConfig config, MeterRegistry registry) {
        this.config = config;
        new StreamsConfig(StreamsSettings.of(config));
        AvroSerdes.serializer(config.topics().users(), config.kafka());
        this.breaker = new Breaker(config.unreadableInARow());
        this.format = new RegistryFormat(config.topics(), config.kafka(), breaker);
        this.metrics = new EnricherMetrics(registry);
        metrics.watch(breaker);
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
        return breaker.reason().or(() -> Optional.of("Kafka Streams is " + now.state() + ", not RUNNING")
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
            try (var log = new ReplayLog(config.topics(), config.kafka(), replays)) {
                while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    resumeWhereFixed();
                    log.look(Instant.now());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private boolean topicsAreThere() {
        try (Admin admin = Admin.create(config.kafka())) {
            TopicAdmin.ensure(admin, config.topics(), config.replicationFactor());
            RegistrySubjects.ensure(config.topics(), config.kafka());
            var internal = new InternalTopics(admin, config.topics());
            // First: how old local state may be depends on what the topics kept until now.
            OutdatedState.discard(
                    config.stateDirectory().resolve(config.topics().enricherApplicationId()),
                    internal.tombstonesStay(),
                    Instant.now());
            internal.keepTombstones();
            internal.requireInSync();
            // Created by the same brokers with the same setting as those that Kafka Streams is going to create.
            replicas = internal.replicas(config.topics().users().name());
            return true;
        } catch (KafkaException e) {
            if (!waiting.startsWith("waiting")) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Broker or registry does not answer; waiting");
            }
            waiting = "waiting for broker and registry: " + e.getMessage();
            return false;
        }
    }

    private synchronized void startStreams() {
        if (stop.getCount() == 0) {
            return;
        }
        var topology = EnricherTopology.build(
                config.topics(), config.rules(), format, metrics, breaker, replays, Stores::persistentKeyValueStore);
        var made = new KafkaStreams(topology, StreamsSettings.of(config, replicas));
        made.setUncaughtExceptionHandler(this::afterFault);
        streams = made;
        made.start();
    }

    /** By what is so now, not by what just happened: a stop may be over before the thread that met it has ended. */
    private void resumeWhereFixed() {
        KafkaStreams now = streams;
        if (now != null && now.isPaused() && breaker.mayGoOn()) {
            now.resume();
        }
    }

    private StreamThreadExceptionResponse afterFault(Throwable fault) {
        if (!Transience.passes(fault)) {
            fail(fault);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (isStop(fault)) {
            // Its replacement does nothing until the cause is gone: no restoring of state in vain, no log line each
            // time.
            streams.pause();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.atWarn()
                .addKeyValue("cause", String.valueOf(fault.getMessage()))
                .log("A stream thread failed and is replaced");
        try {
            // A fault that lasts must not spin.
            stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
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
