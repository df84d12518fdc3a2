package dev.kandjistream.standalone.config;

import java.util.Map;

/**
 * A Kafka cluster that is there already.
 *
 * @param bootstrapServers host:port, comma-separated
 * @param properties Kafka's own client properties (security above all), passed through as they are
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> properties) {
    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Names the properties without their values: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + properties.keySet() + "]";
    }
}
