package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Decision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Decisions on their way to the topic, and the count of them. A decision waits from {@link #add} until it is finished, written
 * or lost, also while the broker's client has it; of those that wait there are never more than the capacity.
 *
 * <p>All is under one lock, held for some instructions at a time: so whoever adds is not kept, and added = written + lost +
 * waiting at any moment.
 */
final class DecisionQueue {

    /** How many there were since the start, and wait now. */
    record Tally(long added, long written, long lost, int waiting) {}

    private final int capacity;
    private final LongSupplier nanos;
    private final ArrayDeque<Decision> queue = new ArrayDeque<>();
    private long added;
    private long written;
    private long lost;
    private int waiting;
    private boolean stopped;
    /** When one was finished last, or began to wait while no other did. */
    private long movedAt;

    /** @param nanos a clock that runs evenly */
    DecisionQueue(int capacity, LongSupplier nanos) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        this.capacity = capacity;
        this.nanos = nanos;
    }

    /** Takes it, or counts it as lost where there is no room, or after {@link #stop}. */
    synchronized void add(Decision decision) {
        added++;
        if (stopped || waiting == capacity) {
            lost++;
            return;
        }
        if (waiting == 0) {
            movedAt = nanos.getAsLong();
        }
        waiting++;
        queue.add(decision);
        notifyAll();
    }

    /** The next to be handed over; it stays where it is. @return null where none came in time, or was there after the stop */
    synchronized Decision next(Duration patience) throws InterruptedException {
        if (queue.isEmpty() && !stopped) {
            wait(Math.max(1, patience.toMillis()));
        }
        return queue.peek();
    }

    /** The next one has left the queue; it waits until it is finished. */
    synchronized void handedOver() {
        queue.remove();
    }

    /** One that was handed over is in the topic, or never will be. */
    synchronized void finished(boolean isWritten) {
        waiting--;
        movedAt = nanos.getAsLong();
        if (isWritten) {
            written++;
        } else {
            lost++;
        }
    }

    /** Takes no more; what waits goes on waiting. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Counts what is in the queue as lost. */
    synchronized void abandon() {
        lost += queue.size();
        waiting -= queue.size();
        queue.clear();
    }

    /** For how long some have waited and none was finished; zero where none waits. */
    synchronized Duration standstill() {
        return waiting == 0 ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - movedAt);
    }

    synchronized Tally tally() {
        return new Tally(added, written, lost, waiting);
    }
}
