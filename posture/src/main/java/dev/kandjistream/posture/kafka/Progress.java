package dev.kandjistream.posture.kafka;

import java.time.Duration;
import java.util.Optional;

/** How far the view has come; told by one thread, asked by all. */
final class Progress {
    private final Duration patience;
    private final Trouble broker = new Trouble("broker");
    private final Trouble registry = new Trouble("schema registry");

    private volatile String catchingUp = "starting";
    private volatile long records;
    private volatile boolean everFollowed;
    private volatile boolean everCaughtUp;
    private volatile long followedAt = System.nanoTime();
    private volatile long movedAt = followedAt;

    /** @param patience how long there may be no progress before it is told */
    Progress(Duration patience) {
        this.patience = patience;
    }

    Trouble broker() {
        return broker;
    }

    Trouble registry() {
        return registry;
    }

    /** @param why in words */
    void catchingUp(String why) {
        catchingUp = why;
    }

    void caughtUp() {
        everCaughtUp = true;
        catchingUp = null;
    }

    boolean everCaughtUp() {
        return everCaughtUp;
    }

    boolean isCatchingUp() {
        return catchingUp != null;
    }

    /** Something was read. */
    void moved() {
        movedAt = System.nanoTime();
    }

    /** @param at {@link System#nanoTime} of a moment; all that was published until then is in the view */
    void followed(long at) {
        followedAt = at;
        everFollowed = true;
    }

    void lag(long toBeRead) {
        records = toBeRead;
    }

    long lag() {
        return records;
    }

    /** Time since all that was published was in the view; NaN where it never was. */
    double secondsBehind() {
        return everFollowed ? (System.nanoTime() - followedAt) / 1e9 : Double.NaN;
    }

    /** Why the view is not to be relied on, in words; empty where it is. */
    Optional<String> notReady() {
        String why = catchingUp;
        if (why != null) {
            return Optional.of(why + "; " + lag() + " records to go" + reasons());
        }
        // Behind alone is no reason: when much changes at once, all replicas are, and answer all the same.
        long now = System.nanoTime();
        long standsSince = Math.min(now - movedAt, now - followedAt);
        return standsSince <= patience.toNanos()
                ? Optional.empty()
                : Optional.of("the topics could not be followed for "
                        + Duration.ofNanos(now - followedAt).toSeconds() + " s" + reasons());
    }

    private String reasons() {
        return broker.reason().map(reason -> "; waiting for the " + reason).orElse("")
                + registry.reason().map(reason -> "; waiting for the " + reason).orElse("");
    }
}
