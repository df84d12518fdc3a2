package dev.kandjistream.standalone.chaos;

import dev.kandjistream.simulator.truth.Truth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every truth that a fleet ever had, each with the time in which it may have been seen. Around a change both the old and the
 * new one may.
 */
final class TruthHistory {
    /** @param until null for the present one */
    private record State(Instant from, Instant until, Truth truth) {
        boolean meets(Instant begin, Instant end) {
            return !from.isAfter(end) && (until == null || !until.isBefore(begin));
        }
    }

    private final List<State> states = new ArrayList<>();

    /**
     * A change of the fleet.
     *
     * @param begun just before it
     * @param ended just after it
     */
    synchronized void changed(Instant begun, Instant ended, Truth truth) {
        if (!states.isEmpty()) {
            State last = states.remove(states.size() - 1);
            states.add(new State(last.from, ended, last.truth));
        }
        states.add(new State(begun, null, truth));
    }

    /** Whether that was so of any truth which could be seen between the two moments, both included. */
    synchronized boolean wasEver(Instant begin, Instant end, Predicate<Truth> so) {
        return states.stream().anyMatch(state -> state.meets(begin, end) && so.test(state.truth));
    }

    synchronized int size() {
        return states.size();
    }
}
