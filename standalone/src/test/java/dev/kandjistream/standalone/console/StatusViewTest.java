package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.UnreadDevice;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code status} and {@code retractions list} show of receipts. */
class StatusViewTest {
    /** Avro fills in defaults only of records that somebody trusted, as whoever reads receipts does. */
    @BeforeAll
    static void trustOurRecords() {
        AvroSerdes.serializer(new Topics("any").sweeps(), Map.of("schema.registry.url", "http://127.0.0.1:1"))
                .close();
    }

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Terminal terminal =
            Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    private static SweepReceipt.Builder receipt(String account, String kind) {
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind(kind)
                .setSweepId("sweep-" + account)
                .setStartedAt(NOW.minusSeconds(15))
                .setFinishedAt(NOW.minusSeconds(12))
                .setVerdict("COMPLETE")
                .setConnection("CONNECTED")
                .setRequests(5)
                .setPages(5)
                .setRows(1000)
                .setDevices(1000)
                .setPublished(0)
                .setUnchanged(1000)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setQuota(new Quota(5000L, 65L, 9000L))
                .setLastCompleteAt(NOW.minusSeconds(12));
    }

    private static SweepReceipt quarantined(int withheld) {
        return receipt("acme", "devices")
                .setVerdict("QUARANTINED")
                .setReason("many of many devices absent")
                .setLastCompleteAt(NOW.minusSeconds(3600))
                .setWithheld(withheld)
                .setWithheldRetractions(IntStream.range(0, Math.min(1000, withheld))
                        .mapToObj(i -> item("device-" + i, i == 0 ? "APPROVED" : null))
                        .toList())
                .build();
    }

    private static WithheldRetraction item(String deviceId, String order) {
        return new WithheldRetraction(
                deviceId,
                "DEVICE",
                "C02XK1",
                null,
                NOW.minusSeconds(300),
                0L,
                1,
                "shown by 1 of 2 complete sweeps",
                order);
    }

    private static SweepReceipt unauthorized() {
        return receipt("globex", "devices")
                .setVerdict("FAILED")
                .setConnection("UNAUTHORIZED")
                .setReason("no \u001B[31mrows")
                .setEndpoint("GET /api/v1/devices")
                .setStatus(401)
                .setQuota(null)
                .setLastCompleteAt(null)
                .build();
    }

    @Test
    void eachSweepIsToldWithWhatItTakesToJudgeIt() {
        var lines = new StatusView(terminal, NOW)
                .lines(
                        List.of(receipt("acme", "devices")
                                .setClaimedTotal(1000L)
                                .build()),
                        Map.of("sweep-acme", NOW.minusSeconds(2)));
        assertThat(String.join("\n", lines)).isEqualTo("""
                        ✔ acme  devices  connected  COMPLETE 12s ago
                            freshness  last complete 12s ago
                            tables     hold it since 2026-03-01T11:59:58Z
                            read       1,000 rows (1,000 claimed) of 1,000 devices in 5 requests
                            quota      65 of 5,000 requests in the hour before, 9,000 left to the tenant""");
    }

    @Test
    void whatIsAtFaultIsToldWithoutTheApisControlCharacters() {
        var lines = new StatusView(terminal, NOW).lines(List.of(unauthorized()), Map.of());
        assertThat(String.join("\n", lines)).isEqualTo("""
                        ✘ globex  devices  unauthorized  FAILED 12s ago
                            endpoint   GET /api/v1/devices answered 401
                            reason     no ?[31mrows
                            freshness  no complete sweep yet
                            read       1,000 rows of 1,000 devices in 5 requests""");
    }

    @Test
    void devicesThatCouldNotBeReadAreCountedAsTheyAreListed() {
        assertThat(unread("devices", 0, 40, 0))
                .startsWith("    unread     40 devices with a field that cannot be read")
                .endsWith("               and 35 more, see --output json")
                .hasSize(7);
        assertThat(unread("devices", 3, 3, 0)).startsWith("    unread     3 devices of which only the id can be read");
        assertThat(unread("devices", 1, 4, 1))
                .startsWith("    unread     4 devices: 1 of which only the id can be read,"
                        + " 2 with a field that cannot be read, 1 whose record is too large")
                .hasSize(5);
        assertThat(unread("apps", 2, 2, 0)).startsWith("    unread     2 devices with rows that cannot be read");
        assertThat(unread("devices", 0, 0, 0)).isEmpty();
    }

    @Test
    void whatAReceiptDoesNotListIsCountedToo() {
        assertThat(unread("devices", 1_500, 1_000, 0))
                .startsWith("    unread     1,500 devices of which only the id can be read")
                .endsWith("               and 1,495 more, the first 995 of them in --output json");
        assertThat(unread("devices", 20, 1_000, 0))
                .startsWith("    unread     at least 1,000 devices: 20 of which only the id can be read,"
                        + " at least 980 with a field that cannot be read");
        assertThat(unread("devices", 12, 0, 0))
                .containsExactly(
                        "    unread     12 devices of which only the id can be read",
                        "               and 12 more, not listed in the receipt");
    }

    /** The lines about devices that could not be read. */
    private List<String> unread(String kind, long unread, int listed, long oversized) {
        var receipt = receipt("acme", kind)
                .setUnread(unread)
                .setOversized(oversized)
                .setUnreadDevices(IntStream.range(0, listed)
                        .mapToObj(i -> new UnreadDevice("device-" + i, "cannot be read: model"))
                        .toList())
                .build();
        List<String> lines = new StatusView(terminal, NOW).lines(List.of(receipt), Map.of());
        return lines.stream().dropWhile(line -> !line.startsWith("    unread ")).toList();
    }

    @Test
    void theFirstWithheldAreNamedAndTheRestCounted() {
        assertThat(new StatusView(terminal, NOW).lines(List.of(quarantined(7)), Map.of()))
                .contains("    withheld   7")
                .contains("    DEVICE       device-0  C02XK1 -> nothing  since 2026-03-01T11:55:00Z, 1 sweep  approved"
                        + "  shown by 1 of 2 complete sweeps")
                .contains("    … and 2 more");
    }

    @Test
    void theListNamesAllThatTheReceiptDoes() {
        assertThat(new RetractionsView(terminal)
                        .lines(List.of(receipt("a", "apps").build(), quarantined(1200))))
                .hasSize(1002)
                .startsWith("acme  devices  1,200 withheld")
                .endsWith("    … and 200 more");
        assertThat(new RetractionsView(terminal)
                        .lines(List.of(receipt("a", "apps").build())))
                .containsExactly("Nothing is withheld.");
    }

    @Test
    void everyKindStandsApartFromTheDevice() {
        for (String what : List.of(
                "DEVICE",
                "USER",
                "OTHER_USER",
                "REMOVED",
                "REMOVAL_FLAG",
                "PLATFORM",
                "SERIAL",
                "APPS",
                "A_LONGER_KIND_YET")) {
            assertThat(listed(withheld(what, null, null, "waits", null)))
                    .startsWith("    " + what + " ")
                    .contains(" d1  since ");
        }
    }

    @Test
    void aFormerValueThatWasNoneIsNothing() {
        assertThat(listed(withheld("SERIAL", null, "C02NEW", "waits", null))).contains("d1  nothing -> C02NEW  since");
        assertThat(listed(withheld("SERIAL", "C02OLD", null, "waits", null))).contains("d1  C02OLD -> nothing  since");
    }

    @Test
    void whatWasRejectedIsToldOnce() {
        assertThat(listed(withheld("DEVICE", null, null, "rejected by an operator", "REJECTED")))
                .endsWith("1 sweep  rejected by an operator");
        assertThat(listed(withheld("DEVICE", null, null, "waits", "APPROVED"))).endsWith("1 sweep  approved  waits");
    }

    private String listed(WithheldRetraction item) {
        return new RetractionsView(terminal)
                .lines(List.of(receipt("acme", "devices")
                        .setWithheld(1)
                        .setWithheldRetractions(List.of(item))
                        .build()))
                .get(1);
    }

    private static WithheldRetraction withheld(String what, String before, String after, String reason, String order) {
        return new WithheldRetraction("d1", what, before, after, NOW.minusSeconds(300), 0L, 1, reason, order);
    }

    @Test
    void withoutReceiptsItSaysSo() {
        assertThat(new StatusView(terminal, NOW).lines(List.of(), Map.of()))
                .containsExactly("No sweep has been made yet.");
    }

    @Test
    void programsGetTheSameAsJson() throws Exception {
        String json = StatusJson.of(
                new Status(
                        List.of(quarantined(2), unauthorized()),
                        List.of(),
                        Map.of("sweep-acme", NOW.minusSeconds(2)),
                        Set.of()),
                NOW);
        JsonNode status = new ObjectMapper().readTree(json);
        JsonNode first = status.path("sweeps").path(0);
        assertThat(first.path("account_id").asText()).isEqualTo("acme");
        assertThat(first.path("seconds_since_complete").asLong()).isEqualTo(3600);
        assertThat(first.path("applied_at").asText()).isEqualTo("2026-03-01T11:59:58Z");
        assertThat(first.path("quota").path("remaining").asLong()).isEqualTo(9000);
        assertThat(first.path("withheld_retractions")).hasSize(2);
        assertThat(first.path("withheld_retractions").path(0).path("order").asText())
                .isEqualTo("APPROVED");
        JsonNode second = status.path("sweeps").path(1);
        assertThat(second.path("connection").asText()).isEqualTo("UNAUTHORIZED");
        assertThat(second.path("status").asInt()).isEqualTo(401);
        assertThat(second.path("quota").isNull()).isTrue();
        assertThat(second.path("last_complete_at").isNull()).isTrue();
        assertThat(second.path("seconds_since_complete").isNull()).isTrue();
    }
}
