package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** A client library's own properties: {@code properties_file} as its tools read it, and {@code properties} over it. */
final class ClientProperties {
    private ClientProperties() {}

    static Map<String, String> read(Section section) {
        var properties = new LinkedHashMap<String, String>();
        section.read("properties_file", Type.PATH).ifPresent(file -> properties.putAll(load(section, file)));
        properties.putAll(section.properties("properties"));
        return properties;
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
