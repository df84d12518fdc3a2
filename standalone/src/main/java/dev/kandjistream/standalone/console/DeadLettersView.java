package dev.kandjistream.standalone.console;

import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.standalone.run.DeadLetter;
import dev.kandjistream.standalone.run.DeadLetterLog.Listed;
import dev.kandjistream.standalone.run.Redrive;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** Prints dead letters for people. */
public final class DeadLettersView {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final int SHOWN_BYTES = 64;

    private final Terminal terminal;
    private final ZoneId zone;

    public DeadLettersView(Terminal terminal, ZoneId zone) {
        this.terminal = terminal;
        this.zone = zone;
    }

    /** Two lines each: where it came from, and why it could not be read. */
    public List<String> list(List<Listed> letters) {
        if (letters.isEmpty()) {
            return List.of("There are no dead letters.");
        }
        List<String> lines = new ArrayList<>();
        for (Listed listed : letters) {
            DeadLetter letter = listed.letter();
            lines.add(terminal.styled(Style.STRONG, String.format("%-8s", letter.id())) + time(letter) + "  "
                    + Terminal.safe(letter.by()) + "  " + origin(letter) + "  " + Terminal.safe(letter.keyText()) + "  "
                    + terminal.styled(Style.FAINT, size(listed.bytes())));
            lines.add("        " + Terminal.safe(letter.cause()));
        }
        return lines;
    }

    /** All of one letter. */
    public List<String> show(DeadLetter letter, Readable value) {
        List<String> lines = new ArrayList<>();
        lines.add(line("id", letter.id()));
        lines.add(line("time", time(letter)));
        lines.add(line("hop", Terminal.safe(letter.by())));
        lines.add(line("from", origin(letter)));
        lines.add(line("reason", Terminal.safe(letter.cause())));
        lines.add(line("key", letter.key() == null ? "none" : Terminal.safe(letter.keyText())));
        for (Header header : letter.headers()) {
            lines.add(line("header", Terminal.safe(header.key() + "=" + text(header.value()))));
        }
        lines.add(line("value", letter.value() == null ? "null, a tombstone" : size(letter.bytes())));
        letter.schemaId().ifPresent(id -> lines.add(line("schema id", String.valueOf(id))));
        lines.add(line("schema", value.schema().map(Terminal::safe).orElse("none can be had")));
        value.json().ifPresent(json -> lines.add(line("content", Terminal.safe(json))));
        if (value.json().isEmpty() && letter.value() != null) {
            lines.add(line("bytes", hex(letter.value())));
        }
        return lines;
    }

    /**
     * What of a value can be read.
     *
     * @param schema full name of the schema that its id has in the registry now; empty where there is none
     * @param json the value as JSON; empty where it does not fit that schema
     */
    public record Readable(Optional<String> schema, Optional<String> json) {}

    /** What became of a letter. */
    public String redriven(Redrive.Result result, boolean dryRun) {
        boolean skipped = result.skipped() != null;
        String outcome = skipped ? "skipped: " + result.skipped() : dryRun ? "would be redriven" : "redriven";
        return String.format("%-8s", result.letter().id()) + origin(result.letter()) + "  "
                + Terminal.safe(result.letter().keyText()) + "  "
                + terminal.styled(skipped ? Style.WARN : Style.GOOD, outcome);
    }

    /** The last line of a redrive. */
    public String counted(long redriven, long skipped, boolean dryRun) {
        return String.format(Locale.ROOT, "%,d %s, %,d skipped", redriven, dryRun ? "to redrive" : "redriven", skipped);
    }

    private static String line(String name, String text) {
        return String.format("%-10s", name) + text;
    }

    private String time(DeadLetter letter) {
        return TIME.withZone(zone).format(letter.time());
    }

    private static String origin(DeadLetter letter) {
        return letter.topic().isEmpty()
                ? "unknown topic"
                : Terminal.safe(letter.topic()) + " " + letter.partition() + ":" + letter.offset();
    }

    private static String size(int bytes) {
        return String.format(Locale.ROOT, "%,d bytes", bytes);
    }

    private static String text(byte[] value) {
        return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] value) {
        int shown = Math.min(value.length, SHOWN_BYTES);
        return HexFormat.of().formatHex(value, 0, shown) + (shown < value.length ? "…" : "");
    }
}
