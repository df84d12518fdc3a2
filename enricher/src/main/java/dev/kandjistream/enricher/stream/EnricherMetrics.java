package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.EventType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * What the enricher counts, since this process began; work that a crash undoes is counted again when it is done again.
 * Raw records read = records understood + outdated records + dead letters.
 */
public final class EnricherMetrics {
    private final MeterRegistry registry;
    private final Map<EventType, Counter> events = new EnumMap<>(EventType.class);
    private final Map<String, Counter> records = new ConcurrentHashMap<>();
    private final Map<String, Counter> outdated = new ConcurrentHashMap<>();
    private final Map<String, Counter> replaced = new ConcurrentHashMap<>();
    private final Map<String, Counter> replayed = new ConcurrentHashMap<>();
    private final Map<String, Counter> missedEnds = new ConcurrentHashMap<>();
    private final Map<String, Counter> suppressed = new ConcurrentHashMap<>();
    private final Map<String, Counter> oversized = new ConcurrentHashMap<>();
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();

    public EnricherMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (EventType type : EventType.values()) {
            events.put(
                    type,
                    Counter.builder("enricher.events")
                            .description("Change events made")
                            .tag("type", type.word())
                            .register(registry));
        }
    }

    /** Shows whether records wait. */
    public void watch(BooleanSupplier waits) {
        Gauge.builder("enricher.stopped", () -> waits.getAsBoolean() ? 1 : 0)
                .description(
                        "1 while records wait: for the schema registry, because too many in a row cannot be read, or"
                                + " because a topic has another number of partitions")
                .register(registry);
    }

    void event(EventType type) {
        events.get(type).increment();
    }

    /** A topic was deleted and created again while the enricher ran. */
    public void replaced(String topic) {
        count(replaced, "enricher.topics.replaced", "Topics that were deleted and created again", "topic", topic);
    }

    void replayed(String topic) {
        count(replayed, "enricher.replayed.events", "Events that publish the state again on request", "topic", topic);
    }

    void record(String topic) {
        count(records, "enricher.records", "Raw records read", "topic", topic);
    }

    void outdated(String topic) {
        count(
                outdated,
                "enricher.outdated.records",
                "Records that were ignored because newer ones had been read",
                "topic",
                topic);
    }

    /** A device or its apps ended because the raw topic lacks a record of it. */
    void missedEnd(String topic) {
        count(
                missedEnds,
                "enricher.missed.ends",
                "Devices and lists of apps that ended because their raw topic no longer holds them, after a long absence",
                "topic",
                topic);
    }

    void suppressed(String word) {
        count(suppressed, "enricher.suppressed.apps", "Apps of devices newly left out", "word", word);
    }

    void deadLetter(UnreadableRecordException.Fault fault) {
        count(deadLetters, "enricher.dead.letters", "Raw records that could not be read", "cause", fault.word());
    }

    /** A raw record whose consequences do not fit into a topic. */
    void tooLarge() {
        count(deadLetters, "enricher.dead.letters", "Raw records that could not be read", "cause", "size");
    }

    /** A change that does not fit into a topic and was left out, without a dead letter. */
    void oversized(String topic) {
        count(oversized, "enricher.oversized.changes", "Changes skipped because they are too large", "topic", topic);
    }

    private void count(Map<String, Counter> counters, String name, String description, String tag, String value) {
        counters.computeIfAbsent(value, v -> Counter.builder(name)
                        .description(description)
                        .tag(tag, v)
                        .register(registry))
                .increment();
    }
}
