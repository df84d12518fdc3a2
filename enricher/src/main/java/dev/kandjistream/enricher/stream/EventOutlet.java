package dev.kandjistream.enricher.stream;

import dev.kandjistream.change.Source;
import dev.kandjistream.enricher.domain.Cause;
import dev.kandjistream.enricher.domain.Change;
import dev.kandjistream.enricher.domain.EventId;
import dev.kandjistream.enricher.domain.Evidence;
import dev.kandjistream.enricher.domain.Op;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;

/** Where a processor's change events leave it: the id, the CloudEvents headers, the null record after a deletion. */
final class EventOutlet {
    private static final byte[] SPEC_VERSION = utf8("1.0");

    private final Outbox outbox;
    private final Topics topics;
    private final EventId ids = new EventId();
    private Instant lastObservedAt;
    private byte[] lastTime;

    EventOutlet(Outbox outbox, Topics topics) {
        this.outbox = outbox;
        this.topics = topics;
    }

    /** What every envelope has beside its before and after. */
    record Frame(
            String op, long tsMs, Source source, String eventId, String eventType, String cause, Instant observedAt) {}

    /**
     * The frame of a change in a topic; the topic's last word is the table of the source.
     *
     * @param after the entity as its record says it; null where there is none
     */
    Frame frame(Topic<?> topic, byte[] key, Change<?> change, Evidence evidence, Object after) {
        boolean replay = change.cause() == Cause.REPLAY;
        var source = new Source(
                Version.OF_THIS_BUILD,
                "kandji",
                topics.prefix(),
                evidence.observedAt().toEpochMilli(),
                String.valueOf(replay || change.cause() == Cause.BASELINE),
                evidence.accountId(),
                topic.name().substring(topics.prefix().length() + 1),
                evidence.sweepId());
        return new Frame(
                change.op().word(),
                outbox.now(),
                source,
                replay
                        ? ids.ofReplay(topic.name(), key, change.type(), after.toString())
                        : ids.of(topic.name(), key, change.type(), evidence),
                change.type().word(),
                change.cause().name(),
                evidence.observedAt());
    }

    /** Hands over the event, and the null record where it deletes. */
    <V> void send(
            String sink,
            Topic<V> topic,
            Serializer<V> serializer,
            byte[] key,
            V envelope,
            Frame frame,
            Change<?> change,
            Evidence evidence) {
        var headers = new RecordHeaders();
        headers.add("ce_specversion", SPEC_VERSION);
        headers.add("ce_id", utf8(frame.eventId()));
        headers.add("ce_source", utf8("/kandji/" + evidence.accountId()));
        headers.add("ce_type", utf8("dev.kandjistream." + frame.eventType()));
        headers.add("ce_subject", key);
        headers.add("ce_time", time(frame.observedAt()));
        byte[] value = serializer.serialize(topic.name(), envelope);
        Outbox.Event event = change.cause() == Cause.REPLAY ? Outbox.Event.again() : Outbox.Event.of(change.type());
        outbox.add(sink, topic.name(), new Record<>(key, value, frame.tsMs(), headers), event);
        if (change.op() == Op.DELETED) {
            state(sink, topic, key, null);
        }
    }

    /** Hands over a record that is no event: a state, or the null record that ends one. */
    void state(String sink, Topic<?> topic, byte[] key, byte[] value) {
        outbox.add(sink, topic.name(), new Record<>(key, value, outbox.now()), null);
    }

    /** One record often makes hundreds of events of one time, and formatting it costs more than the rest of the headers. */
    private byte[] time(Instant observedAt) {
        if (!observedAt.equals(lastObservedAt)) {
            lastObservedAt = observedAt;
            lastTime = utf8(observedAt.toString());
        }
        return lastTime;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
