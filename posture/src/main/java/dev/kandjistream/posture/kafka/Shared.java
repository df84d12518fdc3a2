package dev.kandjistream.posture.kafka;

/**
 * One object for equal ones, as far as a table of fixed size remembers: a million devices have a few hundred models between
 * them. Values live in sets of {@value #WAYS}; of a set, what was used longest ago goes first. For one thread.
 */
final class Shared<T> {
    private static final int WAYS = 4;

    private final Object[] values;
    /** Beside the values, so that most of what is not equal need not be looked at. */
    private final int[] hashes;

    private final int mask;

    /** @param size how many to remember; a power of two */
    Shared(int size) {
        values = new Object[size];
        hashes = new int[size];
        mask = (size - 1) & -WAYS;
    }

    /** @return an equal object, perhaps the one given; null for null */
    @SuppressWarnings("unchecked") // what is in the table was given to this method
    T of(T value) {
        if (value == null) {
            return null;
        }
        int hash = value.hashCode() * 0x9E3779B1;
        int first = hash >>> 12 & mask;
        int last = first + WAYS - 1;
        int at = first;
        while (at < last && !isAt(at, hash, value)) {
            at++;
        }
        Object known = isAt(at, hash, value) ? values[at] : value;
        System.arraycopy(values, first, values, first + 1, at - first);
        System.arraycopy(hashes, first, hashes, first + 1, at - first);
        values[first] = known;
        hashes[first] = hash;
        return (T) known;
    }

    private boolean isAt(int index, int hash, T value) {
        return hashes[index] == hash && value.equals(values[index]);
    }
}
