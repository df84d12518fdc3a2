package dev.kandjistream.standalone.console;

import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How accounts stand, a line for each account and kind, so that a thousand accounts can be looked through; then in full whatever
 * asks for attention.
 */
public final class StatusTable {
    private static final List<String> HEAD =
            List.of("account", "kind", "connection", "last sweep", "complete", "quota", "withheld", "under way");
    private static final String NONE = "-";

    private final Terminal terminal;
    private final Instant now;
    private final ZoneId zone;

    /** @param zone for times of the day */
    public StatusTable(Terminal terminal, Instant now, ZoneId zone) {
        this.terminal = terminal;
        this.now = now;
        this.zone = zone;
    }

    private record Row(boolean good, List<String> cells) {
        String account() {
            return cells.get(0);
        }

        String kind() {
            return cells.get(1);
        }
    }

    /** @param everything tell in full what is well, too */
    public List<String> lines(Status status, boolean everything) {
        var rows = new ArrayList<Row>();
        status.receipts().forEach(receipt -> rows.add(row(status, receipt)));
        status.first().forEach(progress -> rows.add(row(progress)));
        rows.sort(Comparator.comparing(Row::account)
                .thenComparing(row -> Status.rank(row.kind()))
                .thenComparing(Row::kind));
        List<String> lines = rows.isEmpty() ? new ArrayList<>() : table(rows);
        if (rows.isEmpty() && status.unswept().isEmpty()) {
            lines.add("No sweep has been made yet.");
        } else if (!status.unswept().isEmpty()) {
            lines.add("No sweep has been made yet of " + String.join(", ", status.unswept()) + ".");
        }
        List<SweepReceipt> told = status.receipts().stream()
                .filter(receipt -> everything || asksForAttention(receipt))
                .toList();
        if (!told.isEmpty()) {
            lines.add("");
            lines.addAll(new StatusView(terminal, now).lines(told, status.applied()));
        }
        List<String> tables = status.tables().sentences();
        if (!tables.isEmpty()) {
            lines.add("");
            tables.forEach(sentence -> lines.add(terminal.mark(false) + " " + Terminal.safe(sentence)));
        }
        return lines;
    }

    private static boolean asksForAttention(SweepReceipt receipt) {
        return !isWell(receipt) || receipt.getWithheld() > 0;
    }

    private static boolean isWell(SweepReceipt receipt) {
        return SweepConsole.isGood(receipt) || Status.isUnpermittedLook(receipt);
    }

    private Row row(Status status, SweepReceipt receipt) {
        return new Row(
                isWell(receipt),
                List.of(
                        receipt.getAccountId(),
                        receipt.getKind(),
                        receipt.getConnection().toLowerCase(Locale.ROOT),
                        (Status.isUnpermittedLook(receipt) ? "not permitted" : receipt.getVerdict()) + " "
                                + age(receipt.getFinishedAt()) + " ago",
                        receipt.getLastCompleteAt() == null ? "never" : age(receipt.getLastCompleteAt()) + " ago",
                        quota(receipt.getQuota()),
                        receipt.getWithheld() == 0 ? NONE : String.format(Locale.ROOT, "%,d", receipt.getWithheld()),
                        status.running(receipt)
                                .map(progress -> ProgressText.of(progress, zone))
                                .orElse(NONE)));
    }

    /** A sweep that is the first of its kind. */
    private Row row(SweepProgress progress) {
        return new Row(
                true,
                List.of(
                        progress.getAccountId(),
                        progress.getKind(),
                        NONE,
                        "the first",
                        "never",
                        NONE,
                        NONE,
                        ProgressText.of(progress, zone)));
    }

    private static String quota(Quota quota) {
        return quota == null ? NONE : String.format(Locale.ROOT, "%,d of %,d", quota.getSpent(), quota.getLimit());
    }

    /** To the minute where it is more than one: this is for looking through. */
    private String age(Instant then) {
        Duration age = Duration.between(then, now);
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h" + String.format(Locale.ROOT, "%02dm", seconds / 60 % 60)
                : seconds / 86_400 + "d" + seconds / 3600 % 24 + "h";
    }

    private List<String> table(List<Row> rows) {
        int[] widths = new int[HEAD.size()];
        for (int column = 0; column < widths.length; column++) {
            int number = column;
            widths[column] = Math.max(
                    HEAD.get(column).length(),
                    rows.stream()
                            .mapToInt(row -> row.cells().get(number).length())
                            .max()
                            .orElse(0));
        }
        var lines = new ArrayList<String>();
        lines.add(terminal.styled(Style.FAINT, "  " + cells(HEAD, widths)));
        for (Row row : rows) {
            lines.add(terminal.mark(row.good()) + " " + Terminal.safe(cells(row.cells(), widths)));
        }
        return lines;
    }

    private static String cells(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            line.append(String.format("%-" + widths[column] + "s  ", cells.get(column)));
        }
        return line.toString().stripTrailing();
    }
}
