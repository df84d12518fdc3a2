package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/** A secret under {@code key}, or in the file that {@code key_file} names; the one or the other. */
final class Secrets {
    private static final Type<Password> SECRET =
            new Type<>("a secret", true, (text, folder) -> Optional.of(new Password(text)));

    private Secrets() {}

    /** @param required whether its absence is a fault */
    static Optional<Supplier<Password>> read(Section section, String key, boolean required) {
        String fileKey = key + "_file";
        Optional<Password> inline = section.read(key, SECRET);
        Optional<Path> file = section.read(fileKey, Type.PATH);
        if (section.isGiven(key) && section.isGiven(fileKey)) {
            section.fault(fileKey, key + " or " + fileKey, "both", "remove one of them");
            return Optional.empty();
        }
        if (required && !section.isGiven(key) && !section.isGiven(fileKey)) {
            section.fault(
                    key,
                    key + " or " + fileKey,
                    "neither",
                    "name a file that holds it, or write " + key + ": ${VARIABLE}");
        }
        return inline.isPresent() ? inline.map(Given::new) : file.flatMap(path -> open(section, fileKey, path));
    }

    /** Equal to another with the same value; prints none. */
    private record Given(Password password) implements Supplier<Password> {
        @Override
        public Password get() {
            return password;
        }
    }

    private static Optional<Supplier<Password>> open(Section section, String fileKey, Path path) {
        try {
            return Optional.of(FileSecret.of(path));
        } catch (IllegalArgumentException fault) {
            section.fault(fileKey, "a file with the secret in it", fault.getMessage(), "");
            return Optional.empty();
        }
    }
}
