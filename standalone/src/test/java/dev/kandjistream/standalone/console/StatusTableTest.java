package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sink.TablesState;
import dev.kandjistream.sink.domain.Loss;
import dev.kandjistream.sink.domain.UnbackedRows;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code status} shows: a line for each account and kind, and what is under way. */
class StatusTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T02:13:14Z");

    private final Terminal terminal =
            Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    /** Avro fills in defaults only of records that somebody trusted. */
    @BeforeAll
    static void trustOurRecords() {
        AvroSerdes.serializer(new Topics("any").sweeps(), Map.of("schema.registry.url", "http://127.0.0.1:1"))
                .close();
    }

    private static SweepReceipt receipt(String account, String kind, String verdict, Duration ago) {
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind(kind)
                .setSweepId(account + kind)
                .setStartedAt(NOW.minus(ago))
                .setFinishedAt(NOW.minus(ago))
                .setVerdict(verdict)
                .setConnection(verdict.equals("FAILED") ? "UNAUTHORIZED" : "CONNECTED")
                .setRequests(5)
                .setPages(5)
                .setRows(1000)
                .setDevices(1000)
                .setPublished(0)
                .setUnchanged(1000)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setQuota(verdict.equals("FAILED") ? null : new Quota(5000L, 65L, null))
                .setLastCompleteAt(verdict.equals("COMPLETE") ? NOW.minus(ago) : null)
                .build();
    }

    private static SweepProgress running(String account, String kind, long rows, Long total) {
        return new SweepProgress(
                account, kind, "poller-1", NOW.minusSeconds(130), NOW.minusSeconds(1), null, rows, total, 214L);
    }

    private String table(Status status) {
        return String.join("\n", new StatusTable(terminal, NOW, ZoneOffset.UTC).lines(status, false));
    }

    @Test
    void eachAccountAndKindIsALineAndOnlyTroubleIsToldInFull() {
        var status = new Status(
                List.of(
                        receipt(
                                "acme",
                                "someday",
                                "COMPLETE",
                                Duration.ofDays(2).plusHours(5)),
                        receipt("acme", "delta", "COMPLETE", Duration.ofSeconds(31)),
                        receipt("acme", "apps", "COMPLETE", Duration.ofMinutes(182)),
                        receipt("acme", "devices", "COMPLETE", Duration.ofSeconds(12)),
                        receipt("globex", "devices", "FAILED", Duration.ofMinutes(5))),
                List.of(running("acme", "apps", 64_000, 148_865L), running("globex", "apps", 300, null)),
                Map.of(),
                Set.of("acme", "globex", "initech"));
        assertThat(table(status)).isEqualTo("""
                  account  kind     connection    last sweep          complete   quota        withheld  under way
                ✔ acme     devices  connected     COMPLETE 12s ago    12s ago    65 of 5,000  -         -
                ✔ acme     apps     connected     COMPLETE 3h02m ago  3h02m ago  65 of 5,000  -         42 %, 64,000 of 148,865 rows, since 02:11, about 3 min left
                ✔ acme     delta    connected     COMPLETE 31s ago    31s ago    65 of 5,000  -         -
                ✔ acme     someday  connected     COMPLETE 2d5h ago   2d5h ago   65 of 5,000  -         -
                ✘ globex   devices  unauthorized  FAILED 5m ago       never      -            -         -
                ✔ globex   apps     -             the first           never      -            -         300 rows, since 02:11
                No sweep has been made yet of initech.

                ✘ globex  devices  unauthorized  FAILED 5m ago
                    freshness  no complete sweep yet
                    read       1,000 rows of 1,000 devices in 5 requests""");
        assertThat(status.allConnected()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1000 | 0 %, 1 of 1,000 rows, since 02:11, about 35 h 48 min left",
                "999 | 1000 | 99 %, 999 of 1,000 rows, since 02:11, less than a minute left",
                "1000 | 1000 | 100 %, 1,000 of 1,000 rows, since 02:11",
                "1200 | 1000 | 100 %, 1,200 of 1,000 rows, since 02:11",
                "35 | 1000 | 3 %, 35 of 1,000 rows, since 02:11, about 1 h left",
                "0 | 0 | 0 of 0 rows, since 02:11"
            })
    void howLongItMayTakeIsSaidRoughly(long rows, long total, String text) {
        assertThat(ProgressText.of(running("acme", "apps", rows, total), ZoneOffset.UTC))
                .isEqualTo(text);
    }

    @Test
    void tablesThatDoNotFollowTheTopicsAreTroubleWithTheCommandThatRepairsIt() {
        var devices = receipt("acme", "devices", "COMPLETE", Duration.ZERO);
        var lost = new UnbackedRows("kandji.usage", "usage", "usage", Loss.REPLACED, 616);
        var status = new Status(
                List.of(devices), List.of(), Map.of(), Set.of(), new TablesState(Optional.empty(), List.of(lost)));
        assertThat(table(status)).endsWith("""

                        ✘ Topic kandji.usage was deleted and created again: 616 rows of table kandji.usage stand without \
                        a record. To fill it, run kandji-stream replay --entity usage, then kandji-stream rebuild \
                        --entity usage (docs/runbook.md).""");
        assertThat(status.isWell()).isFalse();
        assertThat(StatusJson.of(status, NOW)).contains("\"loss\" : \"REPLACED\"", "\"rows\" : 616");
    }

    @Test
    void onlyWholeSweepsTellWhetherAnAccountIsConnected() {
        var events = receipt("acme", "targeted", "FAILED", Duration.ZERO);
        var devices = receipt("acme", "devices", "COMPLETE", Duration.ZERO);
        assertThat(new Status(List.of(devices, events), List.of(), Map.of(), Set.of()).allConnected())
                .isTrue();
    }

    @Test
    void aLookThatTheTokenMayNotTakeIsNoTrouble() {
        var events = SweepReceipt.newBuilder(receipt("acme", "targeted", "FAILED", Duration.ofMinutes(2)))
                .setConnection("CONNECTED")
                .setStatus(403)
                .build();
        assertThat(table(new Status(List.of(events), List.of(), Map.of(), Set.of())))
                .endsWith("✔ acme     targeted  connected   not permitted 2m ago  never     -      -         -");
        assertThat(new SweepTrouble().of(events)).isEmpty();
    }

    @Test
    void programsGetWhatIsUnderWayAndWhatWasNeverSwept() throws Exception {
        var status = new Status(
                List.of(receipt("acme", "devices", "COMPLETE", Duration.ZERO)),
                List.of(running("acme", "apps", 64_000, 148_865L)),
                Map.of(),
                Set.of("acme", "globex"));
        JsonNode json = new ObjectMapper().readTree(StatusJson.of(status, NOW));
        assertThat(json.path("running")).singleElement().satisfies(sweep -> {
            assertThat(sweep.path("account_id").asText()).isEqualTo("acme");
            assertThat(sweep.path("poller").asText()).isEqualTo("poller-1");
            assertThat(sweep.path("percent").asLong()).isEqualTo(42);
            assertThat(sweep.path("seconds_left").asLong()).isEqualTo(171);
            assertThat(sweep.path("requests").asLong()).isEqualTo(214);
        });
        assertThat(json.path("unswept")).singleElement().satisfies(id -> assertThat(id.asText())
                .isEqualTo("globex"));
    }
}
