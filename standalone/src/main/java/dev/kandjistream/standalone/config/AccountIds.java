package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Node;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The accounts that a configuration names, for commands that only ask about them: keys, tokens and faults are not looked at,
 * since whoever asks may have none of the pollers' secrets. What cannot be read names none.
 */
public final class AccountIds {
    private final Section.Source source;
    private final Set<String> ids = new TreeSet<>();

    private AccountIds(Section.Source source) {
        this.source = source;
    }

    /** @param file empty: everything stands in the environment */
    public static Set<String> read(Optional<Path> file, Map<String, String> environment) {
        String name = file.map(Path::toString).orElse("environment");
        Path folder = file.map(given -> given.toAbsolutePath().getParent()).orElse(Path.of(""));
        var source = new Section.Source(name, folder, new Environment(environment), new Faults());
        var found = new AccountIds(source);
        found.read(Section.root(file.map(found::mapping).orElse(Node.Mapping.EMPTY), source));
        return found.ids;
    }

    private void read(Section root) {
        root.sections("accounts").forEach(section -> id(section).ifPresent(ids::add));
        root.read("accounts_dir", Type.PATH).ifPresent(this::folder);
        ids.addAll(AccountsReader.idsInVariables(source.environment(), ids));
    }

    private static Optional<String> id(Section section) {
        // Variables are found by the id, so the id itself can only come from the file.
        return section.named(section.path(), "").read("id", Type.TEXT);
    }

    private void folder(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .toList();
            files.forEach(file -> {
                String name = file.getFileName().toString();
                ids.add(id(Section.root(mapping(file), source)).orElse(name.substring(0, name.lastIndexOf('.'))));
            });
        } catch (IOException notThere) {
            // Then nothing is known of its accounts.
        }
    }

    private Node.Mapping mapping(Path file) {
        try {
            return YamlTree.parse(Files.readString(file), file.toString(), source.faults());
        } catch (IOException notThere) {
            return Node.Mapping.EMPTY;
        }
    }
}
