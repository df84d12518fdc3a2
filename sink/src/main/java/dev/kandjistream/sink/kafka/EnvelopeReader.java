package dev.kandjistream.sink.kafka;

import dev.kandjistream.change.Source;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Event;
import java.time.Instant;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** The envelope of any change topic to a row. The envelopes are classes of their own, with one shape: so by name of field. */
final class EnvelopeReader {
    private final CurrentTable table;
    private final EntityReader entity;
    private final int before;
    private final int after;
    private final int op;
    private final int emitted;
    private final int source;
    private final int eventId;
    private final int eventType;
    private final int cause;
    private final int collectedAt;
    private final int observedAt;

    EnvelopeReader(CurrentTable table, Schema envelope) {
        this.table = table;
        before = envelope.getField("before").pos();
        after = envelope.getField("after").pos();
        op = envelope.getField("op").pos();
        emitted = envelope.getField("ts_ms").pos();
        source = envelope.getField("source").pos();
        eventId = envelope.getField("event_id").pos();
        eventType = envelope.getField("event_type").pos();
        cause = envelope.getField("cause").pos();
        collectedAt = envelope.getField("collected_at").pos();
        observedAt = envelope.getField("observed_at").pos();
        entity = new EntityReader(
                table, envelope.getField("after").schema().getTypes().get(1));
    }

    ChangeRow read(String key, SpecificRecord envelope) {
        var event = new Event(
                uuid((String) envelope.get(eventId)),
                (String) envelope.get(eventType),
                (String) envelope.get(cause),
                (String) envelope.get(op),
                ((Source) envelope.get(source)).getSweepId(),
                (Instant) envelope.get(collectedAt),
                (Instant) envelope.get(observedAt),
                Instant.ofEpochMilli((Long) envelope.get(emitted)),
                entity.values((SpecificRecord) envelope.get(before)),
                entity.values((SpecificRecord) envelope.get(after)));
        return ChangeRow.of(table, key, event);
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new BadRecord("event_id must be a UUID, was " + text, e);
        }
    }
}
