package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.kafka.Intake.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the view counts. Records read = stored + removed + passed + unreadable. */
final class ViewMetrics {
    private final MeterRegistry registry;
    private final Map<String, Map<Outcome, Counter>> records = new HashMap<>();
    private final Counter readAgain;
    private volatile double catchUpSeconds = Double.NaN;

    /** @param topics whose records are counted */
    ViewMetrics(MeterRegistry registry, List<String> topics) {
        this.registry = registry;
        for (String topic : topics) {
            Map<Outcome, Counter> ofTopic = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                ofTopic.put(outcome, records(topic, outcome));
            }
            records.put(topic, ofTopic);
        }
        readAgain = Counter.builder("posture.view.rereads")
                .description(
                        "Times the topics were read again from the beginning: created anew, or cut before they were read")
                .register(registry);
        gauge("posture.view.catch.up.seconds", "Time the latest reading from the beginning took", () -> catchUpSeconds);
    }

    void watch(Supplier<Picture> shown, Progress progress, Supplier<Optional<String>> notReady) {
        gauge("posture.view.devices", "Devices in the view", () -> shown.get()
                .fleet()
                .devices());
        gauge(
                "posture.view.without.serial",
                "Devices in the view that have no serial number and are not found",
                () -> shown.get().fleet().withoutSerial());
        gauge("posture.view.serials.shared", "Serial numbers that several devices have", () -> shown.get()
                .fleet()
                .sharedSerials());
        gauge("posture.view.unconfirmed", "Devices in the view that are not fully confirmed", () -> shown.get()
                .fleet()
                .unconfirmed());
        gauge(
                "posture.view.undecodable",
                "Devices whose latest record cannot be decoded, devices never known included",
                () -> shown.get().fleet().undecodable());
        gauge("posture.view.lag.records", "Records that are published and not yet in the view", progress::lag);
        gauge(
                "posture.view.behind.seconds",
                "Since all that was published was in the view; grows while the broker is away; NaN before the first time",
                progress::secondsBehind);
        gauge(
                "posture.view.ready",
                "1 where the view can be relied on, else 0",
                () -> notReady.get().isEmpty() ? 1 : 0);
    }

    void read(String topic, Outcome outcome) {
        records.get(topic).get(outcome).increment();
    }

    void caughtUp(Duration took) {
        catchUpSeconds = took.toMillis() / 1e3;
    }

    void readAgain() {
        readAgain.increment();
    }

    private Counter records(String topic, Outcome outcome) {
        return Counter.builder("posture.view.records")
                .description("Records read, by what became of them")
                .tags("topic", topic, "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }
}
