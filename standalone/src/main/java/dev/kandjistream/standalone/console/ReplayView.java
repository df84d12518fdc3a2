package dev.kandjistream.standalone.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A replay of the change topics: how far it is, what it did. */
public final class ReplayView {
    private final Terminal terminal;

    public ReplayView(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One line. */
    public String progress(int done, int partitions, Map<String, Long> records) {
        String counts = records.entrySet().stream()
                .filter(entity -> entity.getValue() > 0)
                .map(entity -> entity.getKey() + " " + number(entity.getValue()))
                .collect(Collectors.joining(", "));
        return "  Replaying: " + done + " of " + partitions + " partitions" + (counts.isEmpty() ? "" : ", " + counts);
    }

    /** A line for each topic. */
    public List<String> outcome(Map<String, Long> records, boolean dryRun) {
        List<String> lines = new ArrayList<>();
        records.forEach((entity, count) -> lines.add(terminal.mark(true) + " " + entity + ": " + number(count)
                + (dryRun ? " records to publish" : " records published")));
        if (dryRun) {
            lines.add("Nothing was published (--dry-run).");
        }
        return lines;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
