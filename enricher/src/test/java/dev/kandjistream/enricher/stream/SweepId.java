package dev.kandjistream.enricher.stream;

import java.time.Instant;
import java.util.UUID;

/** Sweep ids as the poller makes them: UUIDs of version 7, whose text sorts by the time of publishing. */
final class SweepId {
    private SweepId() {}

    /** The id of a sweep that is published at this time. */
    static String at(Instant published) {
        long most = published.toEpochMilli() << 16 | 0x7000;
        return new UUID(most, 0x8000_0000_0000_0001L).toString();
    }
}
