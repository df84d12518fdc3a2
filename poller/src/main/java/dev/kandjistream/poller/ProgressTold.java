package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.kafka.ProgressWriter;
import dev.kandjistream.progress.SweepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells of sweeps under way in their topic, from a thread of its own: sweeps only leave a note, and what cannot be written is
 * forgotten. Nothing is connected before a sweep takes long enough to be told of.
 *
 * <pre>sweeps' threads ─► ProgressBoard ─► (every two seconds) ─► topic of progress</pre>
 */
final class ProgressTold implements SweepListener, AutoCloseable {
    private final ProgressBoard board = new ProgressBoard();
    private final Waiting clock;
    private final String poller;
    private final Duration every;
    private final ProgressWriter writer;
    private final AtomicBoolean started = new AtomicBoolean();
    private final ScheduledExecutorService ticker;

    ProgressTold(PollerConfig config, Waiting clock) {
        this(config, clock, ProgressBoard.STEP);
    }

    ProgressTold(PollerConfig config, Waiting clock, Duration every) {
        this.clock = clock;
        this.every = every;
        poller = config.group().instanceId().orElseGet(() -> name(System.getenv()));
        writer = new ProgressWriter(config.topics(), config.kafka());
        ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "poller-progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static String name(Map<String, String> environment) {
        String host = environment.get("HOSTNAME");
        return (host == null ? "process " : host + " ")
                + ProcessHandle.current().pid();
    }

    @Override
    public void reached(String accountId, Kind kind, Reached reached) {
        board.reached(accountId, kind, reached);
        if (!started.get() && started.compareAndSet(false, true)) {
            try {
                ticker.scheduleWithFixedDelay(this::tell, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                // Nobody needs to be told any more.
            }
        }
    }

    @Override
    public void over(String accountId, Kind kind) {
        board.over(accountId, kind);
    }

    private void tell() {
        Instant now = clock.now();
        board.due(now.toEpochMilli()).forEach(news -> writer.write(record(news, now)));
    }

    private SweepProgress record(ProgressBoard.News news, Instant now) {
        Reached reached = news.reached();
        return SweepProgress.newBuilder()
                .setAccountId(news.accountId())
                .setKind(news.kind().word())
                .setPoller(poller)
                .setStartedAt(Instant.ofEpochMilli(reached.startedAt()))
                .setToldAt(now)
                .setEndedAt(news.over() ? now : null)
                .setRows(reached.rows())
                .setClaimedTotal(
                        reached.claimedTotal().isPresent()
                                ? reached.claimedTotal().getAsLong()
                                : null)
                .setRequests(reached.requests())
                .build();
    }

    /** Tells of what has ended, then no more. Takes a second or two at most. */
    @Override
    public void close() {
        ticker.shutdownNow();
        try {
            if (started.get() && ticker.awaitTermination(1, TimeUnit.SECONDS)) {
                tell();
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        writer.close();
    }
}
