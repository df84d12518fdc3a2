package dev.kandjistream.poller.kafka;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids of publishing transactions: UUIDs of version 7 (RFC 9562), whose text sorts by time. Unique over all pollers; those
 * made here also ascend within a millisecond and when the clock steps back.
 */
final class SweepIds {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COUNTER_LIMIT = 1 << 12;

    private long lastMillis;
    private int counter;

    synchronized String next(long now) {
        if (now > lastMillis) {
            lastMillis = now;
            counter = RANDOM.nextInt(COUNTER_LIMIT / 2);
        } else if (++counter == COUNTER_LIMIT) {
            lastMillis++;
            counter = 0;
        }
        long most = lastMillis << 16 | 0x7000 | counter;
        long least = RANDOM.nextLong() >>> 2 | 0x8000000000000000L;
        return new UUID(most, least).toString();
    }
}
