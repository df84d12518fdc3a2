package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.RecordLimits;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Sends a transaction's records, and learns from a refusal what a topic allows. Any failure makes the commit fail, with its cause. */
record ToBroker(RecordLimits limits) {
    /** Headers of a record, about. */
    private static final int HEADERS = 256;

    void send(
            Producer<String, byte[]> producer,
            ProducerRecord<String, byte[]> record,
            Consumer<RecordMetadata> written) {
        producer.send(record, (metadata, failure) -> {
            if (failure == null) {
                written.accept(metadata);
            } else if (failure instanceof RecordTooLargeException tooLarge) {
                limits.refused(record.topic(), besides(record.key()), record.value(), tooLarge);
            }
        });
    }

    static int besides(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length + HEADERS;
    }
}
