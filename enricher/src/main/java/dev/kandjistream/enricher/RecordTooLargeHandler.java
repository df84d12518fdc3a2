package dev.kandjistream.enricher;

import dev.kandjistream.schemas.RecordLimits;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * Learns from a refusal what a topic allows. The thread fails all the same, and its replacement does not send such a record
 * again. Made by Kafka Streams by name.
 */
public final class RecordTooLargeHandler implements ProductionExceptionHandler {
    /** Name under which the settings hold the {@link RecordLimits}. */
    static final String LIMITS = "kandji.stream.record.limits";

    private RecordLimits limits;

    @Override
    public void configure(Map<String, ?> settings) {
        limits = (RecordLimits) settings.get(LIMITS);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
        if (failure instanceof RecordTooLargeException tooLarge && limits != null) {
            limits.refused(
                    record.topic(), RecordLimits.besides(record.key(), record.headers()), record.value(), tooLarge);
        }
        return Response.fail();
    }
}
