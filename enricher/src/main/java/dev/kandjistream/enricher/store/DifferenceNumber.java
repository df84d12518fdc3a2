package dev.kandjistream.enricher.store;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Number of a difference between a partition of devices and the users. The differences of one source reach each partition of
 * users in ascending order, so one that is read again is recognised without any clock.
 *
 * @param source made when a partition's store of devices begins. A store that is derived anew is another source, so that
 *     no one reads numbers of the former one
 * @param number ascends within the source, from 1
 */
public record DifferenceNumber(UUID source, long number) {
    private static final int BYTES = 3 * Long.BYTES;

    /** Before the first difference of a new store. */
    public static DifferenceNumber beforeFirst() {
        return new DifferenceNumber(UUID.randomUUID(), 0);
    }

    public DifferenceNumber next() {
        return new DifferenceNumber(source, number + 1);
    }

    /** Source and number, 24 bytes. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(source.getMostSignificantBits())
                .putLong(source.getLeastSignificantBits())
                .putLong(number)
                .array();
    }

    /** Reads what {@link #bytes} wrote. */
    public static DifferenceNumber of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalStateException("Expected " + BYTES + " bytes of a number, found " + bytes.length);
        }
        var in = ByteBuffer.wrap(bytes);
        return new DifferenceNumber(new UUID(in.getLong(), in.getLong()), in.getLong());
    }
}
