package dev.kandjistream.sink.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * A position as the database remembers it.
 *
 * @param logBegin first offset of the log when the position's generation began
 * @param partitions how many partitions the topic had then; 0: unknown
 * @param unbacked what the topic lost, so that rows of an older generation stand without a record; empty: every row has one
 * @param caughtUpAt when the sink last knew that it had read all there was
 */
public record StoredPosition(
        Position position, long logBegin, int partitions, Optional<Loss> unbacked, Instant caughtUpAt) {}
