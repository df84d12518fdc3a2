package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.store.ReplayStore;
import dev.kandjistream.enricher.store.ReplayStore.Progress;
import dev.kandjistream.enricher.store.StoredKeys;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Replays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries replays out in one partition, a bounded time at once. Each partition remembers in its store how far it is, in the
 * transaction that publishes the same: a replay goes on after any crash, and each partition carries it out once.
 */
final class ReplayPass {
    private final String step;
    private final int partition;
    private final ReplayRequests requests;
    private final ReplayStore store;
    private final Work work;
    private final Consumer<Replays.Answer> answers;
    private List<Replays.Request> seen;
    private boolean idle;

    /** What there is to be replayed. */
    interface Work {
        /**
         * Keys with their letters.
         *
         * @param beginning of the keys; empty for all
         * @param after null for the first
         */
        StoredKeys keys(String beginning, String after);

        /** Tells what stands under a key. */
        void replay(String key, Replays.Request request, Counts counts);
    }

    /** Records by entity. */
    static final class Counts {
        private final TreeMap<String, Long> records;

        private Counts(Progress before) {
            records = new TreeMap<>(before.records());
        }

        void add(String entity) {
            records.merge(entity, 1L, Long::sum);
        }
    }

    ReplayPass(
            String step,
            int partition,
            ReplayRequests requests,
            ReplayStore store,
            Work work,
            Consumer<Replays.Answer> answers) {
        this.step = step;
        this.partition = partition;
        this.requests = requests;
        this.store = store;
        this.work = work;
        this.answers = answers;
    }

    /** Goes on for a bounded time. */
    void step() {
        List<Replays.Request> open = requests.open();
        if (open == null || open == seen && idle) {
            return;
        }
        if (open != seen) {
            store.keepOnly(open.stream().map(Replays.Request::id).toList());
            seen = open;
        }
        long deadline = System.nanoTime() + RulesPass.STEP.toNanos();
        idle = false;
        for (Replays.Request request : open) {
            Progress before = store.progress(request.id());
            if (!before.done() && !advance(request, before, deadline)) {
                return;
            }
        }
        idle = true;
    }

    /** @return whether it is done */
    private boolean advance(Replays.Request request, Progress before, long deadline) {
        var counts = new Counts(before);
        String reached = before.reached();
        boolean end = false;
        String beginning = request.account() == null ? "" : Keys.of(request.account()) + "/";
        try (StoredKeys keys = work.keys(beginning, reached)) {
            do {
                String key = keys.next();
                end = key == null;
                if (!end) {
                    work.replay(key, request, counts);
                    reached = key;
                }
            } while (!end && System.nanoTime() < deadline);
        }
        store.put(request.id(), new Progress(reached, counts.records, end));
        answers.accept(new Replays.Answer(request.id(), step, partition, counts.records, end));
        return end;
    }
}
