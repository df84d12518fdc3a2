package dev.kandjistream.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One owner per directory: held by the process that runs a server on it, let go by the operating system however that
 * process ends. Whoever holds it may treat every other sign of life in the directory as left over from a crash.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "in-use.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates the directory when missing. */
    static DirectoryLock acquire(Path directory, String server) throws IOException {
        Files.createDirectories(directory);
        var channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException heldByThisJvm) {
            // Same answer as for another process.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalStateException("The directory of the embedded " + server
                + " is in use by a running kandji-stream. Stop that one, or choose another data directory. directory="
                + directory.toAbsolutePath());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
