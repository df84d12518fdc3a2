package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.http.Connection;
import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DevicesJudge;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Unconfirmed;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Device lists that no sane API answers; twenty devices with users are published before. */
class HostileDevicesTest {

    private static final String SOUND = rows(1, 20);

    private final Ledger ledger = new Ledger();
    private HostileApi api;

    @BeforeEach
    void publishAFleet() throws Exception {
        api = new HostileApi(list(row(0, "\"user\":{\"id\":\"u0\",\"email\":\"u0@acme.example\"}") + "," + SOUND));
        assertThat(sweep().outcome()).isEqualTo(Outcome.COMPLETE);
        ledger.complete(Ledger.DEVICES, new CompleteSweeps(true, 1, "first"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String row(int device, String more) {
        return "{\"device_id\":\"d" + device + "\",\"device_name\":\"Mac\"," + more + "}";
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> row(i, "\"user\":{\"id\":\"u" + i + "\"}"))
                .collect(Collectors.joining(","));
    }

    private static HostileApi.Page list(String rows) {
        return (request, out) -> out.text(request == 0 ? "[" + rows + "]" : "[]");
    }

    private Reading<DevicesSweep> read() throws InterruptedException {
        return new DevicesWalk(api.client(), (rows, total) -> {}).read();
    }

    /** Reads, judges and takes what is published for published. */
    private Verdict sweep() throws InterruptedException {
        var reading = read();
        Verdict verdict = DevicesJudge.judge(
                ledger, reading.sweep(), EvidenceRules.DEFAULT, api.clock.now().toEpochMilli());
        verdict.decisions().forEach(decision -> ledger.put(decision.deviceId(), decision.after()));
        return verdict;
    }

    /** What hostile row 0 does, twice over: the fleet keeps all it has, and the others' news goes out. */
    private Verdict assertNothingIsTakenAway(String hostileRow) throws InterruptedException {
        String news = rows(1, 19) + "," + row(19, "\"user\":{\"id\":\"u19\"},\"os_version\":\"15.6\"");
        api.answers(list(hostileRow + "," + news));
        Verdict verdict = sweep();
        assertThat(verdict.decisions())
                .filteredOn(decision -> decision.publication() instanceof Decision.Device)
                .extracting(Decision::deviceId)
                .contains("d19");
        assertThat(verdict.retracted()).isZero();
        api.answers(list(hostileRow + "," + news));
        assertThat(sweep().retracted()).isZero();
        return verdict;
    }

    /** Nothing but the id of the row can be read: its device stays as it was. */
    private void assertLeftOut(String hostileRow, String why) throws InterruptedException {
        Verdict verdict = assertNothingIsTakenAway(hostileRow);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason())
                .contains("1 rows could not be read")
                .contains("device d0: ")
                .contains(why);
        assertThat(verdict.findings().unread()).isEqualTo(1);
        assertThat(verdict.decisions())
                .filteredOn(decision -> decision.deviceId().equals("d0"))
                .allMatch(decision -> decision.publication() == Decision.Nothing.NOTHING
                        && decision.unconfirmed().reason() == Unconfirmed.Reason.UNREADABLE);
    }

    /** What can be read of the row is news like any other. */
    private DeviceRow assertPublished(String hostileRow) throws InterruptedException {
        Verdict verdict = assertNothingIsTakenAway(hostileRow);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.findings().unread()).isZero();
        return verdict.decisions().stream()
                .filter(decision -> decision.deviceId().equals("d0"))
                .map(decision -> ((Decision.Device) decision.publication()).row())
                .findFirst()
                .orElseThrow();
    }

    private static String userAnd(String more) {
        return row(0, "\"user\":{\"id\":\"u0\"},\"mdm_enabled\":false," + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"some_new_field\":1", ",\"user\":\"somebody\"", ",\"platform\":{},\"tags\":7"})
    void aRowOfWhichNothingButTheIdCanBeReadIsLeftOut(String more) throws Exception {
        assertLeftOut("{\"device_id\":\"d0\"" + more + "}", "device id");
    }

    @Test
    void aRowOfManyMegabytesIsReadAndCut() throws Exception {
        DeviceRow row = assertPublished(userAnd("\"asset_tag\":\"" + "x".repeat(5 << 20) + "\""));
        assertThat(row.mdmEnabled()).isFalse();
        assertThat(row.assetTag()).isEqualTo("x".repeat(4_096));
        assertThat(row.shape().cut()).containsExactly("asset_tag", "json");
        assertThat(row.json().length()).isLessThan(70_000);
    }

    @Test
    void aRowOfManySmallValuesIsReadToo() throws Exception {
        DeviceRow row = assertPublished(userAnd("\"tags\":[" + "[],".repeat(1 << 20) + "[]]"));
        assertThat(row.mdmEnabled()).isFalse();
        assertThat(row.shape().unread()).containsExactly("tags");
        assertThat(row.json().length()).isLessThan(70_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17",
                "\"somebody\"",
                "[{\"id\":\"u0\"}]",
                "true",
                "{\"uuid\":\"u0\",\"mail\":\"u0@acme.example\"}",
                "{\"name\":\"Only a name\"}",
                "{\"id\":\"\",\"email\":null}",
                "{\"id\":{\"a\":1}}",
                "{\"id\":true}",
                "{\"id\":1e999}",
                "{\"id\":0.5}",
                "{\"id\":[\"u0\"]}",
                "{\"id\":\"u\\u00000\"}",
                "{\"id\":\"u\\ud8000\"}",
                "{\"id\":\"u0\",\"id\":\"\"}",
                "{\"id\":\"u0\"},\"user\":\"\"",
                "{\"email\":[\"u0@acme.example\"]}",
                "{\"email\":\"u0\\u0000@acme.example\"}"
            })
    void aUserThatCannotBeReadIsNotTakenForNobody(String user) throws Exception {
        DeviceRow row = assertPublished(row(0, "\"mdm_enabled\":false,\"user\":" + user));
        assertThat(row.mdmEnabled()).isFalse();
        assertThat(row.shape().unread()).contains("user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "7"})
    void anIdOfAUserBeyondAllMeasureIsNone(String letter) throws Exception {
        String quote = letter.equals("u") ? "\"" : "";
        DeviceRow row = assertPublished(row(0, "\"user\":{\"id\":" + quote + letter.repeat(9_000) + quote + "}"));
        assertThat(row.shape().unread()).containsExactly("user", "user.id");
    }

    @Test
    void aUserIsWhoeverCanBeReadOfIt() throws Exception {
        DeviceRow row = assertPublished(
                row(0, "\"user\":{\"id\":\"u0\",\"email\":\"" + "u".repeat(10_000) + "@acme.example\"}"));
        assertThat(row.user().id()).isEqualTo("u0");
        assertThat(row.shape().unread()).containsExactly("user.email");
    }

    @Test
    void theNameOfAUserIsCut() throws Exception {
        DeviceRow row = assertPublished(row(0, "\"user\":{\"id\":\"u0\",\"name\":\"" + "u".repeat(10_000) + "\"}"));
        assertThat(row.user().name()).isEqualTo("u".repeat(1_000));
        assertThat(row.shape().cut()).containsExactly("user.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"is_removed\":false,\"is_removed\":true", "\"is_removed\":\"perhaps\""})
    void aRemovalThatCannotBeReadIsNone(String fields) throws Exception {
        assertThat(assertPublished(userAnd(fields)).shape().unread()).containsExactly("is_removed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"device_id\":\" \"}",
                "{\"device_id\":null}",
                "{\"device_id\":{\"id\":\"d0\"}}",
                "{\"device_id\":\"d\\u00000\"}",
                "{\"device_id\":\"d\\n0\"}",
                "{\"device_id\":\"d\\ud8000\"}",
                "{\"device_id\":\"d0\",\"device_id\":\"d99\"}",
                "[\"d0\"]",
                "\"d0\""
            })
    void aRowOfAnUnknownDeviceMayBeOneThatIsAbsent(String hostileRow) throws Exception {
        Verdict verdict = assertNothingIsTakenAway(hostileRow);
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason()).contains("1 unusable rows");
    }

    @Test
    void anIdOfTenThousandCharactersIsNone() throws Exception {
        Verdict verdict = assertNothingIsTakenAway("{\"device_id\":\"" + "d".repeat(10_000) + "\"}");
        assertThat(verdict.reason()).contains("1 unusable rows");
    }

    @Test
    void anIdWithSeparatorsIsAnId() throws Exception {
        api.answers(list(rows(0, 20) + ",{\"device_id\":\"a/b%2F../c\",\"tags\":[]}"));
        assertThat(sweep().decisions()).extracting(Decision::deviceId).contains("a/b%2f../c");
    }

    @ParameterizedTest
    @ValueSource(strings = {" U0@ACME.Example ", "u0@acme.example", "\\u0075\\u0030@acme.example"})
    void emailsInOddCasesAreTheSameUser(String email) throws Exception {
        api.answers(list(row(0, "\"user\":{\"email\":\"" + email + "\"}")));
        assertThat(read().sweep().devices()).isEqualTo(1);
        var page = DeviceParser.parse(
                ("[" + row(0, "\"user\":{\"email\":\"" + email + "\"}") + "]").getBytes("UTF-8"), null, 1);
        assertThat(page.rows().get(0).user().email()).isEqualTo("u0@acme.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"os_version\":1e999",
                "\"os_version\":-1e-999",
                "\"os_version\":[1,{\"a\":null}]",
                "\"model\":\"a\\u0000b\"",
                "\"tags\":{\"a\":1}",
                "\"tags\":[null,1e999,[],\"a\\u0000\"]",
                "\"last_check_in\":99999999999999999999",
                "\"last_check_in\":\"9999-12-31T23:59:59Z\"",
                "\"mdm_enabled\":\"perhaps\"",
                "\"is_missing\":1e999"
            })
    void oddValuesElsewhereAreReadAsWellAsTheyCanBe(String fields) throws Exception {
        Verdict verdict = assertNothingIsTakenAway(row(0, "\"user\":{\"id\":\"u0\"}," + fields));
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.decisions()).extracting(Decision::deviceId).contains("d0");
    }

    @Test
    void aByteOrderMarkDoesNotShiftTheRowsText() throws Exception {
        var page = DeviceParser.parse(("\uFEFF[" + row(0, "\"user\":\"\"") + "]").getBytes("UTF-8"), null, 1);
        assertThat(page.rows().get(0).json()).isEqualTo(row(0, "\"user\":\"\""));
    }

    private void assertRefused(HostileApi.Page page, String why, int requests) throws Exception {
        api.answers(page);
        var reading = read();
        assertThat(reading.failure()).isPresent();
        assertThat(reading.failure().orElseThrow().connection()).isEqualTo(Connection.CONNECTED);
        assertThat(reading.failure().orElseThrow()).hasMessageContaining(why).hasMessageNotContaining("xxx");
        assertThat(api.requests).hasValue(requests);
    }

    @Test
    void aPageOfFiftyMegabytesIsNotReadToItsEndNorAskedForAgain() throws Exception {
        long before = api.bytes.get();
        assertRefused(
                (request, out) -> out.text("[{\"device_id\":\"d0\",\"x\":\"")
                        .times(50 << 20, "x")
                        .text("\"}]"),
                "body of more than 16777216 bytes",
                1);
        // What lies in the sockets' buffers was written, but is never read.
        assertThat(api.bytes.get() - before).isLessThan(40 << 20);
    }

    @Test
    void aBodyWithoutEndIsGivenUp() throws Exception {
        assertRefused(
                (request, out) -> {
                    while (true) {
                        out.times(65_536, " ");
                    }
                },
                "body of more than",
                1);
    }

    @Test
    void aPageOfFarMoreRowsThanAskedForIsRefused() throws Exception {
        assertRefused(
                (request, out) -> out.text("[").times(1_000_000, "{},").text("{}]"), "expected at most 300 rows", 1);
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        assertRefused(
                (request, out) -> out.text("[{\"device_id\":\"d0\",\"x\":")
                        .times(5_000_000, "[")
                        .times(5_000_000, "]")
                        .text("}]"),
                "nesting",
                1);
    }

    @Test
    void invalidUtf8HidesOnlyItsOwnText() throws Exception {
        api.answers((request, out) -> {
            out.text("[" + rows(1, 20) + ",{\"device_id\":\"d0\",\"platform\":\"Mac\",\"device_name\":\"");
            out.write(new byte[] {(byte) 0xC3, (byte) 0x28, (byte) 0xFF});
            out.text("\",\"serial_number\":\"");
            out.write(new byte[] {(byte) 0xFF});
            out.text("\"}]");
        });
        assertThat(read().sweep().devices()).isEqualTo(20);
    }

    @Test
    void aListThatNeverEndsEndsAtTwiceWhatItClaims() throws Exception {
        api.headers.put("X-Total-Count", "100");
        api.answers((request, out) -> out.text("[" + rows(request * 3_000, request * 3_000 + 3_000) + "]"));
        var verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains("did not end after");
        assertThat(api.requests.get()).isLessThan(15);
    }

    @Test
    void aListThatNeverEndsAndClaimsNothingEndsWhereTheHeapWould() throws Exception {
        api.answers((request, out) -> out.text("[" + rows(request * 3_000, request * 3_000 + 3_000) + "]"));
        var room = new Room(DevicePage.LIMIT, 8 << 20);
        DevicesSweep sweep =
                new DevicesWalk(api.client(), (rows, total) -> {}, room).read().sweep();
        // 8 MB are some ten thousand small rows.
        assertThat(sweep.devices()).isBetween(5_000, 20_000);
        assertThat(DevicesJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, 1).reason())
                .contains("MB of memory")
                .contains("-Xmx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "9223372036854775807", "-5", "1e999", "many", "0", "\u00b2"})
    void aTotalThatCannotBeRetractsNothing(String total) throws IOException, InterruptedException {
        api.headers.put("X-Total-Count", total);
        api.headers.put("X-RateLimit-Limit-Hour", total);
        api.answers(list(rows(0, 10)));
        assertThat(sweep().retracted()).isZero();
    }
}
