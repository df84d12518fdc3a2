package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is withheld, as lines: each item with what is missing, since when, why it waits, and what was decided. */
public final class RetractionsView {
    private final Terminal terminal;

    public RetractionsView(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Everything that receipts list, by account and kind. */
    public List<String> lines(List<SweepReceipt> receipts) {
        List<String> lines = new ArrayList<>();
        for (SweepReceipt receipt : receipts) {
            if (receipt.getWithheld() > 0) {
                lines.add(terminal.styled(Style.STRONG, receipt.getAccountId()) + "  " + receipt.getKind() + "  "
                        + String.format(Locale.ROOT, "%,d withheld", receipt.getWithheld()));
                lines.addAll(items(receipt, Integer.MAX_VALUE));
            }
        }
        return lines.isEmpty() ? List.of("Nothing is withheld.") : lines;
    }

    /** The first so many of a receipt, and how many there are beyond. */
    List<String> items(SweepReceipt receipt, int most) {
        List<String> lines = new ArrayList<>();
        List<WithheldRetraction> items = receipt.getWithheldRetractions();
        items.stream().limit(most).forEach(item -> lines.add(item(item)));
        long more = receipt.getWithheld() - lines.size();
        if (more > 0) {
            lines.add(terminal.styled(Style.FAINT, String.format(Locale.ROOT, "    … and %,d more", more)));
        }
        return lines;
    }

    private String item(WithheldRetraction item) {
        String since = item.getSince() == null
                ? "not yet missed by a complete sweep"
                : "since " + item.getSince().toString() + ", " + item.getSweeps()
                        + (item.getSweeps() == 1 ? " sweep" : " sweeps");
        String order = item.getOrder() == null
                ? ""
                : "  "
                        + terminal.styled(
                                item.getOrder().equals("APPROVED") ? Style.GOOD : Style.WARN,
                                item.getOrder().toLowerCase(Locale.ROOT));
        return "    " + String.format("%-8s", item.getWhat()) + Terminal.safe(item.getDeviceId()) + "  " + since + order
                + "  " + terminal.styled(Style.FAINT, Terminal.safe(item.getReason()));
    }
}
