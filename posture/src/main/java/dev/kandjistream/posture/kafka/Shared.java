package dev.kandjistream.posture.kafka;

/**
 * One object for equal ones, as far as a table of fixed size remembers: a million devices have a few hundred models between
 * them. Values live in sets of {@value #WAYS}; what was used longest ago goes first. For one thread.
 */
final class Shared<T> {
    private static final int WAYS = 4;

    private final Object[] slots;
    private final int mask;

    /** @param size how many to remember; a power of two */
    Shared(int size) {
        slots = new Object[size];
        mask = size - 1 & -WAYS;
    }

    /** @return an equal object, perhaps the one given; null for null */
    @SuppressWarnings("unchecked") // what is in a slot was given to this method
    T of(T value) {
        if (value == null) {
            return null;
        }
        int hash = value.hashCode() * 0x9E3779B1;
        int first = hash >>> 12 & mask;
        Object known = value;
        int at = first;
        while (at < first + WAYS - 1 && !value.equals(slots[at])) {
            at++;
        }
        if (value.equals(slots[at])) {
            known = slots[at];
        }
        System.arraycopy(slots, first, slots, first + 1, at - first);
        slots[first] = known;
        return (T) known;
    }
}
