package dev.kandjistream.posture;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of decisions: UUIDs of version 7 (RFC 9562), whose text sorts by time. What is random in them is drawn once for each
 * process and tells replicas apart; within it a counter behind the milliseconds makes every id greater than the one before,
 * also within a millisecond and when the clock steps back. So an id costs neither a lock nor randomness. For any number of
 * threads.
 */
final class DecisionIds {
    /** Bits of the counter: what version 7 leaves of its first half. */
    private static final int COUNTER_BITS = 12;

    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
    private static final long VERSION_7 = 0x7000;
    private static final long VARIANT = 0x8000000000000000L;

    /** Milliseconds since 1970 and the counter, of the latest id. A counter that is used up borrows from the next millisecond. */
    private final AtomicLong latest = new AtomicLong();

    private final long process;

    DecisionIds() {
        process = new SecureRandom().nextLong() >>> 2 | VARIANT;
    }

    /** @param now milliseconds since 1970 */
    String next(long now) {
        long first = now << COUNTER_BITS;
        long mine = latest.updateAndGet(before -> Math.max(before + 1, first));
        long most = mine >>> COUNTER_BITS << 16 | VERSION_7 | mine & COUNTER_MASK;
        return new UUID(most, process).toString();
    }
}
