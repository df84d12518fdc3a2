package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.kafka.PublishException;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retracts what was published of an account, because its configuration says so. Done whenever the account is this poller's:
 * where nothing is left, that costs a look into the ledger.
 */
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final String accountId;
    private final Host host;
    private final Waiting waiting;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean running;
    private boolean again;
    private boolean closed;
    private Thread waiter;

    /** What a removal needs of the service. */
    interface Host {
        void run(Runnable removal);

        /** Returns when the account's records can be published. @return false where it is another poller's */
        boolean open(String accountId) throws InterruptedException;

        /** @return nothing where nothing was left to retract */
        List<SweepReceipt> retract(String accountId) throws PublishException;

        void published(SweepReceipt receipt);
    }

    Removal(String accountId, Host host, Waiting waiting) {
        this.accountId = accountId;
        this.host = host;
        this.waiting = waiting;
    }

    /** Begins; once more when it is under way, for that may be about to end. Returns at once. */
    void start() {
        synchronized (this) {
            again = true;
            if (running || closed) {
                return;
            }
            running = true;
        }
        host.run(this::run);
    }

    private void run() {
        while (begins()) {
            untilDone();
        }
        tellIfEnded();
    }

    private synchronized boolean begins() {
        running = again && !closed;
        again = false;
        return running;
    }

    private void untilDone() {
        try {
            Duration pause = FIRST_PAUSE;
            while (awaitTurn(pause)) {
                try {
                    List<SweepReceipt> receipts = host.retract(accountId);
                    receipts.forEach(host::published);
                    break;
                } catch (PublishException failure) {
                    LOG.atWarn()
                            .addKeyValue("account", accountId)
                            .addKeyValue("reason", failure.getMessage())
                            .log("Removed account is not retracted yet; trying again");
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException givenUp) {
            LOG.atDebug().addKeyValue("account", accountId).log("Retracting a removed account ended early");
        } catch (RuntimeException unexpected) {
            LOG.atError()
                    .addKeyValue("account", accountId)
                    .setCause(unexpected)
                    .log("Removed account cannot be retracted; it is tried again when it next becomes this poller's");
        }
    }

    private boolean awaitTurn(Duration pause) throws InterruptedException {
        synchronized (this) {
            if (closed) {
                return false;
            }
            waiter = Thread.currentThread();
        }
        try {
            if (pause.compareTo(FIRST_PAUSE) > 0) {
                waiting.pause(pause);
            }
            return host.open(accountId);
        } finally {
            // From here on nobody interrupts: a transaction takes seconds and is better ended than cut.
            synchronized (this) {
                waiter = null;
                Thread.interrupted();
            }
        }
    }

    /** The account goes to another poller, which takes this up. */
    synchronized void suspend() {
        if (waiter != null) {
            waiter.interrupt();
        }
    }

    /** Ends: at once while it waits, else when what is being published has ended. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        suspend();
        tellIfEnded();
    }

    /** Done when this has ended for good. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    private void tellIfEnded() {
        boolean over;
        synchronized (this) {
            over = closed && !running;
        }
        if (over) {
            ended.complete(null);
        }
    }
}
