package dev.kandjistream.poller.kafka;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** What a publisher needs of the group that says who owns its ledger partition. Safe for several threads. */
public interface Membership {
    /**
     * Asks the coordinator whether this process owns the ledger partition, now.
     *
     * @return false where it does not, or not any more
     * @throws org.apache.kafka.common.KafkaException while the coordinator cannot be asked
     * @throws InterruptedException when the caller is to stop waiting
     */
    boolean confirm(int partition) throws InterruptedException;

    /** Names this member and its generation to the coordinator, which refuses those of a former one. */
    ConsumerGroupMetadata metadata();
}
