package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.serde.RegistryException;
import dev.kandjistream.schemas.serde.SerdeFault;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** What an error at one record means: is the record to blame, or can it not be read now? */
final class Unreadable {
    private Unreadable() {}

    /** Whether the record cannot be read now or later. Otherwise registry or broker are to blame, and it waits. */
    static boolean isOfRecord(RuntimeException failure) {
        boolean isOfClient = failure instanceof KafkaException && !(failure instanceof SerializationException);
        return !isOfClient && !SerdeFault.isOfRegistry(failure);
    }

    /**
     * The same, where ids are not compared with those that records were read with ({@code TrustedSerdes}): then an id that
     * the registry does not know says nothing about the record.
     */
    static boolean isOfRecordWithKnownId(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryException) {
                return false;
            }
        }
        return isOfRecord(failure);
    }
}
