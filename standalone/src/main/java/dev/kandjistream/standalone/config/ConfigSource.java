package dev.kandjistream.standalone.config;

import dev.kandjistream.config.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a configuration was read from, and can be read again.
 *
 * @param file empty: everything comes from the environment
 * @param parts what it was read for
 */
public record ConfigSource(Optional<Path> file, Map<String, String> environment, Set<Part> parts) {
    /** @throws ConfigException with every fault there is */
    public Configuration read() {
        return ConfigReader.read(file, environment, parts);
    }

    /** Names nothing of the environment, which holds secrets. */
    @Override
    public String toString() {
        return file.map(Path::toString).orElse("environment");
    }
}
