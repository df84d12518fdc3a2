package dev.kandjistream.sink.domain;

/**
 * How far a batch takes the sink in one partition. Gaps between {@code to} and the last record are normal: transaction
 * markers and compacted records take offsets too.
 *
 * @param from where we believe to stand; the database must agree
 * @param to offset to be read next once the batch is written
 * @param caughtUp whether nothing was left to read when the batch was fetched
 */
public record Advance(Partition partition, Position from, long to, boolean caughtUp) {

    /** Where the sink stands once the batch is written. */
    public Position reached() {
        return from.advancedTo(to);
    }

    /** Whether this brings a rebuild to its end. */
    public boolean endsRebuild() {
        return from.rebuilding() && !reached().rebuilding();
    }
}
