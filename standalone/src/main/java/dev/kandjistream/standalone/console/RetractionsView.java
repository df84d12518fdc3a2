package dev.kandjistream.standalone.console;

import dev.kandjistream.kandji.domain.PlainTime;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints withheld retractions, one line each: what would end, before and after, since when, why it waits, the decision. */
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
        long listed = items.stream()
                .limit(most)
                .map(WithheldRetraction::getDeviceId)
                .distinct()
                .count();
        long more = receipt.getWithheld() - listed;
        if (more > 0) {
            lines.add(terminal.styled(Style.FAINT, String.format(Locale.ROOT, "    … and %,d more", more)));
        }
        return lines;
    }

    private String item(WithheldRetraction item) {
        String since = item.getSince() == null
                ? "not yet shown by a complete sweep"
                : "since " + item.getSince() + ", " + item.getSweeps() + (item.getSweeps() == 1 ? " sweep" : " sweeps")
                        + stood(item);
        // The reason of what was rejected says so.
        String order = item.getOrder() == null
                        || item.getReason().startsWith(item.getOrder().toLowerCase(Locale.ROOT))
                ? ""
                : "  "
                        + terminal.styled(
                                item.getOrder().equals("APPROVED") ? Style.GOOD : Style.WARN,
                                item.getOrder().toLowerCase(Locale.ROOT));
        return "    " + String.format("%-12s ", item.getWhat()) + Terminal.safe(item.getDeviceId()) + "  "
                + change(item) + since + order + "  " + terminal.styled(Style.FAINT, Terminal.safe(item.getReason()));
    }

    private static String stood(WithheldRetraction item) {
        return item.getStoodMs() == 0 ? "" : ", stood for " + PlainTime.of(Duration.ofMillis(item.getStoodMs()));
    }

    /** The published value and the value read instead; nothing if the receipt shows neither. */
    private static String change(WithheldRetraction item) {
        if (item.getBefore() == null && item.getAfter() == null) {
            return "";
        }
        String before = item.getBefore() == null ? "nothing" : item.getBefore();
        String after = item.getAfter() == null ? "nothing" : item.getAfter();
        return Terminal.safe(before + " -> " + after) + "  ";
    }
}
