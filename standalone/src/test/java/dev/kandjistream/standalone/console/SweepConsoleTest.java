package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.standalone.console.SweepConsole.Mode;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What whoever runs {@code up} or {@code demo} reads of sweeps that are not whole. */
class SweepConsoleTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final SweepConsole console =
            new SweepConsole(Terminal.plain(new PrintStream(written, true, StandardCharsets.UTF_8)));

    /** Avro fills in defaults only of records that somebody trusted. */
    @BeforeAll
    static void trustOurRecords() {
        AvroSerdes.serializer(new Topics("any").sweeps(), Map.of("schema.registry.url", "http://127.0.0.1:1"))
                .close();
    }

    private static SweepReceipt receipt(String account, String verdict, String connection) {
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind("devices")
                .setSweepId("sweep")
                .setStartedAt(Instant.EPOCH)
                .setFinishedAt(Instant.EPOCH)
                .setVerdict(verdict)
                .setReason(verdict.equals("COMPLETE") ? null : "so it is")
                .setConnection(connection)
                .setRequests(1)
                .setPages(1)
                .setRows(10)
                .setDevices(10)
                .setPublished(0)
                .setUnchanged(10)
                .setRetracted(0)
                .setWithheld(verdict.equals("QUARANTINED") ? 9 : 0)
                .setOversized(0)
                .build();
    }

    /** What these sweeps make it write, without the time of day. */
    private List<String> told(SweepReceipt... receipts) {
        written.reset();
        for (SweepReceipt receipt : receipts) {
            console.receipt(receipt);
        }
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d  ", ""))
                .toList();
    }

    @Test
    void troubleIsToldWhenItBeginsBecomesAnotherAndEnds() {
        console.tell(Mode.TROUBLE);
        assertThat(told(receipt("acme", "COMPLETE", "CONNECTED"))).isEmpty();
        assertThat(told(receipt("acme", "QUARANTINED", "CONNECTED"), receipt("acme", "QUARANTINED", "CONNECTED")))
                .containsExactly(
                        "✘ acme      devices  QUARANTINED, so it is; 10 rows of 10 devices in 1 request:"
                                + " 0 published, 10 unchanged, 9 withheld",
                        "            kandji-stream retractions list tells what is withheld; retractions approve or reject"
                                + " decides about it");
        assertThat(told(receipt("acme", "FAILED", "UNAUTHORIZED"))).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("✘ acme      devices  FAILED UNAUTHORIZED, so it is; ");
            assertThat(lines.get(1)).contains("Create a token in Kandji");
        });
        assertThat(told(receipt("acme", "COMPLETE", "CONNECTED"), receipt("acme", "COMPLETE", "CONNECTED")))
                .containsExactly("✔ acme      devices  whole again: 10 rows of 10 devices in 1 request:"
                        + " 0 published, 10 unchanged");
    }

    @Test
    void eachAccountHasItsOwnTrouble() {
        assertThat(told(receipt("acme", "INCOMPLETE", "CONNECTED"), receipt("globex", "INCOMPLETE", "CONNECTED")))
                .hasSize(4)
                .contains("            what was read goes out, nothing is retracted; it is swept again by itself,"
                        + " within half an hour");
    }

    @Test
    void whatTheBarsHaveToldIsNotToldAgain() {
        console.tell(Mode.BARS);
        assertThat(told(receipt("acme", "INCOMPLETE", "CONNECTED"))).hasSize(1);
        console.tell(Mode.TROUBLE);
        assertThat(told(receipt("acme", "INCOMPLETE", "CONNECTED"))).isEmpty();
    }
}
