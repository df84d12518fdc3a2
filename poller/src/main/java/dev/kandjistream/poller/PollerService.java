package dev.kandjistream.poller;

import dev.kandjistream.poller.http.KandjiClient;
import dev.kandjistream.poller.http.Waiting;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls accounts side by side: per account a {@link Lane} for each {@link Kind} of sweep, each running on a thread of
 * its own while it runs, so that no account waits for another. {@link #open} and {@link #sweepNow} sweep on demand;
 * {@link #start} sweeps by the clock as well.
 */
public final class PollerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PollerService.class);
    private static final Duration CLOSE_TIME = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Between the first sweeps of two accounts, so that a thousand of them do not start as one. */
    private static final Duration SPREAD = Duration.ofMillis(50);

    private static final int SPREAD_PLACES = 1_200;

    private final Waiting clock;
    private final SweepListener listener;
    private final PollerMetrics metrics;
    private final Ownership ownership;
    private final Map<String, Map<Kind, Lane>> lanes = new LinkedHashMap<>();
    private final ScheduledExecutorService scheduler;
    private final ExecutorService threads;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private volatile boolean opened;
    private volatile boolean scheduling;
    private volatile boolean closed;
    private Future<?> opening = CompletableFuture.completedFuture(null);

    /** @throws RuntimeException where the configuration is wrong; connects to nothing yet */
    public PollerService(PollerConfig config, MeterRegistry registry, SweepListener listener) {
        this(config, registry, listener, Waiting.REAL);
    }

    PollerService(PollerConfig config, MeterRegistry registry, SweepListener listener, Waiting clock) {
        this.clock = clock;
        this.listener = new CarefulListener(listener);
        metrics = new PollerMetrics(registry);
        ownership = new Ownership(config, clock, new OwnedLanes());
        scheduler = Executors.newSingleThreadScheduledExecutor(named("poller-schedule"));
        threads = Executors.newCachedThreadPool(named("poller-sweep"));
        HttpClient http = KandjiClient.newHttpClient(CONNECT_TIMEOUT);
        for (AccountConfig account : config.accounts()) {
            var sweeps =
                    new AccountSweeps(account, http, ownership.publisher(account.id()), clock, metrics, this.listener);
            var byKind = new EnumMap<Kind, Lane>(Kind.class);
            for (Kind kind : Kind.values()) {
                var lane = new Lane(sweeps, kind, new LaneHost());
                metrics.watch(account.id(), lane, () -> clock.now().toEpochMilli());
                byKind.put(kind, lane);
            }
            sweeps.onDoubtAboutDevices(byKind.get(Kind.DEVICES)::sweep);
            lanes.put(account.id(), byKind);
        }
        metrics.watchOwned(() -> lanes.keySet().stream().filter(ownership::owns).count());
    }

    private static ThreadFactory named(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins to connect to the broker and to read the ledger; {@link #sweepNow} waits for it. */
    public synchronized void open() {
        if (opened || closed) {
            return;
        }
        opened = true;
        opening = inBackground(ownership::join);
    }

    private interface Opening {
        void run() throws InterruptedException;
    }

    private Future<?> inBackground(Opening work) {
        try {
            return threads.submit(() -> {
                try {
                    work.run();
                } catch (InterruptedException closing) {
                    LOG.atDebug().log("Opening ended early");
                }
            });
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** {@link #open}, and from now on each account of this poller is swept by its intervals. */
    public synchronized void start() {
        if (scheduling || closed) {
            return;
        }
        scheduling = true;
        open();
        // Where the group was joined before, for sweeps on demand.
        lanes.keySet().stream().filter(ownership::owns).forEach(this::startLanes);
    }

    /** The devices first: people see devices and seats long before the apps are through. Changes are looked for last. */
    private void startLanes(String accountId) {
        if (!scheduled.add(accountId)) {
            return;
        }
        Map<Kind, Lane> account = lanes.get(accountId);
        long delay =
                SPREAD.multipliedBy(started.getAndIncrement() % SPREAD_PLACES).toMillis()
                        + ThreadLocalRandom.current().nextLong(SPREAD.toMillis());
        try {
            scheduler.schedule(
                    () -> account.get(Kind.DEVICES).sweep().whenComplete((receipt, error) -> {
                        account.get(Kind.APPS).sweepWhenDue();
                        account.get(Kind.TARGETED).sweepWhenDue();
                        account.get(Kind.DELTA).sweepWhenDue();
                    }),
                    delay,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.atDebug().log("No more sweeps: the poller is closing");
        }
    }

    /**
     * Sweeps at once. Where such a sweep is under way, another one follows it, so that the receipt tells of the API as it is
     * from now on.
     *
     * @return the committed receipt, whatever its verdict; exceptionally where it could not be published, or the service was
     *     closed
     * @throws IllegalArgumentException for an unknown account
     */
    public CompletableFuture<SweepReceipt> sweepNow(String accountId, Kind kind) {
        var account = lanes.get(accountId);
        if (account == null) {
            throw new IllegalArgumentException(
                    "expected one of the accounts " + lanes.keySet() + ", found \"" + accountId + "\"");
        }
        open();
        return account.get(kind).sweep();
    }

    /** Why records cannot be published now; empty where the broker is there and all ledgers are read. */
    public Optional<String> notReady() {
        if (failure.get() != null) {
            return Optional.of("stopped: " + failure.get().getMessage());
        }
        if (closed) {
            return Optional.of("closed");
        }
        return opened ? ownership.notReady() : Optional.of("not started");
    }

    /** Why the service stopped for good; empty where it did not. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    private void stop(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            LOG.atError().setCause(cause).log("Poller stopped for good");
            lanes.values().forEach(account -> account.values().forEach(Lane::cancel));
            scheduler.shutdownNow();
        }
    }

    /** Cancels what is being read, lets what is being published end, and leaves nothing half done. Takes seconds. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            opening.cancel(true);
        }
        scheduler.shutdownNow();
        lanes.values().forEach(account -> account.values().forEach(Lane::cancel));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("Sweeps did not end in time; their transactions will be aborted");
                threads.shutdownNow();
                threads.awaitTermination(CLOSE_TIME.toMillis() / 2, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException impatient) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        ownership.close();
    }

    /** Somebody else's code: what it throws is not the sweep's trouble. */
    private record CarefulListener(SweepListener listener) implements SweepListener {
        @Override
        public void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {
            carefully(() -> listener.progress(accountId, kind, rowsRead, claimedTotal));
        }

        @Override
        public void receipt(SweepReceipt receipt) {
            carefully(() -> listener.receipt(receipt));
        }

        private static void carefully(Runnable call) {
            try {
                call.run();
            } catch (RuntimeException failure) {
                LOG.atWarn().setCause(failure).log("Listener of sweeps failed; the sweep goes on");
            }
        }
    }

    private final class LaneHost implements Lane.Host {
        @Override
        public void run(Runnable sweep) {
            try {
                threads.execute(sweep);
            } catch (RejectedExecutionException closing) {
                LOG.atDebug().log("No more sweeps: the poller is closing");
            }
        }

        @Override
        public void awaitOpen(String accountId) throws InterruptedException {
            ownership.await(accountId);
        }

        @Override
        public Future<?> schedule(Lane lane, Duration after) {
            if (scheduling
                    && !closed
                    && failure.get() == null
                    && ownership.owns(lane.account().id())) {
                try {
                    return scheduler.schedule(lane::sweep, Math.max(0, after.toMillis()), TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException closing) {
                    LOG.atDebug().log("No more sweeps: the poller is closing");
                }
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void published(SweepReceipt receipt) {
            metrics.receipt(receipt);
            var level =
                    switch (receipt.getVerdict()) {
                        case "COMPLETE" -> LOG.atDebug();
                        default -> LOG.atWarn();
                    };
            level.addKeyValue("account", receipt.getAccountId())
                    .addKeyValue("kind", receipt.getKind())
                    .addKeyValue("sweep", receipt.getSweepId())
                    .addKeyValue("verdict", receipt.getVerdict())
                    .addKeyValue("reason", receipt.getReason() == null ? "none" : receipt.getReason())
                    .addKeyValue("published", receipt.getPublished())
                    .addKeyValue("withheld", receipt.getWithheld())
                    .log("Sweep published");
            listener.receipt(receipt);
        }

        @Override
        public void looked(SweepReceipt receipt) {
            metrics.receipt(receipt);
        }

        @Override
        public void unpublished(AccountConfig account, Kind kind, Throwable cause) {
            metrics.unpublished(account.id(), kind);
            LOG.atWarn()
                    .addKeyValue("account", account.id())
                    .addKeyValue("kind", kind.word())
                    .setCause(cause)
                    .log("Sweep could not be published; trying again");
        }
    }

    private final class OwnedLanes implements Ownership.Accounts {
        @Override
        public void gained(String accountId) {
            inBackground(() -> ownership.open(accountId));
            if (scheduling) {
                startLanes(accountId);
            }
        }

        @Override
        public void gone(String accountId) {
            scheduled.remove(accountId);
            lanes.get(accountId).values().forEach(Lane::suspend);
        }

        @Override
        public void stop(Throwable cause) {
            PollerService.this.stop(cause);
        }
    }
}
