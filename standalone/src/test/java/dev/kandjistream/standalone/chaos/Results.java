package dev.kandjistream.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line for each seed that was tried, in a file of tab-separated columns; appended to, so that a run cut off goes on where
 * it was. A line taken out is tried again.
 */
final class Results {
    private static final String HEAD =
            "seed\tseconds\twith\tresult\tkills\tlong freezes\tfreezes\trestarts\ttroubles\tchanges"
                    + "\tevents\tretractions\tsettled ms\twhat was wrong";
    private static final String FINE = "fine";
    private static final String FAULT = "FAULT";

    /** Of all lines of the file. */
    record Sum(
            long seeds,
            long faults,
            long kills,
            long freezes,
            long restarts,
            long troubles,
            long changes,
            long events,
            long retractions) {}

    private final Optional<Path> file;
    private final List<String[]> lines = new ArrayList<>();

    private Results(Optional<Path> file) {
        this.file = file;
    }

    /**
     * @param file continued where it is there; none: only remembered
     * @throws IllegalArgumentException where the file is of something else or of an earlier version
     */
    static Results in(Optional<Path> file) {
        var results = new Results(file);
        try {
            if (file.isPresent() && Files.exists(file.get())) {
                Files.readAllLines(file.get()).stream()
                        .filter(line -> !line.isBlank() && !line.equals(HEAD))
                        .forEach(line -> results.lines.add(cells(line)));
            } else if (file.isPresent()) {
                Files.writeString(file.get(), HEAD + "\n");
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The results cannot be kept in " + file.get(), unreadable);
        }
        return results;
    }

    private static String[] cells(String line) {
        String[] cells = line.split("\t", -1);
        int columns = HEAD.split("\t").length;
        if (cells.length != columns) {
            throw new IllegalArgumentException("expected lines of " + columns
                    + " columns that begin with seed, seconds, with;" + " found \"" + line + "\". Name a new file");
        }
        return cells;
    }

    boolean has(Schedule schedule) {
        return lines.stream()
                .anyMatch(line -> line[0].equals(String.valueOf(schedule.seed()))
                        && line[1].equals(String.valueOf(schedule.length().toSeconds()))
                        && line[2].equals(schedule.options().strip()));
    }

    void fine(Outcome outcome) {
        add(line(outcome.schedule(), FINE, outcome.events(), outcome.retractions(), outcome.settled(), ""));
    }

    void fault(Schedule schedule, Throwable fault) {
        String first = String.valueOf(fault.getMessage()).strip().replaceAll("\\s+", " ");
        add(line(schedule, FAULT, 0, 0, Duration.ZERO, first.substring(0, Math.min(300, first.length()))));
    }

    private static String line(
            Schedule schedule, String result, long events, long retractions, Duration settled, String wrong) {
        long freezes = schedule.count(Deed.Freeze.class);
        long longOnes = schedule.steps().stream()
                .filter(step -> step.deed() instanceof Deed.Freeze freeze
                        && freeze.length().equals(Schedule.LONG_FREEZE))
                .count();
        return String.join(
                "\t",
                List.of(
                        String.valueOf(schedule.seed()),
                        String.valueOf(schedule.length().toSeconds()),
                        schedule.options().strip(),
                        result,
                        String.valueOf(schedule.count(Deed.Kill.class)),
                        String.valueOf(longOnes),
                        String.valueOf(freezes),
                        String.valueOf(schedule.count(Deed.Restart.class)),
                        String.valueOf(schedule.count(Deed.Trouble.class)),
                        String.valueOf(schedule.count(Deed.Change.class)),
                        String.valueOf(events),
                        String.valueOf(retractions),
                        String.valueOf(settled.toMillis()),
                        wrong));
    }

    private void add(String line) {
        lines.add(cells(line));
        try {
            if (file.isPresent()) {
                Files.writeString(file.get(), line + "\n", StandardOpenOption.APPEND);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("The results cannot be kept in " + file.get(), failed);
        }
    }

    Sum sum() {
        return new Sum(
                lines.size(),
                lines.stream().filter(line -> line[3].equals(FAULT)).count(),
                total(4),
                total(6),
                total(7),
                total(8),
                total(9),
                total(10),
                total(11));
    }

    private long total(int column) {
        return lines.stream().mapToLong(line -> Long.parseLong(line[column])).sum();
    }
}
