package dev.kandjistream.enricher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discards local state that was not in use for longer than its changelog keeps tombstones. Kafka Streams brings local state up to
 * date by reading the rest of the changelog. Keys deleted meanwhile whose tombstones are gone would stay in it for ever. Without local
 * state the whole changelog is read, and deleted keys are simply not there.
 *
 * <p>The age is that of the newest file: RocksDB writes files while it is in use and when it is closed. Kafka Streams can do something
 * like this ({@code state.cleanup.dir.max.age.ms}), but it takes the modification time of the task's directory, which RocksDB does not
 * change: it would discard the state of every process that had run for long enough.
 */
final class OutdatedState {
    private static final Logger LOG = LoggerFactory.getLogger(OutdatedState.class);
    private static final String TASK = "\\d+_\\d+";

    private OutdatedState() {}

    /**
     * To be called before Kafka Streams starts.
     *
     * @param directory of the application, with one directory for each task; need not exist
     * @param tombstonesStay how long the changelogs keep tombstones
     * @return the directories discarded
     */
    static List<Path> discard(Path directory, Duration tombstonesStay, Instant now) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        Instant limit = now.minus(tombstonesStay);
        var discarded = new ArrayList<Path>();
        Instant oldest = now;
        for (Path task : tasks(directory)) {
            Instant used = lastUsed(task);
            if (used.isBefore(limit)) {
                delete(task);
                discarded.add(task);
                oldest = used.isBefore(oldest) ? used : oldest;
            }
        }
        if (!discarded.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("tasks", discarded.size())
                    .addKeyValue("lastUsed", oldest)
                    .addKeyValue("tombstonesStay", tombstonesStay)
                    .log(
                            "Local state discarded: it was not used for longer than the changelogs keep tombstones. The state is"
                                    + " restored from the changelogs");
        }
        return discarded;
    }

    private static List<Path> tasks(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> entry.getFileName().toString().matches(TASK))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The epoch for a directory without files, which holds no state. */
    private static Instant lastUsed(Path task) {
        try (Stream<Path> files = Files.walk(task)) {
            return files.filter(Files::isRegularFile)
                    .map(OutdatedState::modified)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path task) {
        try (Stream<Path> files = Files.walk(task)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "State directory is outdated and cannot be deleted. Delete it and start again. directory=" + task,
                    e);
        }
    }
}
