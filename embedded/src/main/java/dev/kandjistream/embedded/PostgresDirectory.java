package dev.kandjistream.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded server's directory: its data, its log, and what a crash may have left of it. */
final class PostgresDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDirectory.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /** How long the port of a server that was stopped here may stay busy: its last processes may end after it. */
    private static final Duration PORT_LIMIT = Duration.ofSeconds(10);

    private static final Duration PORT_POLL = Duration.ofMillis(50);
    /** Lines of {@code postmaster.pid}, from 0. */
    private static final int PID_LINE = 0;

    private static final int PORT_LINE = 3;

    private final Path directory;
    private final DirectoryLock lock;
    private int formerPort;

    private PostgresDirectory(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    static PostgresDirectory claim(Path directory) throws IOException {
        return new PostgresDirectory(directory, DirectoryLock.acquire(directory, "PostgreSQL"));
    }

    Path data() {
        return directory.resolve("data");
    }

    Path log() {
        return directory.resolve("postgres.log");
    }

    /** Written once the first start has come through. Before it there is nothing to lose, and perhaps half a layout. */
    private Path usable() {
        return directory.resolve("usable");
    }

    void markUsable() throws IOException {
        if (Files.notExists(usable())) {
            Files.createFile(usable());
        }
    }

    /**
     * Where PostgreSQL's programs are unpacked, once for all data directories of this person: under the temporary
     * directory a nightly cleaner would take files from a running server.
     */
    Path programs() throws IOException {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(home -> !home.isBlank())
                .orElse(System.getProperty("user.home") + "/.cache");
        Path shared = Path.of(cache, "kandji-stream", "postgres");
        try {
            Files.createDirectories(shared);
            if (Files.isWritable(shared)) {
                return shared;
            }
        } catch (IOException noHome) {
            // A service account without one: beside the data, then.
        }
        return Files.createDirectories(directory.resolve("programs"));
    }

    /**
     * Makes the directory ready for a start after any end of the last one. Safe because the lock is held: no live JVM
     * owns a server here, so one that still runs has lost its owner, and a process id without such a server is stale.
     */
    void recover() throws IOException {
        Path pidFile = data().resolve("postmaster.pid");
        if (Files.exists(pidFile)) {
            Optional<ProcessHandle> left = ProcessHandle.of(pidIn(pidFile)).filter(this::isPostgresOnThisData);
            if (left.isPresent()) {
                formerPort = portIn(pidFile);
                stop(left.get());
            }
            // PostgreSQL would refuse to start where the id now belongs to some other process of the same user.
            Files.deleteIfExists(pidFile);
        }
        if (Files.exists(data()) && Files.notExists(usable())) {
            delete(data());
        }
    }

    /** Whether the port is free; of the port of a server that {@link #recover} stopped, whether it becomes so within seconds. */
    boolean isFree(int port) {
        long start = System.nanoTime();
        while (!FreePort.isFree(port)) {
            if (port != formerPort || System.nanoTime() - start > PORT_LIMIT.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PORT_POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        return true;
    }

    private static long pidIn(Path pidFile) throws IOException {
        return numberIn(pidFile, PID_LINE);
    }

    private static int portIn(Path pidFile) throws IOException {
        return (int) numberIn(pidFile, PORT_LINE);
    }

    /** @return -1 where the file was cut short */
    private static long numberIn(Path pidFile, int line) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        try {
            return Long.parseLong(lines.size() <= line ? "" : lines.get(line).strip());
        } catch (NumberFormatException cutShort) {
            return -1;
        }
    }

    /** Ids are reused: the process must be a postgres, started on this very directory. */
    private boolean isPostgresOnThisData(ProcessHandle process) {
        var info = process.info();
        boolean postgres = info.command()
                .map(command -> Path.of(command).getFileName().toString().equals("postgres"))
                .orElse(false);
        String data = data().toString();
        return postgres
                && info.arguments().map(List::of).orElse(List.of()).stream().anyMatch(data::equals);
    }

    private static void stop(ProcessHandle postmaster) throws IOException {
        LOG.atWarn()
                .addKeyValue("pid", postmaster.pid())
                .log("Stopping the PostgreSQL that an earlier kandji-stream left running");
        List<ProcessHandle> backends = postmaster.descendants().toList();
        // SIGINT ends connections and checkpoints; SIGTERM would wait for every client to leave.
        new ProcessBuilder("kill", "-INT", String.valueOf(postmaster.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!ends(postmaster, STOP_LIMIT)) {
            // As after a power cut: the next start replays the write-ahead log.
            postmaster.destroyForcibly();
            backends.forEach(ProcessHandle::destroyForcibly);
            ends(postmaster, STOP_LIMIT);
        }
    }

    private static boolean ends(ProcessHandle process, Duration limit) throws IOException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while PostgreSQL stops", e);
        } catch (ExecutionException e) {
            throw new IOException("PostgreSQL's end cannot be awaited. pid=" + process.pid(), e);
        }
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
