package dev.kandjistream.schemas;

/**
 * One topic: its full name, what its values are, how long they stay.
 *
 * @param name full name, prefix included
 * @param valueType class of the values; {@code byte[]} where they are opaque. Keys are always UTF-8 text, see {@link Keys}
 * @param retention what the broker may forget
 * @param partitions how many partitions a missing topic is created with
 * @param maxRecordBytes {@code max.message.bytes} that a missing topic is created with
 */
public record Topic<V>(String name, Class<V> valueType, Retention retention, int partitions, int maxRecordBytes) {

    /** What the broker may forget. */
    public enum Retention {
        /** The last value per key for ever. */
        COMPACTED,
        /** Every value for 30 days, then the last per key for ever. */
        COMPACTED_AFTER_30_DAYS,
        /** Every value for 30 days. */
        DELETED_AFTER_30_DAYS,
        /** The last value per key, and nothing that is older than an hour: what is so for the moment. */
        FORGOTTEN_AFTER_AN_HOUR
    }

    /** With the default limit of a record. */
    public Topic(String name, Class<V> valueType, Retention retention, int partitions) {
        this(name, valueType, retention, partitions, RecordLimits.DEFAULT);
    }
}
