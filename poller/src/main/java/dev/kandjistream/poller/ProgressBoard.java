package dev.kandjistream.poller;

import dev.kandjistream.poller.SweepListener.Reached;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What there is to tell of sweeps under way: nothing of those that end within seconds, which are most; of others each step that
 * is worth it, that they still run, and their end. Written to by sweeps' threads, which it never holds up.
 */
final class ProgressBoard {
    /** A sweep younger than this is not told of, and steps are not told more often. */
    static final Duration STEP = Duration.ofSeconds(2);

    /** A sweep that stands still, such as one that waits for its quota, is told of so often. */
    static final Duration STILL = Duration.ofSeconds(20);

    private final Map<String, Sweep> sweeps = new LinkedHashMap<>();

    /** @param over whether the sweep is over, and this the last word on it */
    record News(String accountId, Kind kind, Reached reached, boolean over) {}

    private static final class Sweep {
        private final String accountId;
        private final Kind kind;
        private Reached reached;
        private Reached told;
        private long toldAt;
        private boolean over;

        private Sweep(String accountId, Kind kind) {
            this.accountId = accountId;
            this.kind = kind;
        }
    }

    synchronized void reached(String accountId, Kind kind, Reached reached) {
        Sweep sweep = sweeps.computeIfAbsent(key(accountId, kind), key -> new Sweep(accountId, kind));
        sweep.reached = reached;
        // Where the one before was told of and its end is not yet, this one takes its place.
        sweep.over = false;
    }

    synchronized void over(String accountId, Kind kind) {
        Sweep sweep = sweeps.get(key(accountId, kind));
        if (sweep != null && sweep.told == null) {
            sweeps.remove(key(accountId, kind));
        } else if (sweep != null) {
            sweep.over = true;
        }
    }

    /** What is to be told now; it counts as told. @param now milliseconds since 1970 */
    synchronized List<News> due(long now) {
        var news = new ArrayList<News>();
        for (Sweep sweep : List.copyOf(sweeps.values())) {
            due(sweep, now).ifPresent(news::add);
        }
        return news;
    }

    private Optional<News> due(Sweep sweep, long now) {
        if (sweep.over) {
            sweeps.remove(key(sweep.accountId, sweep.kind));
        } else if (!isDue(sweep, now)) {
            return Optional.empty();
        }
        sweep.told = sweep.reached;
        sweep.toldAt = now;
        return Optional.of(new News(sweep.accountId, sweep.kind, sweep.reached, sweep.over));
    }

    private static boolean isDue(Sweep sweep, long now) {
        if (sweep.told == null) {
            return now - sweep.reached.startedAt() >= STEP.toMillis();
        }
        long since = now - sweep.toldAt;
        return since >= STILL.toMillis() || since >= STEP.toMillis() && !sweep.reached.equals(sweep.told);
    }

    private static String key(String accountId, Kind kind) {
        return accountId + "/" + kind.word();
    }
}
