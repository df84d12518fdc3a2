package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sink.jdbc.Freshness;
import dev.kandjistream.sink.jdbc.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/** What the sink counts. Rows read = rows written to history + removals and state of other topics + dead letters. */
public final class SinkMetrics {
    private final MeterRegistry registry;
    private final Clock clock;
    private final Timer batchSeconds;
    private final DistributionSummary batchRecords;
    private final Counter stripped;
    private final MultiGauge freshness;
    private final MultiGauge replaced;
    private final MultiGauge unbacked;
    private final Map<TopicPartition, Long> lags = new ConcurrentHashMap<>();

    /** @param topics names of the topics whose lag is told */
    public SinkMetrics(MeterRegistry registry, Set<String> topics, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        batchSeconds = Timer.builder("sink.batch")
                .description("Time from the first record of a batch to its commit")
                .register(registry);
        batchRecords = DistributionSummary.builder("sink.batch.records")
                .description("Records in a batch")
                .register(registry);
        stripped = Counter.builder("sink.stripped.characters")
                .description("U+0000 left out of texts, which PostgreSQL cannot hold")
                .register(registry);
        freshness = MultiGauge.builder("sink.freshness")
                .description(
                        "Time since the start of the latest fully read sweep, complete or quarantined: the age of its data")
                .baseUnit("seconds")
                .register(registry);
        replaced = MultiGauge.builder("sink.topics.replaced")
                .description(
                        "1 for each topic that was deleted, created again or cut while rows of it stand in a table")
                .register(registry);
        unbacked = MultiGauge.builder("sink.unbacked.rows")
                .description("Rows of current tables that stand although their topic lost the records they came from")
                .register(registry);
        for (String topic : topics) {
            Gauge.builder("sink.lag.records", () -> lag(topic))
                    .description("Records that are published and not yet in the tables")
                    .tags("topic", topic)
                    .register(registry);
        }
    }

    /** Shows whether records wait. */
    public void watch(BooleanSupplier isHeldUp) {
        Gauge.builder("sink.stopped", () -> isHeldUp.getAsBoolean() ? 1 : 0)
                .description(
                        "1 while records wait: for database, broker or schema registry, or because too many in a row"
                                + " cannot be read")
                .register(registry);
    }

    void batch(int records, Written written, long strippedCharacters, Duration took) {
        batchSeconds.record(took);
        batchRecords.record(records);
        stripped.increment(strippedCharacters);
        written.rows().forEach((table, rows) -> counter("sink.rows", "Rows written or removed", "table", table)
                .increment(rows));
    }

    /** Events that history had already; outside a rebuild, there must be none. */
    void knownEvents(String table, int events, boolean rebuilding) {
        counter(
                        rebuilding ? "sink.reread.events" : "sink.conflicts",
                        rebuilding
                                ? "Events that a rebuild met again, as expected"
                                : "Events whose id history knew already; there must be none",
                        "table",
                        table)
                .increment(events);
    }

    void deadLetter(String topic) {
        counter("sink.dead.letters", "Records sent to the dead letters", "topic", topic)
                .increment();
    }

    void rebuild(String topic, String reason) {
        Counter.builder("sink.rebuilds")
                .description("Partitions whose current rows were rebuilt from the topic")
                .tags("topic", topic, "reason", reason)
                .register(registry)
                .increment();
    }

    void lag(TopicPartition partition, long records) {
        lags.put(partition, records);
    }

    void forgetLag(TopicPartition partition) {
        lags.remove(partition);
    }

    /** Replaces what is told of accounts. */
    public void freshness(List<Freshness> accounts) {
        freshness.register(
                accounts.stream()
                        .map(one -> MultiGauge.Row.of(
                                Tags.of("account", one.accountId(), "kind", one.kind()),
                                () -> Duration.between(one.confirmedAt(), clock.instant())
                                                .toMillis()
                                        / 1000.0))
                        .toList(),
                true);
    }

    /** Replaces what is reported about topics that lost records. */
    public void unbacked(List<UnbackedRows> found) {
        replaced.register(
                found.stream()
                        .map(one -> MultiGauge.Row.of(
                                Tags.of(
                                        "topic",
                                        one.topic(),
                                        "loss",
                                        one.loss().name().toLowerCase(Locale.ROOT)),
                                1))
                        .toList(),
                true);
        unbacked.register(
                found.stream()
                        .map(one -> MultiGauge.Row.of(Tags.of("topic", one.topic()), one.rows()))
                        .toList(),
                true);
    }

    private double lag(String topic) {
        return lags.entrySet().stream()
                .filter(lag -> lag.getKey().topic().equals(topic))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name).description(description).tag(tag, value).register(registry);
    }
}
