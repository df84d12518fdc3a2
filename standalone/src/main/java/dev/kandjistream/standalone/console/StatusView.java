package dev.kandjistream.standalone.console;

import dev.kandjistream.config.Durations;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sweeps in full, as lines: connection, verdict, freshness, quota, what is withheld. */
public final class StatusView {
    private static final int ITEMS = 5;

    private final Terminal terminal;
    private final Instant now;

    public StatusView(Terminal terminal, Instant now) {
        this.terminal = terminal;
        this.now = now;
    }

    /** @param applied since when a sweep stands in the tables, by its id; empty where nobody was asked */
    public List<String> lines(List<SweepReceipt> receipts, Map<String, Instant> applied) {
        if (receipts.isEmpty()) {
            return List.of("No sweep has been made yet.");
        }
        List<String> lines = new ArrayList<>();
        for (SweepReceipt receipt : receipts) {
            lines.addAll(receipt(receipt, applied.get(receipt.getSweepId())));
        }
        return lines;
    }

    private List<String> receipt(SweepReceipt receipt, Instant appliedAt) {
        List<String> lines = new ArrayList<>();
        boolean connected = receipt.getConnection().equals("CONNECTED");
        String connection = receipt.getConnection().toLowerCase(Locale.ROOT);
        lines.add(terminal.mark(connected) + " " + terminal.styled(Style.STRONG, receipt.getAccountId()) + "  "
                + receipt.getKind() + "  " + (connected ? connection : terminal.styled(Style.BAD, connection)) + "  "
                + receipt.getVerdict() + " " + ago(receipt.getFinishedAt()));
        if (receipt.getEndpoint() != null) {
            lines.add(line(
                    "endpoint",
                    receipt.getEndpoint() + (receipt.getStatus() == null ? "" : " answered " + receipt.getStatus())));
        }
        if (receipt.getReason() != null) {
            lines.add(line("reason", receipt.getReason()));
        }
        lines.add(line("freshness", freshness(receipt)));
        if (appliedAt != null) {
            lines.add(line("tables", "hold it since " + appliedAt));
        }
        lines.add(line(
                "read",
                String.format(
                        Locale.ROOT,
                        "%,d rows%s of %,d devices in %,d requests",
                        receipt.getRows(),
                        receipt.getClaimedTotal() == null
                                ? ""
                                : String.format(Locale.ROOT, " (%,d claimed)", receipt.getClaimedTotal()),
                        receipt.getDevices(),
                        receipt.getRequests())));
        if (receipt.getQuota() != null) {
            lines.add(line("quota", quota(receipt.getQuota())));
        }
        lines.addAll(fields(receipt));
        lines.addAll(unread(receipt));
        if (receipt.getWithheld() > 0) {
            lines.add(line("withheld", String.format(Locale.ROOT, "%,d", receipt.getWithheld())));
            lines.addAll(new RetractionsView(terminal).items(receipt, ITEMS));
        }
        return lines;
    }

    private List<String> fields(SweepReceipt receipt) {
        return receipt.getShape().stream()
                .map(problem -> line(
                        "field",
                        String.format(
                                Locale.ROOT,
                                "%s: %s on %,d of %,d rows%s",
                                problem.getField(),
                                problem.getProblem(),
                                problem.getRows(),
                                problem.getOf(),
                                problem.getQuarantines() ? ", what depends on it is withheld" : "")))
                .toList();
    }

    private List<String> unread(SweepReceipt receipt) {
        var unread = new UnreadSummary(receipt);
        if (unread.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(line("unread", unread.counts()));
        receipt.getUnreadDevices().stream()
                .limit(ITEMS)
                .map(device ->
                        "    " + " ".repeat(11) + Terminal.safe(device.getDeviceId() + "  " + device.getReason()))
                .forEach(lines::add);
        unread.more(ITEMS).ifPresent(more -> lines.add(line("", more)));
        return lines;
    }

    private String freshness(SweepReceipt receipt) {
        boolean changes = Status.isOfChanges(receipt.getKind());
        if (receipt.getLastCompleteAt() == null) {
            return changes ? "no changes were read whole yet" : "no complete sweep yet";
        }
        return (changes ? "changes last read whole " : "last complete ") + ago(receipt.getLastCompleteAt());
    }

    private static String quota(Quota quota) {
        String spent = String.format(
                Locale.ROOT, "%,d of %,d requests in the hour before", quota.getSpent(), quota.getLimit());
        return quota.getRemaining() == null
                ? spent
                : spent + String.format(Locale.ROOT, ", %,d left to the tenant", quota.getRemaining());
    }

    private static String line(String what, String text) {
        return "    " + String.format("%-10s ", what) + Terminal.safe(text);
    }

    private String ago(Instant then) {
        return Durations.format(Duration.ofSeconds(
                        Math.max(0, Duration.between(then, now).toSeconds()))) + " ago";
    }
}
