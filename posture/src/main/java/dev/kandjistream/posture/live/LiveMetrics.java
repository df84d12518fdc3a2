package dev.kandjistream.posture.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What live lookups count. Each question counts once: shared and remembered ones as such, others by what came of them. */
final class LiveMetrics {
    static final String SHARED = "shared";
    static final String REMEMBERED = "remembered";
    /**
     * Rows were found, and none counts for its device: what the view knows is another serial number, another device or a later
     * row, or two different rows of one device contradict each other.
     */
    static final String CONTRADICTED = "contradicted";

    private final MeterRegistry registry;
    private final Map<String, Counter> lookups;
    private final Timer seconds;

    LiveMetrics(MeterRegistry registry) {
        this.registry = registry;
        lookups = Stream.concat(
                        Arrays.stream(LiveOutcome.values()).map(LiveOutcome::word),
                        Stream.of(SHARED, REMEMBERED, CONTRADICTED))
                .collect(Collectors.toUnmodifiableMap(Function.identity(), this::lookups));
        seconds = Timer.builder("posture.live")
                .description(
                        "Time from the first asker of a serial number to the last account's answer; where an API was asked")
                .register(registry);
    }

    private Counter lookups(String outcome) {
        return Counter.builder("posture.live.lookups")
                .description("Questions to live lookups, by what came of them")
                .tags("outcome", outcome)
                .register(registry);
    }

    void asked(String outcome) {
        lookups.get(outcome).increment();
    }

    void took(Duration time) {
        seconds.record(time);
    }

    /** @param status 0 where there was no answer */
    void requested(String account, int status) {
        Counter.builder("posture.live.requests")
                .description("Requests to the API; status 0 where there was no answer")
                .tags("account", account, "status", String.valueOf(status))
                .register(registry)
                .increment();
    }
}
