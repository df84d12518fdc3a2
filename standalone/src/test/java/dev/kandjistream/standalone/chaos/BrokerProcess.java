package dev.kandjistream.standalone.chaos;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.standalone.run.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The embedded broker and registry as a process: {@code directory broker-port registry-port schemas-topic}. SIGTERM ends it in order. */
final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] arguments) {
        var stop = StopSignal.install();
        try (var kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
                var registry = EmbeddedRegistry.start(
                        Integer.parseInt(arguments[2]),
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        arguments[3])) {
            System.out.println("READY " + kafka.bootstrapServers() + " " + registry.url());
            while (!stop.isAsked()) {
                stop.pause(Duration.ofHours(1));
            }
        } catch (StopSignal.Stopped asked) {
            // Closed by now.
        }
        System.exit(0);
    }
}
