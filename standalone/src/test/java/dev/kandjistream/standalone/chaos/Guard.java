package dev.kandjistream.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Kills what is left when this JVM ends, however it ends: a shell that is told the ids of our processes and reads until its
 * input breaks off. A shutdown hook would not run after SIGKILL, and a stopped process would not notice that it is alone.
 */
final class Guard implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r what pid; do
                case $what in
                    +) pids="$pids $pid" ;;
                    -) left=; for p in $pids; do [ "$p" = "$pid" ] || left="$left $p"; done; pids=$left ;;
                esac
            done
            [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
            """;

    private final Process shell;
    private final Writer orders;
    private boolean closed;

    Guard() {
        try {
            shell = new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            orders = shell.outputWriter(StandardCharsets.US_ASCII);
        } catch (IOException noShell) {
            throw new UncheckedIOException("Without a shell nothing guards against processes left behind", noShell);
        }
    }

    /** To be killed when we end. */
    void watch(long pid) {
        order("+ " + pid);
    }

    /** It has ended; the id may soon be another's. */
    void forget(long pid) {
        order("- " + pid);
    }

    private synchronized void order(String line) {
        if (closed) {
            return;
        }
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("The guard of our processes is gone", gone);
        }
    }

    /** Kills what it still watches. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            orders.close();
            shell.waitFor();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
