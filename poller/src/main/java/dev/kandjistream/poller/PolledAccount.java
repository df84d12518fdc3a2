package dev.kandjistream.poller;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One account as it is configured now: its sweeps, and a lane for each kind of them. */
record PolledAccount(AccountSweeps sweeps, Map<Kind, Lane> lanes) {
    AccountConfig config() {
        return sweeps.account();
    }

    Lane lane(Kind kind) {
        return lanes.get(kind);
    }

    /** The devices first: people see devices and seats long before the apps are through. Changes are looked for last. */
    void begin() {
        lane(Kind.DEVICES).sweep().whenComplete((receipt, error) -> {
            lane(Kind.APPS).sweepWhenDue();
            lane(Kind.TARGETED).sweepWhenDue();
            lane(Kind.DELTA).sweepWhenDue();
        });
    }

    /** The account goes to another poller, and may come back. */
    void suspend() {
        lanes.values().forEach(Lane::suspend);
    }

    /** What is being read is given up. */
    void cancel() {
        lanes.values().forEach(Lane::cancel);
    }

    /** What is being read is published still. */
    void retire() {
        lanes.values().forEach(Lane::retire);
    }

    /** Done when nothing that it began can still be published. */
    CompletableFuture<Void> ended() {
        return all(lanes.values().stream().map(Lane::ended).toList());
    }

    private static CompletableFuture<Void> all(Collection<CompletableFuture<Void>> ends) {
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }
}
