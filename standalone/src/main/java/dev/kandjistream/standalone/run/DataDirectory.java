package dev.kandjistream.standalone.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder with everything that outlives the process, held by one process at a time. The operating system lets go of
 * the lock however the process ends; the process id in the file only helps to find the other one.
 */
public final class DataDirectory implements AutoCloseable {

    /** Whose data a folder holds: a demo's accounts must not end up among real ones. */
    public enum Use {
        DEMO,
        UP
    }

    /** Somebody else uses the folder, or it holds something else. The message says what to do. */
    public static final class InUseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InUseException(String message) {
            super(message);
        }
    }

    private static final String LOCK = "kandji-stream.lock";
    private static final String USE = "kandji-stream.use";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the folder, creating it where it is missing.
     *
     * @throws InUseException when another process has it, or when it was made for the other use
     */
    public static DataDirectory open(Path path, Use use) {
        Path folder = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                String owner = read(channel);
                channel.close();
                throw new InUseException("The data directory " + folder + " is in use by another kandji-stream"
                        + (owner.isEmpty() ? "" : " (process " + owner + ")")
                        + ". Stop that one, or choose another with --data-dir.");
            }
            var directory = new DataDirectory(folder, channel);
            directory.claim(use);
            return directory;
        } catch (IOException fault) {
            throw new UncheckedIOException("The data directory " + folder + " cannot be used: " + fault, fault);
        }
    }

    public Path path() {
        return path;
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    /** Where the enricher keeps its stores, which Kafka Streams locks itself. */
    static Path enricher(Path dataDir) {
        return dataDir.toAbsolutePath().resolve("enricher");
    }

    /** The log file. */
    public Path log() {
        return path.resolve("logs").resolve("kandji-stream.log");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException fault) {
            throw new UncheckedIOException("The data directory " + path + " could not be let go", fault);
        }
    }

    private void claim(Use use) throws IOException {
        write(channel, Long.toString(ProcessHandle.current().pid()));
        Path file = path.resolve(USE);
        if (!Files.exists(file)) {
            Files.writeString(file, use.name());
            return;
        }
        String made = Files.readString(file).trim();
        if (!made.equals(use.name())) {
            close();
            throw new InUseException("The data directory " + path + " holds the data of "
                    + (made.equals(Use.DEMO.name()) ? "a demo" : "real accounts") + ", which must not be mixed with "
                    + (use == Use.DEMO ? "a demo's" : "real accounts'")
                    + ". Choose another with --data-dir, or delete this one.");
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
