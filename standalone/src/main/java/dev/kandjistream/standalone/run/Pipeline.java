package dev.kandjistream.standalone.run;

import dev.kandjistream.poller.AccountList;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollerService;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.posture.PostureService;
import dev.kandjistream.sink.TablesState;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Everything in one JVM: what is not configured is embedded, and poller, enricher, sink and, where it is configured, posture
 * run on it. Started in the order of the data's way backwards (the sink waits before the poller speaks), stopped in the
 * order of the data's way.
 *
 * <pre>broker, database ─► registry ─► sink ─► enricher ─► posture ─► poller</pre>
 */
public final class Pipeline implements AutoCloseable {

    /** Services that can be stopped and started again while the rest runs. */
    public enum Part {
        POLLER,
        ENRICHER,
        SINK,
        /** Only where it is configured. */
        POSTURE
    }

    private final Configuration configuration;
    private final Health health;
    private final MeterRegistry meters;
    private final SweepListener listener;
    private final Backends backends;
    private PollerService poller;
    private Service enricher;
    private Service sink;
    private PostureService posture;

    private Pipeline(
            Configuration configuration,
            Health health,
            MeterRegistry meters,
            SweepListener listener,
            Backends backends) {
        this.configuration = configuration;
        this.health = health;
        this.meters = meters;
        this.listener = listener;
        this.backends = backends;
    }

    /**
     * Starts all of it. Services may still be on their way when this returns ({@link #awaitReady}), and nothing is swept
     * until {@link #schedule} or {@link #sweepNow}. What was started is stopped again when something fails.
     *
     * @param data held by the caller, who lets go of it after {@link #close}
     */
    public static Pipeline start(
            Configuration configuration,
            DataDirectory data,
            Health health,
            MeterRegistry meters,
            SweepListener listener,
            Steps steps) {
        var pipeline = new Pipeline(
                configuration, health, meters, listener, Backends.start(configuration, data, health, steps));
        try {
            pipeline.start(Part.SINK);
            pipeline.start(Part.ENRICHER);
            if (configuration.posture().isPresent()) {
                pipeline.start(Part.POSTURE);
            }
            pipeline.start(Part.POLLER);
            return pipeline;
        } catch (RuntimeException failure) {
            pipeline.close();
            throw failure;
        }
    }

    /** Starts a service that was stopped. The poller takes its accounts but sweeps only when asked. */
    public void start(Part part) {
        switch (part) {
            case SINK -> sink = started(Services.sink(configuration, clientProperties(), backends.database(), meters));
            case ENRICHER -> enricher = started(Services.enricher(configuration, clientProperties(), meters));
            case POSTURE -> {
                posture = Services.posture(
                        configuration, configuration.posture().orElseThrow(), clientProperties(), meters);
                started(Services.service(posture));
            }
            case POLLER -> {
                poller = Services.poller(configuration, clientProperties(), meters, listener);
                health.watch(Services.POLLER, Services.service(poller).part());
                poller.open();
            }
        }
    }

    /** Stops a service; does nothing where it does not run. */
    public void stop(Part part) {
        switch (part) {
            case SINK -> {
                stopped(sink);
                sink = null;
            }
            case ENRICHER -> {
                stopped(enricher);
                enricher = null;
            }
            case POSTURE -> {
                if (posture != null) {
                    stopped(Services.service(posture));
                }
                posture = null;
            }
            case POLLER -> {
                if (poller != null) {
                    stopped(Services.service(poller));
                }
                poller = null;
            }
        }
    }

    /**
     * Waits until every part is ready, or needs an operator and does what it can without.
     *
     * @throws NotReadyException if a part has failed, or is not ready within the limit, with its reason
     * @throws StopSignal.Stopped when asked to stop meanwhile
     */
    public void awaitReady(Duration limit, StopSignal stop) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!health.started()) {
            failed().ifPresent(reason -> {
                throw new NotReadyException(reason);
            });
            if (System.nanoTime() > deadline) {
                throw new NotReadyException("Not ready after " + limit.toSeconds() + " s: " + waitingFor());
            }
            stop.pause(Duration.ofMillis(50));
        }
    }

    private String waitingFor() {
        return health.states().stream()
                .filter(state -> !state.ready())
                .map(state -> state.name() + " (" + state.reason().orElseThrow() + ")")
                .collect(Collectors.joining(", "));
    }

    /** What only an operator can put right, with the commands; empty while there is no such thing. */
    public List<String> needsOperator() {
        return health.needsOperator();
    }

    /** From now on accounts are swept as configured. */
    public void schedule() {
        poller.start();
    }

    /** From now on the accounts of the poller that runs are those that the source says. */
    public void follow(AccountList.Source accounts) {
        poller.follow(accounts, Services.FOLLOWING);
    }

    /** Sweeps at once. The receipt is there when it and what the sweep found are published. */
    public CompletableFuture<SweepReceipt> sweepNow(String accountId, Kind kind) {
        return poller.sweepNow(accountId, kind);
    }

    /**
     * Waits until everything that the sweep published stands in the tables.
     *
     * @return false when it has not come through within the limit
     */
    public boolean awaitApplied(SweepReceipt receipt, Duration limit, StopSignal stop) throws SQLException {
        return new AppliedSweeps(backends.database())
                .await(receipt.getAccountId(), receipt.getKind(), receipt.getSweepId(), limit, stop);
    }

    /** Why nothing can be written to the tables: they are another pipeline's; empty where they are this one's. */
    public Optional<String> tablesObjection() throws SQLException {
        return TablesState.read(Services.sinkConfig(configuration, clientProperties(), backends.database()))
                .objection();
    }

    /** A connection to the database with the tables; the caller's to close. */
    public Connection database() throws SQLException {
        return new AppliedSweeps(backends.database()).connect();
    }

    /** For a Kafka client: where broker and registry are, and security. */
    public Map<String, Object> clientProperties() {
        return backends.clientProperties();
    }

    /** How to connect to the database, without its password. */
    public String jdbcUrl() {
        return backends.database().url();
    }

    public String databaseUser() {
        return backends.database().user();
    }

    public Configuration configuration() {
        return configuration;
    }

    /** Where devices are asked about, without a slash at the end; empty where no posture service runs. */
    public Optional<String> postureUrl() {
        return Optional.ofNullable(posture).map(PostureService::url);
    }

    /** Why a part stopped for good; empty while all is well. */
    public Optional<String> failed() {
        return health.failed().map(state -> state.name() + " " + state.reason().orElse("failed"));
    }

    /** Poller, posture, enricher, sink, registry, broker, database. Each gets its turn even if one before it fails. */
    @Override
    public void close() {
        RuntimeException failure = null;
        Runnable[] inOrder = {
            () -> stop(Part.POLLER),
            () -> stop(Part.POSTURE),
            () -> stop(Part.ENRICHER),
            () -> stop(Part.SINK),
            backends::close
        };
        for (Runnable step : inOrder) {
            try {
                step.run();
            } catch (RuntimeException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Service started(Service service) {
        health.watch(service.name(), service.part());
        service.start().run();
        return service;
    }

    private void stopped(Service service) {
        if (service != null) {
            health.stopped(service.name());
            service.close().run();
        }
    }
}
