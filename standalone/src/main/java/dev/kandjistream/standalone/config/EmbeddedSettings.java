package dev.kandjistream.standalone.config;

/**
 * Ports of what is embedded. A busy one gives way to a free one, which is printed; 0 takes any free one.
 *
 * @param kafkaPort 9092 by default
 * @param registryPort 8081 by default
 * @param postgresPort 5432 by default
 */
public record EmbeddedSettings(int kafkaPort, int registryPort, int postgresPort) {
    /** Any free ports: for tests, and for several pipelines on one machine. */
    public static final EmbeddedSettings ANY_PORTS = new EmbeddedSettings(0, 0, 0);

    /** The usual ports of Kafka, Confluent's registry and PostgreSQL. */
    public static final EmbeddedSettings USUAL_PORTS = new EmbeddedSettings(9092, 8081, 5432);
}
