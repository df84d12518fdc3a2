package dev.kandjistream.sink.jdbc;

import java.util.Map;

/**
 * A sweep that has not come through yet.
 *
 * @param rawEndOffsets offset after its last raw record, by {@code topic/partition}; never empty
 */
public record PendingSweep(String sweepId, Map<String, Long> rawEndOffsets) {}
