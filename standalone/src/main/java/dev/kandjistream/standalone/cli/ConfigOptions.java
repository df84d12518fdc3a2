package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.AccountIds;
import dev.kandjistream.standalone.config.ConfigSource;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where the configuration is. */
final class ConfigOptions {
    private static final Path USUAL = Path.of("kandji-stream.yml");
    private static final String VARIABLE = "KANDJI_STREAM_CONFIG";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Configuration in YAML. Default: $KANDJI_STREAM_CONFIG, else ./kandji-stream.yml where there is"
                            + " one; every key can also stand in the environment. See docs/configuration.md.")
    private Path file;

    Configuration read(Set<Part> parts) {
        return read(parts, System.getenv());
    }

    /** Where to read, now and later. */
    ConfigSource source(Set<Part> parts, Map<String, String> environment) {
        return new ConfigSource(file(environment), environment, parts);
    }

    private Configuration read(Set<Part> parts, Map<String, String> environment) {
        return source(parts, environment).read();
    }

    /** The accounts it names, whatever else stands in it. */
    Set<String> accountIds() {
        return AccountIds.read(file(System.getenv()), System.getenv());
    }

    private Optional<Path> file(Map<String, String> environment) {
        return Optional.ofNullable(file)
                .or(() -> Optional.ofNullable(environment.get(VARIABLE))
                        .filter(name -> !name.isBlank())
                        .map(Path::of))
                .or(() -> Optional.of(USUAL).filter(Files::exists));
    }
}
