package dev.kandjistream.enricher.domain;

/**
 * One change of one key, as an event tells it.
 *
 * @param before what stood there; null for baseline and created
 * @param after what stands there now; null for deleted
 */
public record Change<T>(EventType type, Op op, Cause cause, T before, T after) {
    public Change {
        if ((before == null) != (op == Op.BASELINE || op == Op.CREATED) || (after == null) != (op == Op.DELETED)) {
            throw new IllegalArgumentException(
                    "op " + op + " does not fit: before " + (before != null) + ", after " + (after != null));
        }
    }

    /** A state that is told again, without anything having happened. */
    public static <T> Change<T> replay(EventType type, T state) {
        return new Change<>(type, Op.BASELINE, Cause.REPLAY, null, state);
    }
}
