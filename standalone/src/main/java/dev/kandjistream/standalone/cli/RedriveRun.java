package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import dev.kandjistream.standalone.run.DeadLetterLog;
import dev.kandjistream.standalone.run.Redrive;
import dev.kandjistream.standalone.run.Redrive.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One {@code deadletters redrive}, piece by piece: what it counts, and whether all went well. */
final class RedriveRun {
    private static final int NAMED = 20;

    private final Redrive redrive;
    private final boolean dryRun;
    private final Duration wait;
    private final List<String> named = new ArrayList<>();
    private long redriven;
    private long skipped;
    private long unreadAgain;
    private boolean isFollowed = true;

    RedriveRun(Redrive redrive, boolean dryRun, Duration wait) {
        this.redrive = redrive;
        this.dryRun = dryRun;
        this.wait = wait;
    }

    /** A piece that was written and read by its hops, as far as they did. */
    record Followed(Redrive.Done done, Set<String> unreadAgain) {
        /** @param reader hears each result, and whether the record could not be read again */
        void forEach(BiConsumer<Result, Boolean> reader) {
            done.forEach(result ->
                    reader.accept(result, unreadAgain.contains(result.letter().id())));
        }
    }

    /**
     * Writes what may go, and follows it.
     *
     * @param results hears what becomes of each letter, at once
     */
    Followed carryOut(DeadLetterLog.Piece piece, Consumer<Result> results) {
        Redrive.Done done = redrive.carryOut(piece, dryRun, result -> {
            count(result);
            results.accept(result);
        });
        // A hop that has not read one piece in time does not read the next one either.
        isFollowed = done.await(isFollowed ? wait : Duration.ZERO) && isFollowed;
        Set<String> again = done.unreadAgain();
        unreadAgain += again.size();
        again.stream().limit(NAMED - named.size()).forEach(named::add);
        return new Followed(done, again);
    }

    private void count(Result result) {
        if (result.skipped() == null) {
            redriven++;
        } else {
            skipped++;
        }
    }

    /** Of a dry run: that would be. */
    long redriven() {
        return redriven;
    }

    long skipped() {
        return skipped;
    }

    /** Whether enricher and sink have read all that was written. */
    boolean isFollowed() {
        return isFollowed;
    }

    /** @throws Failure unless all that was written has been read */
    void requireWell() {
        if (!isFollowed) {
            throw new Failure("Not everything that was redriven was read within " + Durations.format(wait)
                    + ". It stands in its topics; are enricher and sink running?");
        }
        if (unreadAgain > 0) {
            String more = unreadAgain > named.size() ? " and " + (unreadAgain - named.size()) + " more" : "";
            throw new Failure("Redriven, and could not be read again: " + String.join(", ", named) + more
                    + ". kandji-stream deadletters list shows why");
        }
    }
}
