package dev.kandjistream.standalone.console;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Tells of sweeps: by bars while somebody waits for them, else by a line for each that found something. Trouble is told when it
 * changes, with what to do about it, not with every sweep that meets it again.
 */
public final class SweepConsole implements SweepListener {

    /** How much is told. */
    public enum Mode {
        /** A bar for each sweep under way. */
        BARS,
        /** A line for each sweep that changed something, and for trouble that begins or ends. */
        NEWS,
        /** Only trouble that begins or ends. */
        TROUBLE
    }

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Terminal terminal;
    private final SweepBars bars;
    private final SweepTrouble trouble = new SweepTrouble();
    private volatile Mode mode = Mode.NEWS;

    public SweepConsole(Terminal terminal) {
        this.terminal = terminal;
        this.bars = new SweepBars(terminal);
    }

    /** From now on tells so much. */
    public void tell(Mode newMode) {
        if (mode == Mode.BARS) {
            bars.close();
        }
        mode = newMode;
    }

    @Override
    public void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {
        if (mode == Mode.BARS) {
            bars.progress(accountId, kind.word(), rowsRead, claimedTotal);
        }
    }

    @Override
    public void receipt(SweepReceipt receipt) {
        var news = trouble.of(receipt);
        if (mode == Mode.BARS) {
            bars.end(receipt.getAccountId(), receipt.getKind(), isGood(receipt), describe(receipt));
        } else if (news.isPresent()) {
            tell(receipt, news.get().good(), news.get().text());
            news.get()
                    .advice()
                    .ifPresent(advice -> terminal.line(terminal.styled(Style.FAINT, " ".repeat(12) + advice)));
        } else if (mode == Mode.NEWS && receipt.getPublished() + receipt.getRetracted() > 0) {
            tell(receipt, isGood(receipt), describe(receipt));
        }
    }

    private void tell(SweepReceipt receipt, boolean good, String text) {
        String clock = CLOCK.format(Clock.systemUTC().instant().atZone(ZoneId.systemDefault()));
        terminal.line(terminal.styled(Style.FAINT, clock) + "  " + terminal.mark(good) + " "
                + String.format("%-10s%-9s", receipt.getAccountId(), receipt.getKind()) + text);
    }

    /** Tells that everything of the sweep stands in the tables. */
    public void applied(SweepReceipt receipt) {
        terminal.line("  " + terminal.mark(true) + " "
                + String.format("%-10s%-9s", receipt.getAccountId(), receipt.getKind()) + "in the tables");
    }

    /** Whether the sweep read everything and nothing of it was held back. */
    public static boolean isGood(SweepReceipt receipt) {
        return receipt.getVerdict().equals("COMPLETE")
                && receipt.getConnection().equals("CONNECTED");
    }

    /** What the sweep found, or why it was not whole. */
    static String describe(SweepReceipt receipt) {
        String read = String.format(
                Locale.ROOT,
                "%s of %s in %s: ",
                count(receipt.getRows(), "row"),
                count(receipt.getDevices(), "device"),
                count(receipt.getRequests(), "request"));
        String found = String.format(
                Locale.ROOT, "%,d published, %,d unchanged", receipt.getPublished(), receipt.getUnchanged());
        String retracted = receipt.getRetracted() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d retracted", receipt.getRetracted());
        String withheld =
                receipt.getWithheld() == 0 ? "" : String.format(Locale.ROOT, ", %,d withheld", receipt.getWithheld());
        String oversized = receipt.getOversized() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d too large", receipt.getOversized());
        String unread = receipt.getUnread() == 0 ? "" : String.format(Locale.ROOT, ", %,d unread", receipt.getUnread());
        return (isGood(receipt) ? "" : trouble(receipt) + "; ")
                + read
                + found
                + retracted
                + withheld
                + oversized
                + unread;
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, number == 1 ? "%,d %s" : "%,d %ss", number, what);
    }

    /** Which sweep, and why it was not whole. */
    public static String describeTrouble(SweepReceipt receipt) {
        return receipt.getAccountId() + ": " + receipt.getKind() + " not swept whole: " + trouble(receipt);
    }

    private static String trouble(SweepReceipt receipt) {
        String connection = receipt.getConnection().equals("CONNECTED") ? "" : " " + receipt.getConnection();
        String reason = receipt.getReason() == null ? "" : ", " + Terminal.safe(receipt.getReason());
        return receipt.getVerdict() + connection + reason;
    }
}
