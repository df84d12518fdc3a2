package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.usage.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventPrinterTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Terminal terminal = Terminal.plain(new PrintStream(written, true, StandardCharsets.UTF_8));
    private final EventLine line =
            new EventLine(terminal, ZoneOffset.UTC, (account, user) -> Optional.of("Ada Lovelace"));

    @Test
    void whatFitsAGlanceIsToldWhole() {
        printer(false).print(started(8));
        assertThat(lines()).hasSize(8).allMatch(text -> text.contains("Ada Lovelace has App "));
    }

    @Test
    void ofABurstTheFirstFewAreToldAndTheRestCounted() {
        printer(false).print(started(150));
        assertThat(lines()).hasSize(5);
        assertThat(lines().get(4))
                .isEqualTo("                    … and 146 more of the same (--all-events tells each)");
    }

    @Test
    void everyEventIsToldWhereThatIsWanted() {
        printer(true).print(started(150));
        assertThat(lines()).hasSize(150);
    }

    @Test
    void theBaselineIsNoNews() {
        Envelope baseline =
                EventLineTest.usage("usage.started", "r", "BASELINE", null, EventLineTest.app("u-1", "Figma", "1"));
        printer(true).print(new EventTail.Moment(List.of(), List.of(baseline)));
        assertThat(lines()).isEmpty();
    }

    private EventPrinter printer(boolean everyEvent) {
        return new EventPrinter(terminal, line, everyEvent);
    }

    private static EventTail.Moment started(int apps) {
        return new EventTail.Moment(
                List.of(),
                IntStream.range(0, apps)
                        .mapToObj(i -> EventLineTest.usage(
                                "usage.started",
                                "c",
                                "DEVICE_ENROLLED",
                                null,
                                EventLineTest.app("u-1", "App " + i, "1")))
                        .toList());
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
