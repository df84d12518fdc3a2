package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutdatedStateTest {
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private Path file(String name, Instant modified) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    @Test
    void stateThatWasNotUsedForLongerThanTombstonesStayIsDiscarded() throws IOException {
        file("0_3/rocksdb/devices/000012.sst", NOW.minus(DAY).minusMillis(1));
        file("0_3/rocksdb/devices/CURRENT", NOW.minus(DAY.multipliedBy(9)));
        Path other = file("1_11/rocksdb/users/000012.sst", NOW.minus(DAY));

        assertThat(OutdatedState.discard(directory, DAY, NOW)).containsExactly(directory.resolve("0_3"));
        assertThat(directory.resolve("0_3")).doesNotExist();
        assertThat(other).exists();
    }

    /** RocksDB rewrites some files and leaves others: the newest says when the store was last used. */
    @Test
    void oneNewFileSaysThatTheStateWasUsed() throws IOException {
        Path old = file("0_3/rocksdb/devices/000012.sst", NOW.minus(DAY.multipliedBy(90)));
        file("0_3/rocksdb/devices/000099.log", NOW.minusSeconds(1));
        Files.setLastModifiedTime(directory.resolve("0_3"), FileTime.from(NOW.minus(DAY.multipliedBy(90))));

        assertThat(OutdatedState.discard(directory, DAY, NOW)).isEmpty();
        assertThat(old).exists();
    }

    @Test
    void whatIsNoTaskIsLeftAlone() throws IOException {
        Path lock = file(".lock", Instant.EPOCH);
        Path strange = file("notes/0_1.txt", Instant.EPOCH);

        assertThat(OutdatedState.discard(directory, DAY, NOW)).isEmpty();
        assertThat(OutdatedState.discard(directory.resolve("missing"), DAY, NOW))
                .isEmpty();
        assertThat(lock).exists();
        assertThat(strange).exists();
    }
}
