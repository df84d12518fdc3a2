package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * A commit is final when its producer hears of it, and visible when its markers are written, a moment later: a reader that
 * looks in between sees less than was committed.
 */
public final class TransactionMarkers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TransactionMarkers() {}

    /** Returns when all that was committed until now can be read. */
    public static void awaitWritten(Object bootstrapServers) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (areOwed(admin)) {
                assertThat(System.nanoTime())
                        .as("time until all markers are written")
                        .isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static boolean areOwed(Admin admin) throws ExecutionException, InterruptedException {
        return admin.listTransactions().all().get().stream()
                .anyMatch(transaction -> transaction.state() == TransactionState.PREPARE_COMMIT
                        || transaction.state() == TransactionState.PREPARE_ABORT);
    }
}
