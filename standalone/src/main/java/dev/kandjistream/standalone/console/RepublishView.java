package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.run.Republication;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Accounts that are published again: what that will be, how far it is, what came of it. */
public final class RepublishView {
    private final Terminal terminal;

    public RepublishView(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A line for each account, by its latest full sweeps. */
    public List<String> plan(List<SweepReceipt> latest) {
        List<String> lines = new ArrayList<>();
        for (SweepReceipt receipt : latest) {
            if (receipt.getKind().equals("devices") || receipt.getKind().equals("apps")) {
                lines.add("  " + receipt.getAccountId() + ": " + number(receipt.getDevices()) + " records of "
                        + receipt.getKind() + " to publish, by its latest sweep");
            }
        }
        lines.add("Nothing was written (--dry-run).");
        return lines;
    }

    /** A sweep that has ended. */
    public String receipt(SweepReceipt receipt) {
        return "  " + receipt.getAccountId() + " " + receipt.getKind() + ": " + receipt.getVerdict() + ", "
                + number(receipt.getPublished()) + " published, " + number(receipt.getUnpublished()) + " left"
                + (receipt.getReason() == null ? "" : " (" + receipt.getReason() + ")");
    }

    /** What came of an account. */
    public List<String> outcome(Republication account) {
        String head = terminal.mark(account.isWhole()) + " " + account.account() + ": ";
        if (account.refusal().isPresent()) {
            return List.of(head + "the poller answered " + account.refusal().get() + ". Does it run in this version?");
        }
        if (account.isWhole()) {
            return List.of(head + "everything is published again");
        }
        String left = account.unpublished().entrySet().stream()
                .map(kind -> number(kind.getValue()) + " devices (" + kind.getKey() + ")")
                .collect(Collectors.joining(", "));
        return List.of(
                head + "published again but for " + left + ", which the sweep did not show or whose change waits for"
                        + " evidence. They follow when they are shown again or decided: kandji-stream retractions list.");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
