package dev.kandjistream.standalone.run;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.PostgresSettings;
import dev.kandjistream.standalone.ops.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * Broker, registry and database: what is configured is used as it is, the rest is started here. Broker and database
 * start side by side; the registry keeps its schemas in the broker and so comes after it.
 */
final class Backends implements AutoCloseable {
    static final String KAFKA = "Kafka broker";
    static final String REGISTRY = "schema registry";
    static final String POSTGRES = "PostgreSQL";
    private static final String SCHEMAS_TOPIC = "_schemas";

    private final Health health;
    private Optional<EmbeddedKafka> kafka = Optional.empty();
    private Optional<EmbeddedRegistry> registry = Optional.empty();
    // Set by the thread that starts the database, and read after that thread was joined.
    private Optional<EmbeddedPostgres> postgres = Optional.empty();
    private PostgresSettings database;
    private Map<String, Object> clientProperties = Map.of();

    private Backends(Health health) {
        this.health = health;
    }

    /** Returns when all of them answer; closes what was started when one does not. */
    static Backends start(Configuration configuration, DataDirectory data, Health health, Steps steps) {
        var backends = new Backends(health);
        CompletableFuture<Void> databaseStart =
                CompletableFuture.runAsync(() -> backends.startPostgres(configuration, data, steps));
        try {
            backends.startKafka(configuration, data, steps);
            backends.startRegistry(configuration, steps);
            databaseStart.join();
            return backends;
        } catch (RuntimeException failure) {
            databaseStart.exceptionally(alsoFailed -> null).join();
            backends.close();
            throw failure instanceof CompletionException && failure.getCause() instanceof RuntimeException cause
                    ? cause
                    : failure;
        }
    }

    private void startKafka(Configuration configuration, DataDirectory data, Steps steps) {
        var properties = new HashMap<String, Object>();
        configuration
                .kafka()
                .ifPresentOrElse(
                        external -> {
                            properties.putAll(external.properties());
                            properties.put("bootstrap.servers", external.bootstrapServers());
                        },
                        () -> {
                            int port = Ports.orAnyFree(configuration.embedded().kafkaPort());
                            embedded(KAFKA, steps, () -> {
                                EmbeddedKafka own = EmbeddedKafka.start(data.kafka(), port);
                                kafka = Optional.of(own);
                                return own.bootstrapServers();
                            });
                            properties.put(
                                    "bootstrap.servers", kafka.orElseThrow().bootstrapServers());
                        });
        clientProperties = properties;
    }

    private void startRegistry(Configuration configuration, Steps steps) {
        var properties = new HashMap<>(clientProperties);
        configuration
                .registry()
                .ifPresentOrElse(
                        external -> {
                            properties.putAll(external.properties());
                            properties.put("schema.registry.url", external.url());
                        },
                        () -> {
                            int port = Ports.orAnyFree(configuration.embedded().registryPort());
                            embedded(REGISTRY, steps, () -> {
                                EmbeddedRegistry own = EmbeddedRegistry.start(port, clientProperties, SCHEMAS_TOPIC);
                                registry = Optional.of(own);
                                return own.url();
                            });
                            properties.put(
                                    "schema.registry.url",
                                    registry.orElseThrow().url());
                        });
        clientProperties = Map.copyOf(properties);
    }

    private void startPostgres(Configuration configuration, DataDirectory data, Steps steps) {
        if (configuration.postgres().isPresent()) {
            database = configuration.postgres().get();
            return;
        }
        embedded(POSTGRES, steps, () -> {
            EmbeddedPostgres own = EmbeddedPostgres.startPreferring(
                    data.postgres(), configuration.embedded().postgresPort());
            postgres = Optional.of(own);
            database = new PostgresSettings(own.jdbcUrl(), own.user(), () -> new Password(own.password()));
            return own.jdbcUrl();
        });
    }

    /** @param start starts it, keeps it, and says where it is found */
    private void embedded(String name, Steps steps, Supplier<String> start) {
        health.starting(name);
        Instant began = Instant.now();
        String where = start.get();
        health.running(name);
        // Broker and database come up side by side, and tell of it one after the other.
        synchronized (this) {
            steps.done(name, where, Duration.between(began, Instant.now()));
        }
    }

    /** For every Kafka client: where the broker and the registry are, and security. */
    Map<String, Object> clientProperties() {
        return clientProperties;
    }

    PostgresSettings database() {
        return database;
    }

    /** Registry, broker, database; those that are not ours stay. */
    @Override
    public void close() {
        registry.ifPresent(own -> stop(REGISTRY, own::close));
        kafka.ifPresent(own -> stop(KAFKA, own::close));
        postgres.ifPresent(own -> stop(POSTGRES, own::close));
    }

    private void stop(String name, Runnable close) {
        health.stopped(name);
        close.run();
    }
}
