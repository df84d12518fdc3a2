package dev.kandjistream.sink.domain;

import java.time.Instant;

/**
 * A position as the database remembers it.
 *
 * @param position its topic id is null where an operator asked for a rebuild by removing it
 * @param caughtUpAt when the sink last knew that it had read all there was
 */
public record StoredPosition(Position position, Instant caughtUpAt) {}
