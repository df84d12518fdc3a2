package dev.kandjistream.poller;

import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When the next sweep of a lane comes: the interval from start to start. After one that was not whole sooner, a little less
 * often every time; a look for changes that fails is made less often instead, for sweeps see everything anyway. Guarded by its
 * lane's lock.
 */
final class Cadence {
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(30);

    /** Two answers closer to each other than this are as good as one. */
    private static final Duration SECOND_OPINION = Duration.ofSeconds(30);

    private final Kind kind;
    private int failures;

    Cadence(Kind kind) {
        this.kind = kind;
    }

    /** @param receipt null where none could be published */
    void ended(SweepReceipt receipt) {
        boolean sound = receipt != null
                && (receipt.getVerdict().equals("COMPLETE")
                        || receipt.getVerdict().equals("QUARANTINED")
                        || !asked(receipt));
        failures = sound ? 0 : failures + 1;
    }

    /** As if nothing had failed yet. */
    void forget() {
        failures = 0;
    }

    /** Whether the API was asked anything: where something else has to come first, that is no failure. */
    static boolean asked(SweepReceipt receipt) {
        return receipt.getRequests() > 0;
    }

    /** Whether something waits for nothing but further sweeps: a person who left should not keep a seat for an interval. */
    private static boolean isOneSweepShort(SweepReceipt receipt, int misses) {
        return receipt != null
                && receipt.getVerdict().equals("COMPLETE")
                && receipt.getWithheldRetractions().stream()
                        .anyMatch(item -> item.getOrder() == null && item.getSweeps() > 0 && item.getSweeps() < misses);
    }

    /**
     * Time from the end of the last sweep to the start of the next.
     *
     * @param receipt of the last; null where none could be published
     * @param misses complete sweeps in a row that must show a loss, see
     *     {@link dev.kandjistream.poller.domain.EvidenceRules#misses}
     */
    Duration untilNext(Duration interval, SweepReceipt receipt, int misses) {
        Duration took =
                receipt == null ? Duration.ZERO : Duration.between(receipt.getStartedAt(), receipt.getFinishedAt());
        Duration wait = interval.minus(took);
        if (failures > 0) {
            Duration retry = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
            retry = retry.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry;
            wait = retry.compareTo(wait) < 0 == kind.isWhole() ? retry : wait;
        }
        if (kind == Kind.DEVICES && isOneSweepShort(receipt, misses)) {
            Duration sooner = interval.dividedBy(5);
            sooner = sooner.compareTo(SECOND_OPINION) < 0 ? SECOND_OPINION : sooner;
            wait = sooner.compareTo(wait) < 0 ? sooner : wait;
        }
        wait = wait.isNegative() ? Duration.ZERO : wait;
        // A tenth of chance keeps many accounts from marching in step.
        return wait.plusMillis(ThreadLocalRandom.current().nextLong(interval.toMillis() / 10 + 1))
                .minusMillis(interval.toMillis() / 20);
    }
}
