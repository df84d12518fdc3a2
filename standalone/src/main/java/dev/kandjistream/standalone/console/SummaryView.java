package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.console.Terminal.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A {@link Summary} as lines for a person. */
public final class SummaryView {
    private static final int BAR = 24;

    private final Terminal terminal;
    private final Instant now;

    public SummaryView(Terminal terminal, Instant now) {
        this.terminal = terminal;
        this.now = now;
    }

    /** Every block of the summary, empty lines between them. */
    public List<String> lines(Summary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(heading("Accounts"));
        summary.accounts().forEach(account -> lines.addAll(account(account, widest(summary))));
        lines.add("");
        lines.add(heading("Seats by license type"));
        lines.addAll(crossTable(summary.seats(), summary, List.of("Mac", "iPhone", "iPad")));
        lines.add("");
        lines.add(heading("Users by status"));
        lines.addAll(crossTable(summary.users(), summary, List.of("ACTIVE", "ARCHIVED")));
        lines.add("");
        lines.add(heading("Most widespread apps")
                + faint("  of " + number(summary.distinctApps()) + ", Apple's own not shown"));
        lines.addAll(apps(summary.apps()));
        lines.add("");
        lines.add(heading("Left out"));
        lines.add("  " + suppressed(summary.suppressed()));
        lines.add("  " + unattributed(summary.unattributed()));
        return lines;
    }

    private List<String> account(Summary.Account account, int width) {
        List<String> lines = new ArrayList<>();
        String connection = account.sweeps().isEmpty()
                ? "not swept yet"
                : account.sweeps().get(0).connection();
        String sweeps = account.sweeps().stream().map(this::sweep).collect(Collectors.joining("   "));
        lines.add("  " + terminal.mark(account.good()) + " " + terminal.styled(Style.STRONG, pad(account.id(), width))
                + "  " + pad(connection.toLowerCase(Locale.ROOT), 13) + number(account.devices(), 8) + " devices   "
                + faint(sweeps));
        for (Summary.Sweep sweep : account.sweeps()) {
            if (!sweep.verdict().equals("COMPLETE")) {
                lines.add("    " + terminal.styled(Style.WARN, sweep.kind() + " " + sweep.verdict()) + ": "
                        + Terminal.safe(sweep.reason().orElse("no reason given")));
            }
        }
        return lines;
    }

    private String sweep(Summary.Sweep sweep) {
        return number(sweep.rows()) + " " + (sweep.kind().equals("apps") ? "app" : "device") + " rows "
                + ago(Duration.between(sweep.finishedAt(), now));
    }

    /** A row per account, a column per name; the names expected come first, whether there are any or not. */
    private List<String> crossTable(List<Summary.Count> counts, Summary summary, List<String> expected) {
        Set<String> names = new LinkedHashSet<>(expected);
        counts.forEach(count -> names.add(count.name()));
        int width = widest(summary);
        List<String> lines = new ArrayList<>();
        var head = new StringBuilder("  " + " ".repeat(width));
        names.forEach(name -> head.append(
                padLeft(name.equals(name.toUpperCase(Locale.ROOT)) ? name.toLowerCase(Locale.ROOT) : name, 10)));
        lines.add(faint(head.append(padLeft("all", 10)).toString()));
        for (Summary.Account account : summary.accounts()) {
            lines.add(row(
                    account.id(),
                    width,
                    names,
                    counts.stream()
                            .filter(count -> count.group().equals(account.id()))
                            .toList()));
        }
        if (summary.accounts().size() > 1) {
            lines.add(terminal.styled(Style.STRONG, row("all", width, names, counts)));
        }
        return lines;
    }

    private static String row(String label, int width, Set<String> names, List<Summary.Count> counts) {
        var row = new StringBuilder("  " + pad(label, width));
        for (String name : names) {
            row.append(number(
                    sum(counts.stream()
                            .filter(count -> count.name().equals(name))
                            .toList()),
                    10));
        }
        return row.append(number(sum(counts), 10)).toString();
    }

    private List<String> apps(List<Summary.App> apps) {
        if (apps.isEmpty()) {
            return List.of("  none yet");
        }
        long most = apps.stream().mapToLong(Summary.App::users).max().orElse(1);
        int width = Math.min(
                40, apps.stream().mapToInt(app -> columns(app.name())).max().orElse(10));
        return apps.stream()
                .map(app -> "  " + pad(cut(Terminal.safe(app.name()), width), width) + "  "
                        + terminal.styled(Style.GOOD, pad("█".repeat(length(app.users(), most)), BAR))
                        + number(app.users(), 7) + " users" + number(app.devices(), 7) + " devices")
                .toList();
    }

    private static String suppressed(List<Summary.Count> words) {
        return words.isEmpty()
                ? "no apps newly suppressed for their names since this start"
                : number(sum(words)) + " apps of devices suppressed for their names" + byName(words)
                        + "; they stay in the raw topic";
    }

    private static String unattributed(List<Summary.Count> accounts) {
        String by = accounts.stream()
                .map(count -> count.group() + " " + number(count.count()))
                .collect(Collectors.joining(", "));
        return number(sum(accounts)) + " devices without a user" + (by.isEmpty() ? "" : " (" + by + ")");
    }

    private static String byName(List<Summary.Count> counts) {
        return counts.stream()
                .map(count -> count.name() + " " + number(count.count()))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static int widest(Summary summary) {
        return summary.accounts().stream()
                        .mapToInt(account -> account.id().length())
                        .max()
                        .orElse(0)
                + 2;
    }

    private static int length(long count, long most) {
        return most == 0 ? 0 : (int) Math.max(1, count * BAR / most);
    }

    private String heading(String text) {
        return terminal.styled(Style.HEADING, text);
    }

    private String faint(String text) {
        return terminal.styled(Style.FAINT, text);
    }

    private static long sum(List<Summary.Count> counts) {
        return counts.stream().mapToLong(Summary.Count::count).sum();
    }

    private static String ago(Duration since) {
        long seconds = Math.max(0, since.toSeconds());
        if (seconds < 2) {
            return "just now";
        }
        return seconds < 120
                ? seconds + " s ago"
                : seconds < 7200 ? seconds / 60 + " min ago" : seconds / 3600 + " h ago";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String number(long number, int width) {
        return padLeft(number(number), width);
    }

    private static String cut(String text, int width) {
        if (columns(text) <= width) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, Math.min(width - 1, text.codePointCount(0, text.length()))))
                + "…";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - columns(text)));
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - columns(text))) + text;
    }

    private static int columns(String text) {
        return text.codePointCount(0, text.length());
    }
}
