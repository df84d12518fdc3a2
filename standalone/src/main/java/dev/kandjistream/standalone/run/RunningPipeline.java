package dev.kandjistream.standalone.run;

import dev.kandjistream.embedded.EmbeddedPostgres;
import dev.kandjistream.sink.SinkConfig;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.PostgresSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;

/** Where the pipeline runs that a command wants to ask: it starts nothing of its own. */
public final class RunningPipeline {
    private static final int ANSWER_MILLIS = 12_000;

    private RunningPipeline() {}

    /**
     * Client properties for the configured Kafka and registry; where none is configured, for those that {@code up} embeds
     * on this machine, at their configured ports. Whoever does not answer soon is taken to be away.
     */
    public static Map<String, Object> clientProperties(Configuration configuration) {
        var ports = configuration.embedded();
        var properties = new HashMap<String, Object>();
        configuration.kafka().ifPresent(kafka -> properties.putAll(kafka.properties()));
        configuration.registry().ifPresent(registry -> properties.putAll(registry.properties()));
        properties.put(
                "bootstrap.servers",
                configuration.kafka().map(kafka -> kafka.bootstrapServers()).orElse("127.0.0.1:" + ports.kafkaPort()));
        properties.put(
                "schema.registry.url",
                configuration
                        .registry()
                        .map(registry -> registry.url())
                        .orElse("http://127.0.0.1:" + ports.registryPort()));
        properties.put("default.api.timeout.ms", ANSWER_MILLIS);
        properties.put("request.timeout.ms", ANSWER_MILLIS);
        return Map.copyOf(properties);
    }

    /** The configured database; where none is configured, the one that {@code up} embeds on this machine. */
    public static PostgresSettings database(Configuration configuration) {
        return configuration.postgres().orElseGet(() -> {
            int port = configuration.embedded().postgresPort();
            return new PostgresSettings(
                    EmbeddedPostgres.jdbcUrl(port),
                    EmbeddedPostgres.USER,
                    () -> new Password(EmbeddedPostgres.PASSWORD));
        });
    }

    /** For asking about the tables of the pipeline that runs. */
    public static SinkConfig sinkConfig(Configuration configuration) {
        return Services.sinkConfig(configuration, clientProperties(configuration), database(configuration));
    }
}
