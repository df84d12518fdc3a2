package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.DeadLetterCut;
import dev.kandjistream.schemas.DeadLetterHeaders;
import dev.kandjistream.schemas.RecordLimits;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record on its way to the dead letters: key, value and headers as received, cut where they do not fit, and beside them
 * {@link DeadLetterHeaders}. It goes in the transaction that moves past it, so there is one letter a record.
 */
final class DeadLetters {
    private DeadLetters() {}

    static Record<byte[], byte[]> letter(
            Record<byte[], byte[]> record, RecordMetadata origin, String cause, RecordLimits limits, String topic) {
        var headers = new RecordHeaders(record.headers());
        add(headers, DeadLetterHeaders.CAUSE, cause);
        add(headers, DeadLetterHeaders.BY, "enricher");
        add(headers, DeadLetterHeaders.TOPIC, origin.topic());
        add(headers, DeadLetterHeaders.PARTITION, String.valueOf(origin.partition()));
        add(headers, DeadLetterHeaders.OFFSET, String.valueOf(origin.offset()));
        var letter = new DeadLetterCut.Letter(record.key(), record.value(), headers);
        var fitting = DeadLetterCut.fitting(letter, limits, topic);
        return new Record<>(fitting.key(), fitting.value(), record.timestamp(), fitting.headers());
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
