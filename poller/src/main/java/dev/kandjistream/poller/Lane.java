package dev.kandjistream.poller;

import dev.kandjistream.poller.AccountSweeps.Unpublished;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.poller.kafka.Published;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * The sweeps of one kind of one account, one after another. Whoever asks for one while another is under way gets the next:
 * the one under way may have passed by what they want to see. A thread is held only while a sweep runs.
 */
final class Lane {
    private static final int PUBLISH_ATTEMPTS = 4;
    private static final String NO_MORE = "the poller is closed, or the account is configured otherwise";

    private final AccountSweeps sweeps;
    private final Kind kind;
    private final Host host;
    private List<CompletableFuture<SweepReceipt>> waiting = new ArrayList<>();
    private boolean running;
    private boolean closed;
    private Future<?> next = CompletableFuture.completedFuture(null);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Thread reader;
    private int suspensions;
    private final Cadence cadence;
    private final LaneHealth health = new LaneHealth();

    /** What a lane needs of the service. */
    interface Host {
        void run(Runnable sweep);

        /** Returns when the account is this poller's and its records can be published. */
        void awaitOpen(String accountId) throws InterruptedException;

        /** Nothing where the account is another poller's. @return to be cancelled when something else comes first */
        Future<?> schedule(Lane lane, Duration after);

        void published(SweepReceipt receipt);

        /** A look that found nothing to tell; its receipt is not committed. */
        void looked(SweepReceipt receipt);

        /** The account's records are to be published again; a sweep of this kind has begun to. */
        void republishes(AccountConfig account, Kind kind);

        /** The ledger topic lost records of the account; they were made anew. */
        void recovered(AccountConfig account);

        void unpublished(AccountConfig account, Kind kind, Throwable failure);

        /** A sweep is over, whatever became of it. */
        void over(AccountConfig account, Kind kind);
    }

    Lane(AccountSweeps sweeps, Kind kind, Host host) {
        this.sweeps = sweeps;
        this.kind = kind;
        this.host = host;
        cadence = new Cadence(kind);
    }

    Kind kind() {
        return kind;
    }

    AccountConfig account() {
        return sweeps.account();
    }

    /** Sweeps at once, or as soon as the sweep under way has ended. */
    CompletableFuture<SweepReceipt> sweep() {
        var receipt = new CompletableFuture<SweepReceipt>();
        synchronized (this) {
            if (closed) {
                receipt.completeExceptionally(new CancellationException("the poller is closed"));
                return receipt;
            }
            waiting.add(receipt);
            if (running) {
                return receipt;
            }
            running = true;
        }
        host.run(this::sweepForAllWaiting);
        return receipt;
    }

    /** Sweeps when it is time by the account's ledger; at once where there was no complete sweep. */
    void sweepWhenDue() {
        host.run(() -> {
            Optional<Duration> wait = sweeps.dueIn(kind);
            if (wait.isPresent() && wait.get().isZero()) {
                sweep();
            } else {
                wait.ifPresent(this::sweepAfter);
            }
        });
    }

    private synchronized void sweepAfter(Duration wait) {
        if (!closed && !running) {
            next.cancel(false);
            next = host.schedule(this, wait);
        }
    }

    private void sweepForAllWaiting() {
        List<CompletableFuture<SweepReceipt>> served;
        synchronized (this) {
            served = waiting;
            waiting = new ArrayList<>();
        }
        SweepReceipt receipt = null;
        Throwable failure = null;
        try {
            receipt = sweepOnce();
        } catch (InterruptedException cancelled) {
            // The pool's thread ends here; nobody further down wants the flag.
            failure = new CancellationException("the sweep was cancelled");
        } catch (PublishException | RuntimeException | Error unexpected) {
            // An error too: a sweep that does not fit into the heap must not end all further ones.
            failure = unexpected;
            host.unpublished(account(), kind, unexpected);
        }
        host.over(account(), kind);
        boolean again = end(receipt);
        for (var future : served) {
            if (receipt != null) {
                future.complete(receipt);
            } else {
                future.completeExceptionally(failure);
            }
        }
        if (again) {
            host.run(this::sweepForAllWaiting);
        }
        tellIfEnded();
    }

    private SweepReceipt sweepOnce() throws InterruptedException, PublishException {
        Unpublished unpublished;
        int term = begin();
        try {
            host.awaitOpen(account().id());
            unpublished = sweeps.read(kind);
        } finally {
            endReading();
        }
        Published published = publish(unpublished, term);
        SweepReceipt receipt = published.receipt();
        if (published.committed()) {
            remember(receipt, term);
            host.published(receipt);
        } else if (Cadence.asked(receipt)) {
            remember(receipt, term);
            host.looked(receipt);
        }
        if (published.recovered()) {
            host.recovered(account());
        }
        if (published.republishes()) {
            host.republishes(account(), kind);
        }
        return receipt;
    }

    private synchronized void remember(SweepReceipt receipt, int term) {
        if (term == suspensions) {
            health.learn(receipt);
        }
    }

    /**
     * What was read need not be read again when the broker fails or the group is shared out anew: the next attempt judges it
     * by the ledger read anew.
     */
    private Published publish(Unpublished sweep, int term) throws InterruptedException, PublishException {
        for (int attempt = 1; ; attempt++) {
            try {
                return sweep.publish();
            } catch (PublishException failure) {
                if (attempt == PUBLISH_ATTEMPTS || failure.isOfTopics()) {
                    throw failure;
                }
                host.unpublished(account(), kind, failure);
                awaitOpenAgain(term);
            }
        }
    }

    private void awaitOpenAgain(int term) throws InterruptedException {
        begin(term);
        try {
            host.awaitOpen(account().id());
        } finally {
            endReading();
        }
    }

    private synchronized int begin() throws InterruptedException {
        begin(suspensions);
        return suspensions;
    }

    /** @throws InterruptedException where the account was given away since then */
    private synchronized void begin(int term) throws InterruptedException {
        if (closed || term != suspensions) {
            throw new InterruptedException();
        }
        reader = Thread.currentThread();
    }

    /** From here on {@link #cancel} no longer interrupts: a transaction takes seconds and is better ended than cut. */
    private synchronized void endReading() {
        reader = null;
        Thread.interrupted();
    }

    private boolean end(SweepReceipt receipt) {
        synchronized (this) {
            cadence.ended(receipt);
            if (closed) {
                running = false;
                return false;
            }
            if (!waiting.isEmpty()) {
                return true;
            }
            running = false;
            // One appointment at a time: sweeps on demand come between those by the clock and must not add to them.
            next.cancel(false);
            account()
                    .settings()
                    .interval(kind)
                    .ifPresent(interval -> next = host.schedule(
                            this,
                            cadence.untilNext(
                                    interval,
                                    receipt,
                                    account().settings().evidence().misses())));
        }
        return false;
    }

    /** Ends this lane: a sweep still reading is given up, one that is publishing ends in its own time. */
    void cancel() {
        synchronized (this) {
            closed = true;
        }
        giveUp(NO_MORE);
        tellIfEnded();
    }

    /** Ends this lane when the sweep under way has ended, at once where there is none. */
    void retire() {
        boolean idle;
        synchronized (this) {
            closed = true;
            next.cancel(false);
            idle = !running;
        }
        if (idle) {
            cancel();
        }
    }

    /** Done when this lane has ended, and nothing that it began can still be published. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Not under the lock: whoever waits for it goes on right here. */
    private void tellIfEnded() {
        boolean over;
        synchronized (this) {
            over = closed && !running;
        }
        if (over) {
            // Those who wait for a sweep after the last one wait in vain.
            giveUp(NO_MORE);
            ended.complete(null);
        }
    }

    /** The account goes to another poller: as {@link #cancel}, but it may come back. What is known of it is forgotten. */
    void suspend() {
        giveUp("the account went to another poller");
        synchronized (this) {
            health.forget();
            cadence.forget();
        }
    }

    private void giveUp(String why) {
        List<CompletableFuture<SweepReceipt>> left;
        synchronized (this) {
            suspensions++;
            next.cancel(false);
            left = waiting;
            waiting = new ArrayList<>();
            if (reader != null) {
                reader.interrupt();
            }
        }
        left.forEach(future -> future.completeExceptionally(new CancellationException(why)));
    }

    LaneHealth health() {
        return health;
    }
}
