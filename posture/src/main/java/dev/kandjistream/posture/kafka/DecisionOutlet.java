package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Decision;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Where decisions leave for their topic. Used by one thread. */
interface DecisionOutlet {

    /**
     * Prepares to write, so that an obstacle is known before there is a decision. Does nothing if it is ready.
     *
     * @throws RuntimeException as {@link #send}
     */
    void prepare();

    /** Why some decisions will never be written, though others are; empty if none is known. For any thread; returns at once. */
    default Optional<String> shortcoming() {
        return Optional.empty();
    }

    /**
     * Takes a decision, perhaps after some seconds.
     *
     * @param outcome told once, on any thread: null when the decision is in the topic, else why it never will be
     * @throws RuntimeException where it was not taken, for want of a broker or a registry; then the outcome is never told, and
     *     the same decision may be sent again
     */
    void send(Decision decision, Consumer<Throwable> outcome);

    /** Gives what was taken so long to arrive. When it returns, every outcome was told. */
    void close(Duration limit);
}
