package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.console.Terminal.Style;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A progress bar per sweep. On a terminal the bars are drawn over; elsewhere each sweep gives a line at every quarter
 * and one at its end. Sweeps report from their own threads.
 */
public final class SweepBars {
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final int BAR = 30;

    private final Terminal terminal;
    private final Map<String, Bar> bars = new LinkedHashMap<>();
    private int drawn;
    private long drawnAt = System.nanoTime() - REDRAW.toNanos();

    public SweepBars(Terminal terminal) {
        this.terminal = terminal;
    }

    private static final class Bar {
        private final String account;
        private final String kind;
        private long rows;
        private OptionalLong total = OptionalLong.empty();
        private int quarter;
        private String end;

        private Bar(String account, String kind) {
            this.account = account;
            this.kind = kind;
        }
    }

    /** @param total rows there are to read, as the API says; empty where it does not say */
    public synchronized void progress(String account, String kind, long rows, OptionalLong total) {
        Bar bar = bar(account, kind);
        if (bar.end != null) {
            return;
        }
        bar.rows = rows;
        bar.total = total;
        if (terminal.live()) {
            redraw(false);
        } else {
            printQuarter(bar);
        }
    }

    /** @param good whether the sweep was complete */
    public synchronized void end(String account, String kind, boolean good, String text) {
        Bar bar = bar(account, kind);
        bar.end = terminal.mark(good) + " " + label(bar) + text;
        if (terminal.live()) {
            redraw(true);
        } else {
            terminal.line("  " + bar.end);
        }
    }

    /** Forgets the bars, which stay on the screen as they are; those that come after are drawn below. */
    public synchronized void close() {
        if (terminal.live()) {
            redraw(true);
        }
        bars.clear();
        drawn = 0;
    }

    private Bar bar(String account, String kind) {
        return bars.computeIfAbsent(account + "/" + kind, key -> new Bar(account, kind));
    }

    private void printQuarter(Bar bar) {
        long total = bar.total.orElse(0);
        int quarter = total > 0 ? (int) Math.min(4, 4 * bar.rows / total) : 0;
        // The end has a line of its own.
        if (quarter > bar.quarter && quarter < 4) {
            bar.quarter = quarter;
            terminal.line("    " + label(bar) + 100 * bar.rows / total + " %, " + rows(bar) + " rows");
        }
    }

    private void redraw(boolean now) {
        if (!now && System.nanoTime() - drawnAt < REDRAW.toNanos()) {
            return;
        }
        drawnAt = System.nanoTime();
        var text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001B[").append(drawn).append('A');
        }
        bars.values().forEach(bar -> text.append("\r  ").append(line(bar)).append("\u001B[K\n"));
        drawn = bars.size();
        terminal.raw(text.toString());
    }

    private String line(Bar bar) {
        if (bar.end != null) {
            return bar.end;
        }
        long total = bar.total.orElse(0);
        int full = total == 0 ? 0 : (int) Math.min(BAR, BAR * bar.rows / total);
        return "  " + label(bar) + terminal.styled(Style.GOOD, "█".repeat(full))
                + terminal.styled(Style.FAINT, "░".repeat(BAR - full)) + " " + rows(bar);
    }

    private static String label(Bar bar) {
        return String.format("%-10s%-9s", bar.account, bar.kind);
    }

    private static String rows(Bar bar) {
        String read = String.format(Locale.ROOT, "%,d", bar.rows);
        return bar.total.isPresent() ? read + " of " + String.format(Locale.ROOT, "%,d", bar.total.getAsLong()) : read;
    }
}
