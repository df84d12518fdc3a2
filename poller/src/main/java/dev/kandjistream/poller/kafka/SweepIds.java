package dev.kandjistream.poller.kafka;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids of publishing transactions: UUIDs of version 7 (RFC 9562), whose text sorts by time. Unique over all pollers. Ids made
 * here ascend within a millisecond, when the clock steps back, and after ids that another poller made ({@link #follow}): the
 * enricher uses them to decide which of two records of a device is older.
 */
final class SweepIds {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COUNTER_LIMIT = 1 << 12;

    private long lastMillis;
    private int counter;

    /** All ids made from now on are greater than this one. */
    synchronized void follow(String id) {
        long most = UUID.fromString(id).getMostSignificantBits();
        long millis = most >>> 16;
        if (millis >= lastMillis) {
            int others = (int) (most & COUNTER_LIMIT - 1);
            counter = millis == lastMillis ? Math.max(counter, others) : others;
            lastMillis = millis;
        }
    }

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
