package dev.kandjistream.standalone.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in a file, white space around it ignored. The file is read at every call: it is tiny, calls are at most some
 * twenty a second, and no staleness rule can then miss a token that was changed within a clock tick. While the file is
 * missing or empty (it may be in the middle of being replaced) the last good value stands.
 */
final class FileSecret implements Supplier<Password> {
    private static final Logger LOG = LoggerFactory.getLogger(FileSecret.class);
    /** Nothing that is a token or a password is longer; a larger file is the wrong file. */
    private static final int MOST_BYTES = 64 * 1024;

    private final Path file;
    private volatile String last;
    private volatile boolean complained;

    private FileSecret(Path file, String first) {
        this.file = file;
        this.last = first;
    }

    /** @throws IllegalArgumentException with what was found instead of a secret */
    static FileSecret of(Path file) {
        try {
            return new FileSecret(file, read(file));
        } catch (IOException fault) {
            throw new IllegalArgumentException(fault.getMessage(), fault);
        }
    }

    @Override
    public Password get() {
        try {
            last = read(file);
            complained = false;
        } catch (IOException fault) {
            if (!complained) {
                complained = true;
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", fault.getMessage())
                        .log("Secret file cannot be read; the value read before stays in use");
            }
        }
        return new Password(last);
    }

    private static String read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new IOException("the folder " + file);
        }
        if (!Files.isReadable(file)) {
            throw new IOException("the file " + file + ", which this user may not read");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("the file " + file + " of " + Files.size(file) + " bytes");
        }
        String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (secret.isEmpty()) {
            throw new IOException("the empty file " + file);
        }
        return secret;
    }

    /** Whether it looks into the same file, whatever is in it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FileSecret that && file.equals(that.file);
    }

    @Override
    public int hashCode() {
        return file.hashCode();
    }

    /** Names the file, never what is in it. */
    @Override
    public String toString() {
        return "secret in " + file;
    }
}
