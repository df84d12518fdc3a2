package dev.kandjistream.simulator.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Faults switched on by code:
 *
 * <pre>{@code
 * faults.on(Endpoint.PRISM_APPS).after(3).times(2).status(500); // the 4th and 5th request from now
 * faults.on().delay(Duration.ofSeconds(2)); // every endpoint, until cleared
 * }</pre>
 *
 * They act on requests that passed quota, token and permission. Safe for several threads.
 */
public final class Faults {
    /**
     * A fault as it stands.
     *
     * @param endpoints where; empty for everywhere
     * @param skip requests still let through first
     * @param left requests still hit; negative for no end
     */
    public record Fault(Set<Endpoint> endpoints, int skip, int left, Effect effect) {
        private boolean concerns(Endpoint endpoint) {
            return endpoints.isEmpty() || endpoints.contains(endpoint);
        }
    }

    private static final int NO_END = -1;

    private final List<Fault> faults = new ArrayList<>();

    Faults() {}

    /** A fault for these endpoints, or for all if none is named; say what it does next. */
    public Choice on(Endpoint... endpoints) {
        return new Choice(Set.of(endpoints), 0, NO_END);
    }

    /** Ends all faults. */
    public synchronized void clear() {
        faults.clear();
    }

    /** Those still acting or waiting. */
    public synchronized List<Fault> standing() {
        return List.copyOf(faults);
    }

    synchronized void add(Fault fault) {
        faults.add(fault);
    }

    /** What hits this request; counts it. */
    synchronized List<Effect> take(Endpoint endpoint) {
        var hits = new ArrayList<Effect>();
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            if (!fault.concerns(endpoint)) {
                continue;
            }
            if (fault.skip > 0) {
                faults.set(i, new Fault(fault.endpoints, fault.skip - 1, fault.left, fault.effect));
            } else {
                hits.add(fault.effect);
                faults.set(i, new Fault(fault.endpoints, 0, fault.left < 0 ? NO_END : fault.left - 1, fault.effect));
            }
        }
        faults.removeIf(fault -> fault.left == 0);
        return hits;
    }

    /** Where and how often; each of its last methods switches a fault on. */
    public final class Choice {
        private final Set<Endpoint> endpoints;
        private final int skip;
        private final int times;

        private Choice(Set<Endpoint> endpoints, int skip, int times) {
            this.endpoints = endpoints;
            this.skip = skip;
            this.times = times;
        }

        /** Lets so many requests through first. */
        public Choice after(int requests) {
            return new Choice(endpoints, requests, times);
        }

        /** Hits so many requests and ends; without it, until {@link #clear}. */
        public Choice times(int requests) {
            if (requests < 1) {
                throw new IllegalArgumentException("times must be at least 1, was " + requests);
            }
            return new Choice(endpoints, skip, requests);
        }

        public void status(int status) {
            with(new Effect.Status(status, null));
        }

        public void status(int status, Duration retryAfter) {
            with(new Effect.Status(status, retryAfter));
        }

        public void delay(Duration by) {
            with(new Effect.Delay(by));
        }

        /** {@code java.net.http} asks a second time by itself then: one request of such a client may use up two of these. */
        public void hangUp() {
            with(new Effect.HangUp());
        }

        public void cutBody() {
            with(new Effect.CutBody());
        }

        public void html() {
            with(new Effect.HtmlInstead());
        }

        public void emptyPage() {
            with(new Effect.EmptyPage());
        }

        public void shortPage(int rows) {
            with(new Effect.ShortPage(rows));
        }

        public void cappedPage(int rows) {
            with(new Effect.CappedPage(rows));
        }

        public void emptyFleet() {
            with(new Effect.EmptyFleet());
        }

        public void noUsers() {
            with(new Effect.NoUsers());
        }

        public void repeatedCursor() {
            with(new Effect.RepeatedCursor());
        }

        public void expiredCursor() {
            with(new Effect.ExpiredCursor());
        }

        public void noCursor() {
            with(new Effect.NoCursor());
        }

        public void shift(int rows) {
            with(new Effect.Shift(rows));
        }

        /** @param total null for {@code null} */
        public void total(Long total) {
            with(new Effect.Total(total));
        }

        /** @param columns whose conditions are passed over; none for the whole filter, even one that is no JSON */
        public void ignoredFilter(String... columns) {
            with(new Effect.IgnoredFilter(Set.of(columns)));
        }

        public void foreignNext() {
            with(new Effect.ForeignNext());
        }

        public void slowBody(int bytes, Duration pause) {
            with(new Effect.SlowBody(bytes, pause));
        }

        /** The word is not documented; {@code failed} here. For another, {@link #with} an {@link Effect.FailedExport}. */
        public void failedExport(String errorMsg) {
            with(new Effect.FailedExport("failed", errorMsg));
        }

        public void pendingExport() {
            with(new Effect.PendingExport());
        }

        public void unnamedExport() {
            with(new Effect.UnnamedExport());
        }

        public void expiredLink() {
            with(new Effect.ExpiredLink());
        }

        public void hugeFile(long bytes) {
            with(new Effect.HugeFile(bytes));
        }

        /** Runs on the server's thread before the answer; it may change the fleet. */
        public void before(Runnable happening) {
            with(new Effect.Before(happening));
        }

        public void with(Effect effect) {
            add(new Fault(endpoints, skip, times, effect));
        }
    }
}
