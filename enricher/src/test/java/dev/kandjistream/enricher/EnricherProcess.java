package dev.kandjistream.enricher;

import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** An enricher in a process of its own, to be killed. Arguments: prefix, state directory, broker, registry, instance id. */
final class EnricherProcess {
    private EnricherProcess() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, Object> client = Map.of("bootstrap.servers", args[2], "schema.registry.url", args[3]);
        var topics = new Topics(args[0]);
        var config = new EnricherConfig(topics, client, Stack.RULES, Path.of(args[1]), 1, 0, Optional.of(args[4]));
        new EnricherService(config, new SimpleMeterRegistry()).start();
        // Waits to be killed.
        Thread.currentThread().join();
    }
}
