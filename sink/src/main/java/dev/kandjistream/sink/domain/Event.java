package dev.kandjistream.sink.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A change event, as its envelope says.
 *
 * @param before values of the entity's columns before, in the order of {@link CurrentTable#columns}; null for op r and c
 * @param after the same after; null for op d
 * @param op r, c, u or d
 * @param collectedAt null where apps played no part
 * @param emittedAt when the event was made
 */
public record Event(
        UUID id,
        String type,
        String cause,
        String op,
        String sweepId,
        Instant collectedAt,
        Instant observedAt,
        Instant emittedAt,
        List<Object> before,
        List<Object> after) {
    private static final String REPLAY = "REPLAY";

    /** Whether it tells a state again, on request: history may know it. */
    public boolean isReplay() {
        return REPLAY.equals(cause);
    }
}
