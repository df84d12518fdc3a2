package dev.kandjistream.standalone.console;

import dev.kandjistream.sink.Rebuild;
import dev.kandjistream.sink.domain.RebuildPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A rebuild of current tables: what it will do, how far it is, what it did. */
public final class RebuildView {
    private static final String ROW = "  %-14s%12s%12s%12s";

    private final Terminal terminal;

    public RebuildView(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A line for each table, in rows. */
    public List<String> plan(List<RebuildPlan> plans) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.styled(
                Terminal.Style.FAINT, String.format(ROW, "rows of", "to write", "to remove", "to keep")));
        for (RebuildPlan plan : plans) {
            lines.add(String.format(
                    ROW, plan.entity(), number(plan.written()), number(plan.removed()), number(plan.kept())));
        }
        return lines;
    }

    /** Why a plan is not carried out, and what to do. */
    public String refused(RebuildPlan plan) {
        if (plan.displaced() > 0) {
            return plan.entity() + ": topic " + plan.topic() + " has " + number(plan.displaced())
                    + " records in other partitions than their keys belong to, because partitions were added. Reading it"
                    + " again would bring back rows that have ended, so its table stays as it is. See docs/runbook.md.";
        }
        return plan.entity() + ": topic " + plan.topic() + " holds no record, so its table keeps all "
                + number(plan.removed()) + " rows. Fill the topic first, or run this again with --allow-empty.";
    }

    /** What of it is under way; empty where nothing is. */
    public Optional<String> progress(List<Rebuild.Progress> progress) {
        String text = progress.stream()
                .filter(one -> !one.ended())
                .map(one -> one.entity() + " " + percent(one) + " %")
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? Optional.empty() : Optional.of("  Rebuilding: " + text);
    }

    /** What was done. */
    public String outcome(RebuildPlan outcome) {
        return outcome.entity() + ": " + number(outcome.written()) + " rows written, " + number(outcome.removed())
                + " removed, " + number(outcome.kept()) + " kept";
    }

    /** Rounded down, so that 100 is said of all only. */
    private static long percent(Rebuild.Progress one) {
        return one.of() == 0 ? 0 : Math.min(99, 100 * one.read() / one.of());
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
