package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
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
 * {@link #start} sweeps by the clock as well. Which accounts they are may change meanwhile: {@link #follow}.
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
    private final ProgressTold progress;
    private final PollerMetrics metrics;
    private final Ownership ownership;
    private final HttpClient http = KandjiClient.newHttpClient(CONNECT_TIMEOUT);
    private final PolledAccounts accounts = new PolledAccounts(new AccountsHost());
    private final ScheduledExecutorService scheduler;
    private final ExecutorService threads;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final SerialNumbers serialNumbers;
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
        serialNumbers = config.serialNumbers();
        progress = new ProgressTold(config, clock);
        this.listener = new CarefulListener(listener, progress);
        metrics = new PollerMetrics(registry);
        ownership = new Ownership(config, clock, new AccountsHost());
        scheduler = Executors.newSingleThreadScheduledExecutor(named("poller-schedule"));
        threads = Executors.newCachedThreadPool(named("poller-sweep"));
        accounts.follow(config.accounts());
        metrics.watchOwned(() -> accounts.ids().stream().filter(ownership::owns).count());
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
                } catch (Error fatal) {
                    escalate(fatal);
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
        accounts.ids().stream().filter(ownership::owns).forEach(accounts::begin);
    }

    /**
     * From now on the accounts are those that the source says, asked again and again. What cannot be used changes nothing
     * and is logged.
     *
     * @param every from the end of one question to the next
     */
    public void follow(AccountList.Source source, Duration every) {
        try {
            scheduler.scheduleWithFixedDelay(
                    () -> take(source), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.atDebug().log("No more accounts: the poller is closing");
        }
    }

    /** Never throws, for that would end all further questions. */
    private void take(AccountList.Source source) {
        try {
            source.changed().ifPresent(accounts::follow);
        } catch (RuntimeException unusable) {
            LOG.atError()
                    .addKeyValue("reason", unusable.getMessage())
                    .log("Changed accounts cannot be used; those polled so far go on");
        } catch (Error fatal) {
            escalate(fatal);
        }
    }

    /** An executor keeps what its tasks throw to itself, and the process would go on without them. */
    private static void escalate(Error fatal) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, fatal);
        throw fatal;
    }

    private void startLanes(PolledAccount account) {
        if (!scheduled.add(account.config().id())) {
            return;
        }
        long delay =
                SPREAD.multipliedBy(started.getAndIncrement() % SPREAD_PLACES).toMillis()
                        + ThreadLocalRandom.current().nextLong(SPREAD.toMillis());
        try {
            scheduler.schedule(account::begin, delay, TimeUnit.MILLISECONDS);
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
        PolledAccount account = accounts.account(accountId)
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected one of the accounts " + accounts.ids() + ", found \"" + accountId + "\""));
        open();
        return account.lane(kind).sweep();
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
            accounts.cancel();
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
        accounts.cancel();
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
        progress.close();
    }

    private final class WorkHost implements Lane.Host, Removal.Host {
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
        public boolean open(String accountId) throws InterruptedException {
            ownership.open(accountId);
            return ownership.owns(accountId);
        }

        @Override
        public List<SweepReceipt> retract(String accountId) throws PublishException {
            return ownership.publisher(accountId).retract(accountId);
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
        public void republishes(AccountConfig account, Kind kind) {
            metrics.republication(account.id());
            for (Kind full : List.of(Kind.DEVICES, Kind.APPS)) {
                if (full != kind) {
                    accounts.account(account.id())
                            .ifPresent(polled -> polled.lane(full).sweep());
                }
            }
        }

        @Override
        public void recovered(AccountConfig account) {
            metrics.recovery(account.id());
        }

        @Override
        public void over(AccountConfig account, Kind kind) {
            listener.over(account.id(), kind);
        }

        @Override
        public void unpublished(AccountConfig account, Kind kind, Throwable cause) {
            metrics.unpublished(account.id(), kind);
            // Where only the cluster is to blame, the reason says all.
            boolean passes = cause instanceof PublishException failure && failure.isOfCluster();
            LOG.atWarn()
                    .addKeyValue("account", account.id())
                    .addKeyValue("kind", kind.word())
                    .addKeyValue("reason", cause.getMessage())
                    .setCause(passes ? null : cause)
                    .log("Sweep could not be published; trying again");
        }
    }

    private final class AccountsHost implements PolledAccounts.Host, Ownership.Accounts {
        @Override
        public Collection<String> all() {
            return accounts.allIds();
        }

        @Override
        public void gained(String accountId) {
            accounts.begin(accountId);
        }

        @Override
        public void gone(String accountId) {
            scheduled.remove(accountId);
            accounts.suspend(accountId);
        }

        @Override
        public void stop(Throwable cause) {
            PollerService.this.stop(cause);
        }

        @Override
        public PolledAccount poll(AccountConfig account, Optional<PolledAccount> before) {
            AccountSweeps sweeps = before.map(former -> former.sweeps().configured(account))
                    .orElseGet(() -> new AccountSweeps(
                            account, serialNumbers, http, ownership.publisher(account.id()), clock, metrics, listener));
            var lanes = new EnumMap<Kind, Lane>(Kind.class);
            for (Kind kind : Kind.values()) {
                var lane = new Lane(sweeps, kind, new WorkHost());
                metrics.watch(account.id(), lane, () -> clock.now().toEpochMilli());
                lanes.put(kind, lane);
            }
            sweeps.onDoubtAboutDevices(lanes.get(Kind.DEVICES)::sweep);
            return new PolledAccount(sweeps, lanes);
        }

        @Override
        public Removal remove(RemovedAccount account) {
            return new Removal(account.id(), new WorkHost(), clock);
        }

        @Override
        public void forget(String accountId) {
            scheduled.remove(accountId);
            metrics.unwatch(accountId);
        }

        @Override
        public boolean owns(String accountId) {
            return ownership.owns(accountId);
        }

        @Override
        public void begin(String accountId) {
            if (!ownership.owns(accountId)) {
                return;
            }
            accounts.removal(accountId).ifPresent(Removal::start);
            accounts.account(accountId).ifPresent(account -> {
                inBackground(() -> ownership.open(accountId));
                if (scheduling) {
                    startLanes(account);
                }
            });
        }
    }
}
