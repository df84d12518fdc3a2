package dev.kandjistream.standalone.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What runs in this process and how it fares. Parts are announced before they start, so that waiting for them shows. */
public final class Health {

    /**
     * One part of the process.
     *
     * @param notReady why it cannot do its work just now, in words; empty where it can
     * @param failure why it stopped for good; empty where it did not
     * @param needsOperator what only an operator can put right, in words; it is then not ready, and goes on with what it can do
     */
    public record Part(
            Supplier<Optional<String>> notReady,
            Supplier<Optional<Throwable>> failure,
            Supplier<Optional<String>> needsOperator) {

        /** One that needs no operator ever. */
        public Part(Supplier<Optional<String>> notReady, Supplier<Optional<Throwable>> failure) {
            this(notReady, failure, Optional::empty);
        }
    }

    /**
     * How a part fares at this moment.
     *
     * @param reason why it is not ready or has failed; empty where it is ready
     * @param failed whether it stopped for good, so that only a new start helps
     */
    public record State(String name, Optional<String> reason, boolean failed) {
        public boolean ready() {
            return reason.isEmpty();
        }
    }

    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** Says that a part of this name is on its way. */
    public synchronized void starting(String name) {
        parts.put(name, new Part(() -> Optional.of("starting"), Optional::empty));
    }

    /** Says how the part of this name fares from now on. */
    public synchronized void watch(String name, Part part) {
        parts.put(name, part);
    }

    /** Says that a part runs, for those that have nothing more to tell: a broker, a database. */
    public synchronized void running(String name) {
        parts.put(name, new Part(Optional::empty, Optional::empty));
    }

    /** Says that the part of this name was stopped on purpose. */
    public synchronized void stopped(String name) {
        parts.put(name, new Part(() -> Optional.of("stopped"), Optional::empty));
    }

    /** Every part, in the order of their announcement. */
    public List<State> states() {
        List<State> states = new ArrayList<>();
        parts().forEach((name, part) -> states.add(state(name, part)));
        return states;
    }

    /** The first part that stopped for good; empty while none did. */
    public Optional<State> failed() {
        return states().stream().filter(State::failed).findFirst();
    }

    /** Whether every part is ready; false while there is none. */
    public boolean ready() {
        List<State> states = states();
        return !states.isEmpty() && states.stream().allMatch(State::ready);
    }

    /** Whether every part has done what it can do without an operator; false while there is none. */
    public boolean started() {
        return !parts().isEmpty()
                && parts().entrySet().stream()
                        .allMatch(part -> state(part.getKey(), part.getValue()).ready()
                                || part.getValue().needsOperator().get().isPresent());
    }

    /** What only an operator can put right, part by part. */
    public List<String> needsOperator() {
        return parts().values().stream()
                .map(part -> part.needsOperator().get())
                .flatMap(Optional::stream)
                .toList();
    }

    private synchronized Map<String, Part> parts() {
        return new LinkedHashMap<>(parts);
    }

    private static State state(String name, Part part) {
        Optional<Throwable> failure = part.failure().get();
        return failure.isPresent()
                ? new State(name, Optional.of("failed: " + reason(failure.get())), true)
                : new State(name, part.notReady().get(), false);
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
