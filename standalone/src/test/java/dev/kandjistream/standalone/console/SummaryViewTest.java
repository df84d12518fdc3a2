package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryViewTest {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private static final Summary.Account ACME = new Summary.Account(
            "acme",
            1000,
            List.of(
                    sweep("devices", "COMPLETE", null, "CONNECTED", 1000),
                    sweep("apps", "COMPLETE", null, "CONNECTED", 109_214)));
    private static final Summary.Account GLOBEX = new Summary.Account(
            "globex",
            200,
            List.of(
                    sweep("devices", "COMPLETE", null, "CONNECTED", 200),
                    sweep("apps", "INCOMPLETE", "page 7 of /prism/apps answered 500", "CONNECTED", 21_000)));

    private static final Summary SUMMARY = new Summary(
            List.of(ACME, GLOBEX),
            List.of(
                    new Summary.Count("acme", "AppleTV", 4),
                    new Summary.Count("acme", "Mac", 690),
                    new Summary.Count("acme", "iPhone", 170),
                    new Summary.Count("globex", "Mac", 140)),
            List.of(new Summary.Count("acme", "ACTIVE", 800), new Summary.Count("globex", "ARCHIVED", 3)),
            List.of(new Summary.App("Google Chrome", 800, 900), new Summary.App("Übersicht\u001B[2J", 100, 101)),
            412,
            List.of(new Summary.Count("acme", "", 36), new Summary.Count("globex", "", 7)),
            List.of(new Summary.Count("", "helper", 4100), new Summary.Count("", "updater", 1900)));

    @Test
    void aPersonReadsItAtAGlance() {
        String text = String.join("\n", new SummaryView(plain(), NOW).lines(SUMMARY));
        assertThat(text).isEqualTo("""
                Accounts
                  ✔ acme      connected       1,000 devices   1,000 device rows 30 s ago   109,214 app rows 30 s ago
                  ✘ globex    connected         200 devices   200 device rows 30 s ago   21,000 app rows 30 s ago
                    apps INCOMPLETE: page 7 of /prism/apps answered 500

                Seats by license type
                                 Mac    iPhone      iPad   AppleTV       all
                  acme           690       170         0         4       864
                  globex         140         0         0         0       140
                  all            830       170         0         4     1,004

                Users by status
                              active  archived       all
                  acme           800         0       800
                  globex           0         3         3
                  all            800         3       803

                Most widespread apps  of 412, Apple's own not shown
                  Google Chrome  ████████████████████████    800 users    900 devices
                  Übersicht?[2J  ███                         100 users    101 devices

                Left out
                  6,000 apps of devices suppressed for their names (helper 4,100, updater 1,900); they stay in the raw topic
                  43 devices without a user (acme 36, globex 7)""");
    }

    @Test
    void emptyTablesMakeAnEmptySummaryAndNoFault() {
        var nothing = new Summary(
                List.of(new Summary.Account("acme", 0, List.of())),
                List.of(),
                List.of(),
                List.of(),
                0,
                List.of(),
                List.of());
        assertThat(new SummaryView(plain(), NOW).lines(nothing))
                .contains(
                        "  ✘ acme    not swept yet       0 devices   ",
                        "  none yet",
                        "  no apps newly suppressed for their names since this start",
                        "  0 devices without a user");
    }

    @Test
    void marksAreGreenAndRedOnAColourTerminal() {
        var colourful = new Terminal(stream(new ByteArrayOutputStream()), true, true, 100);
        List<String> lines = new SummaryView(colourful, NOW).lines(SUMMARY);
        assertThat(lines.get(1)).contains("\u001B[32m✔\u001B[0m");
        assertThat(lines.get(2)).contains("\u001B[31m✘\u001B[0m");
    }

    private static Summary.Sweep sweep(String kind, String verdict, String reason, String connection, long rows) {
        return new Summary.Sweep(kind, verdict, Optional.ofNullable(reason), connection, rows, NOW.minusSeconds(30));
    }

    private static Terminal plain() {
        return Terminal.plain(stream(new ByteArrayOutputStream()));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
