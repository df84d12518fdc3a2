package dev.kandjistream.standalone.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a person reads. Text is UTF-8 whatever the locale says: names of people and apps are, and so are today's
 * terminals and log collectors.
 */
public final class Terminal {

    /** What colours and weights say. */
    public enum Style {
        GOOD("32"),
        BAD("31"),
        WARN("33"),
        STRONG("1"),
        FAINT("2"),
        HEADING("1;36");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private static final int NARROWEST = 60;
    private static final int WIDEST = 120;

    private final PrintStream out;
    private final boolean live;
    private final boolean colour;
    private final int width;

    Terminal(PrintStream out, boolean live, boolean colour, int width) {
        this.out = out;
        this.live = live;
        this.colour = colour;
        this.width = Math.max(NARROWEST, Math.min(WIDEST, width));
    }

    /**
     * Standard output. The launcher says by {@code -Dkandji-stream.terminal} whether a terminal is behind it (Java itself
     * cannot tell before 22) and by {@code -Dkandji-stream.columns} how wide it is.
     */
    public static Terminal standardOutput(Map<String, String> environment) {
        boolean terminal = Boolean.getBoolean("kandji-stream.terminal");
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean wantsColour = environment.getOrDefault("NO_COLOR", "").isEmpty();
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int columns = Integer.getInteger("kandji-stream.columns", 100);
        return new Terminal(out, terminal && !dumb, terminal && !dumb && wantsColour, columns);
    }

    /** Plain lines to anywhere. */
    public static Terminal plain(PrintStream out) {
        return new Terminal(out, false, false, 100);
    }

    /** Whether lines can be drawn over. */
    boolean live() {
        return live;
    }

    int width() {
        return width;
    }

    /** The text in a style, where there are styles. */
    public String styled(Style style, String text) {
        return colour ? "\u001B[" + style.code + "m" + text + "\u001B[0m" : text;
    }

    /** A check mark, green where there is colour; or a cross. */
    public String mark(boolean good) {
        return good ? styled(Style.GOOD, "✔") : styled(Style.BAD, "✘");
    }

    /** The text without control characters: what a tenant calls its apps must not steer anybody's terminal. */
    public static String safe(String text) {
        return text.codePoints().anyMatch(Character::isISOControl)
                ? text.codePoints()
                        .map(c -> Character.isISOControl(c) ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    public void line(String text) {
        out.println(text);
    }

    public void line() {
        out.println();
    }

    /** Writes raw text at once. */
    void raw(String text) {
        out.print(text);
        out.flush();
    }
}
