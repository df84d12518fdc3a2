package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that cannot be read, on its way to the dead letters: key, value and headers as received, and beside them
 * {@link DeadLetterHeaders}. It goes in the transaction that moves past it, so there is one letter a record.
 */
final class DeadLetters {
    private DeadLetters() {}

    static Record<byte[], byte[]> letter(
            Record<byte[], byte[]> record, RecordMetadata origin, UnreadableRecordException fault) {
        var headers = new RecordHeaders(record.headers());
        add(headers, DeadLetterHeaders.CAUSE, fault.getMessage());
        add(headers, DeadLetterHeaders.BY, "enricher");
        add(headers, DeadLetterHeaders.TOPIC, origin.topic());
        add(headers, DeadLetterHeaders.PARTITION, String.valueOf(origin.partition()));
        add(headers, DeadLetterHeaders.OFFSET, String.valueOf(origin.offset()));
        return record.withHeaders(headers);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
