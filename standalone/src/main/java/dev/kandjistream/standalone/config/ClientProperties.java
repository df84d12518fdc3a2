package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A client library's own properties: {@code properties_file} as its tools read it, and {@code properties} over it. */
final class ClientProperties {
    private ClientProperties() {}

    /** Gives the reason why a property may not be set; empty if it may. */
    interface Refusal {
        Optional<String> of(String name, String value);
    }

    static Map<String, String> read(Section section, Refusal refusal) {
        var properties = new LinkedHashMap<String, String>();
        section.read("properties_file", Type.PATH).ifPresent(file -> {
            Map<String, String> loaded = load(section, file);
            refuse(section, "properties_file", loaded, refusal);
            properties.putAll(loaded);
        });
        Map<String, String> given = section.properties("properties");
        refuse(section, "properties", given, refusal);
        properties.putAll(given);
        return properties;
    }

    /** Names the properties without their values: passwords are among them. */
    private static void refuse(Section section, String key, Map<String, String> properties, Refusal refusal) {
        properties.forEach((name, value) -> refusal.of(name, value)
                .ifPresent(reason ->
                        section.fault(key, "connection, security and tuning", name, "remove " + name + ": " + reason)));
    }

    private static Map<String, String> load(Section section, Path file) {
        var loaded = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            loaded.load(reader);
        } catch (IOException | IllegalArgumentException fault) {
            section.fault(
                    "properties_file",
                    "a Java properties file",
                    Files.exists(file) ? "one that cannot be read: " + file : "no file " + file,
                    "");
        }
        var properties = new LinkedHashMap<String, String>();
        loaded.stringPropertyNames().stream().sorted().forEach(name -> properties.put(name, loaded.getProperty(name)));
        return properties;
    }
}
