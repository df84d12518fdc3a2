package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SweepBarsTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void elsewhereThanOnATerminalEachQuarterIsALine() {
        var bars = new SweepBars(Terminal.plain(out));
        for (int rows = 100; rows <= 1000; rows += 100) {
            bars.progress("acme", "devices", rows, OptionalLong.of(1000));
        }
        bars.end("acme", "devices", true, "1,000 rows");
        bars.close();
        assertThat(text()).isEqualTo("""
                    acme      devices  30 %, 300 of 1,000 rows
                    acme      devices  50 %, 500 of 1,000 rows
                    acme      devices  80 %, 800 of 1,000 rows
                  ✔ acme      devices  1,000 rows
                """);
    }

    @Test
    void whatIsAllReadAtOnceIsToldByItsEndAlone() {
        var bars = new SweepBars(Terminal.plain(out));
        bars.progress("acme", "devices", 200, OptionalLong.of(200));
        bars.end("acme", "devices", true, "200 rows");
        bars.close();
        assertThat(text()).isEqualTo("  ✔ acme      devices  200 rows\n");
    }

    @Test
    void onATerminalBarsAreDrawnOver() {
        var bars = new SweepBars(new Terminal(out, true, false, 100));
        bars.progress("acme", "apps", 500, OptionalLong.of(1000));
        bars.end("acme", "apps", false, "500 rows");
        bars.close();
        assertThat(text())
                .isEqualTo("\r    acme      apps     ███████████████░░░░░░░░░░░░░░░ 500 of 1,000\u001B[K\n"
                        + "\u001B[1A\r  ✘ acme      apps     500 rows\u001B[K\n"
                        + "\u001B[1A\r  ✘ acme      apps     500 rows\u001B[K\n");
    }

    @Test
    void aTotalThatIsUnknownOrTooSmallDrawsNoMoreThanThereIs() {
        var bars = new SweepBars(new Terminal(out, true, false, 100));
        bars.progress("acme", "apps", 500, OptionalLong.empty());
        assertThat(text()).contains("░░░ 500\u001B[K");
        bars.close();
        var over = new SweepBars(new Terminal(out, true, false, 100));
        over.progress("acme", "apps", 500, OptionalLong.of(400));
        assertThat(text()).contains("█".repeat(30) + " 500 of 400");
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
