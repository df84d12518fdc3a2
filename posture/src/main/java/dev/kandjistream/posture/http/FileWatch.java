package dev.kandjistream.posture.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes to small files once they have stood from one look to the next: until then somebody may be writing. Contents are
 * compared, not sizes and times: two edits within one tick of the file system are two edits, and what an orchestrator puts in a
 * file's place has whatever time it likes.
 */
final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final String UNREADABLE = "";

    private final List<Path> files;
    private final ScheduledExecutorService looks;
    private List<String> seen;
    /** What was last told of. */
    private List<String> told;

    /** Remembers what the files hold now: make it before you read them. */
    FileWatch(String thread, List<Path> files) {
        this.files = files;
        seen = contents();
        told = seen;
        looks = Executors.newSingleThreadScheduledExecutor(task -> {
            var daemon = new Thread(task, thread);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** @param changed called by one thread */
    void follow(Duration every, Runnable changed) {
        looks.scheduleWithFixedDelay(() -> look(changed), every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look(Runnable changed) {
        List<String> now = contents();
        boolean still = now.equals(seen);
        seen = now;
        if (still && !now.equals(told)) {
            told = now;
            tell(changed);
        }
    }

    /** A schedule ends with the first exception, and then nobody would look any more. */
    private static void tell(Runnable changed) {
        try {
            changed.run();
        } catch (RuntimeException failure) {
            LOG.atError().setCause(Problems.withoutMessages(failure, 1)).log("A changed file could not be looked at");
        } catch (Error fatal) {
            // The executor would keep it to itself.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, fatal);
            throw fatal;
        }
    }

    private List<String> contents() {
        return files.stream().map(FileWatch::content).toList();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return UNREADABLE;
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
