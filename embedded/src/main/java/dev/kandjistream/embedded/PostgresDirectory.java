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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded server's directory: its data, its log, and what a crash may have left of it. */
final class PostgresDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDirectory.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path directory;
    private final DirectoryLock lock;

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
                stop(left.get());
            }
            // PostgreSQL would refuse to start where the id now belongs to some other process of the same user.
            Files.deleteIfExists(pidFile);
        }
        if (Files.exists(data()) && Files.notExists(usable())) {
            delete(data());
        }
    }

    private static long pidIn(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        try {
            return Long.parseLong(lines.isEmpty() ? "" : lines.get(0).strip());
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
