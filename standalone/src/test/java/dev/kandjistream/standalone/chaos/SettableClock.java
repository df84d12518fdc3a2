package dev.kandjistream.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The clock of one process, which can be set while it runs: libfaketime stands between the process and the clock of the
 * machine, and looks once a second into a file that says how far ahead to be. Only the time of day is set, as by an operator or
 * a time server; clocks that measure how long something takes go on.
 */
final class SettableClock {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

    private final Path file;

    /** @param file made here, and read by the process */
    SettableClock(Path file) {
        this.file = file;
        set(Duration.ZERO);
    }

    /** Whether processes can be started with such a clock here. */
    static boolean isToBeHad() {
        return LIBRARIES.stream().anyMatch(Files::exists);
    }

    /** Variables that a process has to be started with. */
    Map<String, String> environment() {
        Path library = LIBRARIES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("expected libfaketime at one of " + LIBRARIES
                        + ", found none; install the package libfaketime"));
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Else waits of some milliseconds end at once, and the process spins.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0",
                "DONT_FAKE_MONOTONIC",
                "1");
    }

    /** @param ahead of the machine's clock; negative for behind it */
    void set(Duration ahead) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, "%+d%n".formatted(ahead.toSeconds()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
