package dev.kandjistream.benchmarks;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.embedded.EmbeddedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Broker, registry and database, shared by all runs; their cost is nobody's row cost. */
final class Surroundings implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final EmbeddedPostgres postgres;

    Surroundings(Path directory) throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        registry = EmbeddedRegistry.start(0, Map.of("bootstrap.servers", kafka.bootstrapServers()), "_schemas");
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"));
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url());
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    /** A configuration file for the services: one account, the simulator's. */
    Path configuration(Path directory, String prefix, String database, String api, int perSecond, int opsPort)
            throws Exception {
        Path file = directory.resolve(prefix + "-" + opsPort + ".yml");
        String yaml = """
                accounts:
                  - { id: acme, api_url: "%s", token: benchmark }
                poller: { devices_interval: 1h, apps_interval: 1h, requests_per_second: %d }
                rules: { version: 1 }
                data_dir: %s
                kafka: { bootstrap_servers: "%s", topic_prefix: %s }
                schema_registry: { url: "%s" }
                postgres: { url: "%s", user: %s, password: not-asked-for }
                ops: { port: %d }
                log: { level: INFO }
                """.formatted(
                        api,
                        perSecond,
                        directory.resolve(prefix),
                        kafka.bootstrapServers(),
                        prefix,
                        registry.url(),
                        postgres.jdbcUrl().replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1"),
                        postgres.user(),
                        opsPort);
        return Files.writeString(file, yaml);
    }

    @Override
    public void close() {
        postgres.close();
        registry.close();
        kafka.close();
    }
}
