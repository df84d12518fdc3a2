package dev.kandjistream.standalone.config;

import java.util.Map;

/**
 * A schema registry that is there already and speaks Confluent's REST API.
 *
 * @param url base URL; several, comma-separated, are tried in turn
 * @param properties Confluent's own client properties such as {@code basic.auth.user.info}, passed through
 */
public record RegistrySettings(String url, Map<String, String> properties) {
    public RegistrySettings {
        properties = Map.copyOf(properties);
    }

    /** Names the properties without their values: passwords are among them. */
    @Override
    public String toString() {
        return "RegistrySettings[" + url + ", " + properties.keySet() + "]";
    }
}
