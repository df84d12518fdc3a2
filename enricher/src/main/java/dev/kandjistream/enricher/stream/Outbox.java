package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.EventType;
import dev.kandjistream.schemas.RecordLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** What one record comes to, on its way out: once it is known that all of it fits into its topics, all of it goes. */
final class Outbox {
    private record Item(String sink, String topic, Record<byte[], byte[]> record, Event event) {}

    /** An event to be counted. @param type null for one that is told again */
    record Event(EventType type) {
        static Event of(EventType type) {
            return new Event(type);
        }

        static Event again() {
            return new Event(null);
        }
    }

    private final ProcessorContext<byte[], byte[]> context;
    private final RecordLimits limits;
    private final EnricherMetrics metrics;
    private final List<Item> items = new ArrayList<>();

    Outbox(ProcessorContext<byte[], byte[]> context, RecordLimits limits, EnricherMetrics metrics) {
        this.context = context;
        this.limits = limits;
        this.metrics = metrics;
    }

    long now() {
        return context.currentSystemTimeMs();
    }

    /** @param event to be counted once it is sent; null for a record that is no event */
    void add(String sink, String topic, Record<byte[], byte[]> record, Event event) {
        items.add(new Item(sink, topic, record, event));
    }

    /** Which of the records does not fit; empty where all do. */
    Optional<RecordLimits.Excess> excess() {
        for (Item item : items) {
            Optional<RecordLimits.Excess> excess = excess(item.topic(), item.record());
            if (excess.isPresent()) {
                return excess;
            }
        }
        return Optional.empty();
    }

    Optional<RecordLimits.Excess> excess(String topic, Record<byte[], byte[]> record) {
        return limits.excess(topic, RecordLimits.besides(record.key(), record.headers()), record.value());
    }

    /** Takes out what does not fit. */
    void removeExcess(BiConsumer<byte[], RecordLimits.Excess> told) {
        items.removeIf(item -> {
            Optional<RecordLimits.Excess> excess = excess(item.topic(), item.record());
            excess.ifPresent(found -> told.accept(item.record().key(), found));
            return excess.isPresent();
        });
    }

    void send() {
        for (Item item : items) {
            context.forward(item.record(), item.sink());
            if (item.event() != null) {
                count(item);
            }
        }
        items.clear();
    }

    private void count(Item item) {
        if (item.event().type() == null) {
            metrics.replayed(item.topic());
        } else {
            metrics.event(item.event().type());
        }
    }

    void clear() {
        items.clear();
    }
}
