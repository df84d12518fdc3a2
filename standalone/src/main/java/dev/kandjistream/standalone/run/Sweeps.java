package dev.kandjistream.standalone.run;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.sweeps.SweepReceipt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Sweeps on demand, of all accounts side by side, followed into the tables. */
public final class Sweeps {

    /** A sweep could not be made, or did not come through. The message says which and why. */
    public static final class SweepFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SweepFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Pipeline pipeline;
    private final StopSignal stop;

    public Sweeps(Pipeline pipeline, StopSignal stop) {
        this.pipeline = pipeline;
        this.stop = stop;
    }

    /**
     * Sweeps each account's devices, then its apps, unless the API cannot be used at all.
     *
     * @return the receipts, account by account
     */
    public List<SweepReceipt> devicesThenApps(List<String> accountIds) {
        List<CompletableFuture<List<SweepReceipt>>> accounts = accountIds.stream()
                .map(account -> pipeline.sweepNow(account, Kind.DEVICES).thenCompose(devices -> apps(account, devices)))
                .toList();
        return outcome(accounts);
    }

    /** Sweeps each account's devices only. */
    public List<SweepReceipt> devices(List<String> accountIds) {
        return outcome(accountIds.stream()
                .map(account -> pipeline.sweepNow(account, Kind.DEVICES).thenApply(List::of))
                .toList());
    }

    /** Returns when everything that was swept stands in the tables. */
    public void follow(List<SweepReceipt> receipts, Duration limit) {
        follow(receipts, limit, receipt -> {});
    }

    /**
     * As above.
     *
     * @param applied hears of each sweep that has come through, in the order of the list
     */
    public void follow(List<SweepReceipt> receipts, Duration limit, Consumer<SweepReceipt> applied) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (SweepReceipt receipt : receipts) {
            try {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                if (!pipeline.awaitApplied(receipt, left, stop)) {
                    throw new SweepFailure(
                            "What was swept of " + receipt.getAccountId() + " (" + receipt.getKind()
                                    + ") is not in the tables after " + limit.toSeconds() + " s"
                                    + pipeline.failed()
                                            .map(reason -> ": " + reason)
                                            .orElse(""),
                            null);
                }
                applied.accept(receipt);
            } catch (SQLException fault) {
                throw new SweepFailure("The database cannot be asked: " + fault.getMessage(), fault);
            }
        }
    }

    private CompletableFuture<List<SweepReceipt>> apps(String account, SweepReceipt devices) {
        return devices.getConnection().equals("CONNECTED")
                ? pipeline.sweepNow(account, Kind.APPS).thenApply(apps -> List.of(devices, apps))
                : CompletableFuture.completedFuture(List.of(devices));
    }

    private List<SweepReceipt> outcome(List<CompletableFuture<List<SweepReceipt>>> sweeps) {
        List<SweepReceipt> receipts = new ArrayList<>();
        for (CompletableFuture<List<SweepReceipt>> sweep : sweeps) {
            try {
                receipts.addAll(stop.await(sweep));
            } catch (ExecutionException failure) {
                Throwable cause =
                        failure.getCause() instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure.getCause();
                throw new SweepFailure("A sweep could not be made: " + cause.getMessage(), cause);
            }
        }
        return receipts;
    }
}
