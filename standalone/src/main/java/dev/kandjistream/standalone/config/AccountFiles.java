package dev.kandjistream.standalone.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the files that name accounts hold at one moment, to be compared with another. They are a few kilobytes; to look at
 * their content and not at their times also sees a change within a clock tick, and one behind a symbolic link.
 *
 * @param contents by file; what cannot be read is no content, which is one too
 */
record AccountFiles(Map<Path, String> contents) {
    private static final String UNREADABLE = "\u0000";

    static AccountFiles now(Optional<Path> file, Optional<Path> accountsDir) {
        var contents = new TreeMap<Path, String>();
        file.ifPresent(path -> contents.put(path, content(path)));
        accountsDir.ifPresent(folder -> files(folder).forEach(path -> contents.put(path, content(path))));
        return new AccountFiles(contents);
    }

    /** The files of the folder, in their order. @throws IOException where it cannot be listed */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> files(Path folder) {
        try {
            return in(folder);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String content(Path file) {
        try {
            // Bytes, one character each: no encoding is wrong.
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return UNREADABLE;
        }
    }

    /** Names the files; they may hold tokens. */
    @Override
    public String toString() {
        return contents.keySet().toString();
    }
}
