package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DeviceApps;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Verdict.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** App rows that no sane API answers; twenty devices with three apps each are published before. */
class HostileAppsTest {
    private static final String DIGITS =
            "77777777777777777777777777777777777777777777777777777777777777777777777777777";

    private final Ledger ledger = new Ledger();
    private HostileApi api;

    @BeforeEach
    void publishApps() throws Exception {
        api = new HostileApi(page(apps(0, 20, "2025-01-01")));
        assertThat(sweep().outcome()).isEqualTo(Outcome.COMPLETE);
        ledger.complete(Ledger.APPS, new CompleteSweeps(true, 1, "first"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String app(String device, String name, String day, String more) {
        return "{\"device_id\":\"" + device + "\",\"name\":\"" + name + "\",\"bundle_id\":\"com.example." + name
                + "\",\"created_at\":\"2025-01-01T00:00:00Z\",\"last_collected_at\":\"" + day + "T00:00:00Z\"" + more
                + "}";
    }

    private static String apps(int from, int to, String day) {
        return IntStream.range(from, to)
                .mapToObj(i -> app("d" + i, "a", day, "") + "," + app("d" + i, "b", day, "") + ","
                        + app("d" + i, "c", day, ""))
                .collect(Collectors.joining(","));
    }

    private static HostileApi.Page page(String rows) {
        return (request, out) -> out.text("{\"data\":[" + rows + "],\"cursor\":null}");
    }

    private Reading<AppsSweep> read() throws InterruptedException {
        return new AppsWalk(api.client(), (rows, total) -> {}).read();
    }

    private Verdict sweep() throws InterruptedException {
        Verdict verdict = AppsJudge.judge(
                ledger, read().sweep(), EvidenceRules.DEFAULT, api.clock.now().toEpochMilli());
        for (Decision decision : verdict.decisions()) {
            boolean published = !(decision.publication() instanceof Decision.Apps apps)
                    || !apps.apps().overflowed();
            if (published) {
                ledger.put(decision.deviceId(), decision.after());
            }
        }
        return verdict;
    }

    /**
     * Device 0 reports again with a new app, and one of its rows is hostile: the rest of its list is added to what is
     * published, and nothing of that ends, now or later.
     */
    private void assertLeftOut(String hostileRow, String why) throws InterruptedException {
        String readable = app("d0", "a", "2025-01-02", "") + "," + app("d0", "b", "2025-01-02", "") + ","
                + app("d0", "added", "2025-01-02", "") + "," + apps(1, 20, "2025-01-02") + ","
                + app("d19", "news", "2025-01-02", "");
        String rows = hostileRow + "," + readable;
        var before = ledger.entry("d0");
        api.answers(page(rows));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason())
                .contains("1 rows could not be read")
                .contains("device d0: ")
                .contains(why);
        assertThat(verdict.retracted()).isZero();
        assertThat(published(verdict)).containsExactlyInAnyOrder("d0", "d19");
        assertThat(keepingRows(verdict)).containsExactly("d0");
        assertThat(verdict.findings().devices()).containsOnlyKeys("d0");
        Verdict again = sweep();
        assertThat(again.retracted()).isZero();
        assertThat(published(again)).isEmpty();
        assertThat(ledger.entry("d0").apps().rows())
                .hasSize(before.apps().rows().length + 1)
                .contains(before.apps().rows());
        assertThat(ledger.entry("d0").device()).isEqualTo(before.device());

        api.answers(page(app("d0", "c", "2025-01-02", "") + "," + readable));
        Verdict cured = sweep();
        assertThat(published(cured)).containsExactly("d0");
        assertThat(keepingRows(cured)).isEmpty();
        assertThat(cured.retracted() + cured.withheld()).isZero();
    }

    private static List<String> keepingRows(Verdict verdict) {
        return verdict.decisions().stream()
                .filter(decision -> decision.publication() instanceof Decision.Apps apps && apps.keepsRows())
                .map(Decision::deviceId)
                .toList();
    }

    private static List<String> published(Verdict verdict) {
        return verdict.decisions().stream()
                .filter(decision -> decision.publication() instanceof Decision.Apps apps
                        && !apps.apps().overflowed())
                .map(Decision::deviceId)
                .toList();
    }

    /** Device 0 reports again with this row among others; it is published with all of them. */
    private App assertPublished(String hostileRow) throws InterruptedException {
        String rows = app("d0", "a", "2025-01-02", "") + "," + app("d0", "b", "2025-01-02", "") + "," + hostileRow + ","
                + apps(1, 20, "2025-01-02");
        api.answers(page(rows));
        DeviceApps device = read().sweep().devices().stream()
                .filter(apps -> apps.deviceId().equals("d0"))
                .findFirst()
                .orElseThrow();
        api.answers(page(rows));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason()).isNull();
        assertThat(device.size()).isEqualTo(3);
        assertThat(device.overflowed()).isFalse();
        return device.order().stream()
                .map(device::app)
                .filter(app -> app.name() != null && app.name().startsWith("c"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "path", "developer_name", "category", "short_version"})
    void aTextOfManyMegabytesIsCut(String column) throws Exception {
        String huge = ",\"" + column + "\":\"" + "x".repeat(5 << 20) + "\"";
        App app = assertPublished(app("d0", "c", "2025-01-02", huge));
        assertThat(app.shape().cut()).containsExactly(column);
        assertThat(app.toString()).contains("=" + "x".repeat(4_096) + ",").doesNotContain("x".repeat(4_097));
    }

    @Test
    void aNameOfTenThousandCharactersIsCutBetweenCodePoints() throws Exception {
        String pairs = "\ud83d\ude00".repeat(5_000);
        App app = assertPublished(app("d0", "c" + pairs, "2025-01-02", ""));
        assertThat(app.name()).isEqualTo("c" + pairs.substring(0, 498));
        assertThat(app.shape().cut()).containsExactly("bundle_id", "name");
    }

    @Test
    void rowsThatDifferBehindTheCutAreTwo() throws Exception {
        String same = "c".repeat(600);
        String rows = app("d0", same + "1", "2025-01-02", "") + "," + app("d0", same + "2", "2025-01-02", "");
        api.answers((request, out) -> out.text("{\"total\":2,\"data\":[" + rows + "],\"cursor\":null}"));
        AppsSweep sweep = read().sweep();
        assertThat(sweep.isSound()).isTrue();
        assertThat(sweep.devices().iterator().next().size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"name\":\"other\"",
                ",\"bundle_id\":null",
                ",\"path\":\"/a\",\"path\":\"/b\"",
                ",\"path\":\"/a\",\"path\":\"/b\",\"path\":\"/a\"",
                ",\"path\":true",
                ",\"bundle_id\":{\"id\":1}",
                ",\"name\":[]"
            })
    void aRowOfWhichItCannotBeReadWhatAppItIsAboutIsLeftOut(String more) throws Exception {
        assertLeftOut(app("d0", "c", "2025-01-02", more), "form that cannot be read, or twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version | \"1\",\"version\":\"2\"",
                "version | null,\"version\":\"2\",\"version\":null",
                "version | {\"a\":[1]}",
                "category | false",
                "created_at | \"2026-01-01T00:00:00Z\"",
                "updated_at | 99999999999999999999",
                "updated_at | \"0000-00-00T00:00:00Z\"",
                "developer_name | [\"x\"]"
            })
    void anotherColumnThatCannotBeReadIsNullAndNamed(String column, String value) throws Exception {
        App app = assertPublished(app("d0", "c", "2025-01-02", ",\"" + column + "\":" + value));
        assertThat(app.shape().unread()).containsExactly(column);
        assertThat(app.version()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"name\":\"c\"",
                ",\"version\":\"1\",\"version\":1",
                ",\"version\":null,\"version\":\" \"",
                ",\"last_collected_at\":\"2025-01-02 00:00:00+00:00\"",
                ",\"device_id\":\"D0\""
            })
    void aColumnThatComesTwiceWithEqualValuesIsRead(String again) throws Exception {
        assertThat(assertPublished(app("d0", "c", "2025-01-02", again)).shape()).isEqualTo(RowShape.FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15.10", "1e2", "1.0", "-0", "1e999", "123456789012345678901234567890"})
    void aNumberKeepsItsDigits(String number) throws Exception {
        App app = assertPublished(app("d0", "c", "2025-01-02", ",\"version\":" + number));
        assertThat(app.version()).isEqualTo(number);
        assertThat(app.shape()).isEqualTo(RowShape.FULL);
    }

    @Test
    void oneTimeThatCannotBeReadEndsNoDeltaPoll() throws Exception {
        long since = Instant.parse("2025-01-02T00:00:00Z").toEpochMilli();
        String bad = app("d0", "c", "2025-01-02", "").replace("2025-01-02T", "yesterday");
        api.answers(page(app("d0", "a", "2025-01-02", "") + "," + bad));
        AppsSweep sweep = new ChangedApps().read(api.client(), since).sweep();
        assertThat(sweep.isSound()).isTrue();
        assertThat(sweep.walk().rows()).isEqualTo(2);
        api.answers(page(bad + "," + bad.replace("\"c\"", "\"d\"")));
        assertThat(new ChangedApps().read(api.client(), since).sweep().isSound())
                .isFalse();
        api.answers(page(app("d0", "a", "2025-01-01", "") + "," + bad));
        assertThat(new ChangedApps().read(api.client(), since).sweep().isSound())
                .isFalse();
    }

    @Test
    void digitsNamesAndNestingOfAnyLengthTakeNoPageWithThem() throws Exception {
        for (String more : List.of(
                ",\"count\":" + "7".repeat(200_000),
                ",\"info\":" + "[".repeat(50_000) + "]".repeat(50_000),
                ",\"" + "n".repeat(200_000) + "\":1",
                ",\"" + "n".repeat(200_001) + "\":{\"a\":1}")) {
            assertThat(assertPublished(app("d0", "c", "2025-01-02", more)).shape())
                    .isEqualTo(RowShape.FULL);
        }
        String total = "7".repeat(3_000_000);
        api.answers((request, out) ->
                out.text("{\"total\":" + total + ",\"data\":[" + apps(0, 20, "2025-01-02") + "],\"cursor\":null}"));
        assertThat(sweep().retracted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "17",
                "[[]]",
                "{\"device_id\":\" \"}",
                "{\"device_id\":[\"d0\"]}",
                "{\"device_id\":\"d\\u00000\"}",
                "{\"device_id\":\"d\\u000d0\"}",
                "{\"device_id\":\"d\\udc000\"}",
                "{\"device_id\":\"d0\",\"device_id\":\"d1\",\"name\":\"c\"}"
            })
    void aRowOfAnUnknownDeviceMayBeWhatAListLacks(String row) throws Exception {
        api.answers(page(apps(0, 19, "2025-01-02") + "," + row));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason()).contains("1 unusable rows");
        assertThat(verdict.retracted()).isZero();
    }

    @Test
    void anIdOfTenThousandCharactersIsNone() throws Exception {
        api.answers(page(apps(0, 20, "2025-01-02") + "," + app("d".repeat(10_000), "c", "2025-01-02", "")));
        assertThat(sweep().reason()).contains("1 unusable rows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"version\":1e999",
                ",\"version\":{\"a\":[1]}",
                ",\"version\":\"a\\u0000\\ud800\"",
                ",\"updated_at\":99999999999999999999",
                ",\"updated_at\":\"0000-00-00T00:00:00Z\"",
                ",\"count\":1e-9999999",
                ",\"version\":" + DIGITS,
                ",\"info\":{\"info\":{\"name\":\"not this\"}}"
            })
    void oddValuesAreReadAsWellAsTheyCanBe(String more) throws Exception {
        api.answers(page(apps(1, 20, "2025-01-02") + "," + app("d0", "a", "2025-01-02", more) + ","
                + app("d0", "b", "2025-01-02", "") + "," + app("d0", "c", "2025-01-02", "")));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(verdict.reason()).isNull();
        assertThat(verdict.retracted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"99999999999999999999", "9223372036854775807", "-5", "1e999", "\"60\"", "{}", "[60]", "0", "59"})
    void aTotalThatCannotBeRetractsNothing(String total) throws Exception {
        api.answers((request, out) ->
                out.text("{\"total\":" + total + ",\"data\":[" + apps(0, 12, "2025-01-02") + "],\"cursor\":null}"));
        assertThat(sweep().retracted()).isZero();
    }

    private void assertIncomplete(String why, int mostRequests) throws Exception {
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.reason()).contains(why);
        assertThat(verdict.reason().length()).isLessThan(2_000);
        assertThat(verdict.retracted()).isZero();
        assertThat(api.requests.get()).isLessThanOrEqualTo(mostRequests);
    }

    private static String cursor(int request) {
        return "],\"cursor\":\"c" + request + "\"";
    }

    @Test
    void anEndlessChainOfNewCursorsAndRowsEndsAtTwiceWhatItClaims() throws Exception {
        api.answers((request, out) -> out.text("{\"data\":["
                + IntStream.range(0, 3_000)
                        .mapToObj(i -> app("d0", "a" + request + "x" + i, "2025-01-02", ""))
                        .collect(Collectors.joining(","))
                + cursor(request) + ",\"total\":60}"));
        assertIncomplete("did not end after", 12);
    }

    @Test
    void anEndlessChainThatClaimsNothingEndsWhereTheHeapWould() throws Exception {
        api.answers((request, out) -> out.text("{\"data\":["
                + IntStream.range(0, 300)
                        .mapToObj(i -> "{\"device_id\":\"x" + request + "x" + i + "\",\"name\":\"n" + request + "\"}")
                        .collect(Collectors.joining(","))
                + cursor(request) + ",\"total\":" + (request + 1) * 300 + "}"));
        var room = new Room(AppsWalk.LIMIT, 8 << 20);
        AppsSweep sweep = new AppsWalk(api.client(), (rows, total) -> {}, Map.of(), room)
                .read()
                .sweep();
        Verdict verdict = AppsJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, 1);
        assertThat(verdict.reason()).contains("MB of memory").contains("-Xmx");
        // 8 MB are some ten thousand devices.
        assertThat(sweep.devices()).hasSizeBetween(5_000, 20_000);
        assertThat(api.requests.get()).isLessThan(70);
    }

    @Test
    void anEndlessChainOfNewTextsEndsWhereTheHeapWould() throws Exception {
        api.answers((request, out) -> out.text("{\"data\":["
                + IntStream.range(0, 300)
                        .mapToObj(i -> app(
                                "d0", "a", "2025-01-02", ",\"path\":\"" + (request + "x" + i + "/").repeat(400) + "\""))
                        .collect(Collectors.joining(","))
                + cursor(request) + "}"));
        var room = new Room(AppsWalk.LIMIT, 8 << 20);
        var reading = new AppsWalk(api.client(), (rows, total) -> {}, Map.of(), room).read();
        assertThat(AppsJudge.judge(ledger, reading.sweep(), EvidenceRules.DEFAULT, 1)
                        .reason())
                .contains("MB of memory");
        assertThat(reading.pages()).isLessThan(20);
    }

    @Test
    void aMillionRowsOfOneDeviceKeepItAsItWas() throws Exception {
        api.answers((request, out) -> {
            int pages = 1_000_000 / 9_000 + 1;
            out.text("{\"data\":[");
            for (int i = 0; request < pages && i < 9_000; i++) {
                out.text((i == 0 ? "" : ",") + "{\"device_id\":\"d0\",\"name\":\"n" + request % 7
                        + "\",\"created_at\":\"" + java.time.Instant.ofEpochSecond(request * 9_000L + i) + "\"}");
            }
            out.text(cursor(request) + "}");
        });
        var before = ledger.entry("d0");
        AppsSweep sweep = read().sweep();
        assertThat(sweep.walk().rows()).isGreaterThan(1_000_000);
        DeviceApps kept = sweep.devices().iterator().next();
        assertThat(kept.size()).isEqualTo(DeviceApps.MAX_ROWS);
        Verdict verdict = AppsJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, 1);
        assertThat(verdict.retracted()).isZero();
        assertThat(published(verdict)).isEmpty();
        assertThat(ledger.entry("d0")).isEqualTo(before);
    }

    @Test
    void aPageOfFiftyMegabytesIsNotReadToItsEndNorAskedForAgain() throws Exception {
        long before = api.bytes.get();
        api.answers((request, out) -> out.text("{\"data\":[{\"device_id\":\"d0\",\"name\":\"")
                .times(50 << 20, "x")
                .text("\"}]}"));
        assertIncomplete("body of more than 16777216 bytes", 1);
        assertThat(api.bytes.get() - before).isLessThan(40 << 20);
    }

    @Test
    void aPageOfFarMoreRowsThanAskedForIsRefused() throws Exception {
        api.answers((request, out) ->
                out.text("{\"data\":[").times(700_000, "{\"device_id\":\"d\"},").text("{}]}"));
        assertIncomplete("expected at most 300 rows", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":[{\"device_id\":\"d0\",\"info\":%s}]}", "%s", "{\"other\":%s}"})
    void deepNestingIsRefused(String around) throws Exception {
        String[] parts = around.split("%s", -1);
        api.answers((request, out) ->
                out.text(parts[0]).times(3_000_000, "[").times(3_000_000, "]").text(parts[1]));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.reason()).containsAnyOf("nesting", "expected an object with data");
        assertThat(api.requests.get()).isEqualTo(1);
    }

    @Test
    void invalidUtf8HidesOnlyItsOwnText() throws Exception {
        for (String column : List.of("info", "developer_name", "name")) {
            api.answers((request, out) -> {
                out.text("{\"data\":[" + apps(1, 20, "2025-01-02") + "," + app("d19", "news", "2025-01-02", "")
                        + ",{\"device_id\":\"d0\",\"bundle_id\":\"a\",\"" + column + "\":\"");
                out.write(new byte[] {(byte) 0xE2, (byte) 0x28, (byte) 0xA1});
                out.text("\"}]}");
            });
            Verdict verdict = sweep();
            assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(verdict.findings().devices().keySet())
                    .isEqualTo(column.equals("name") ? Set.of("d0") : Set.of());
        }
    }

    /** What Python's JSON and careless clients write. */
    @ParameterizedTest
    @ValueSource(strings = {"\"bundle_size\":NaN", "\"bundle_size\":-Infinity", "\"info\":\"a\tb\""})
    void valuesThatAreNoJsonHideNoRow(String value) throws Exception {
        api.answers(page(apps(0, 20, "2025-01-02") + "," + app("d19", "news", "2025-01-02", "," + value)));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(published(verdict)).contains("d19");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[],\"data\":[]}",
                "{\"data\":[{\"device_id\":\"d0\"}],\"cursor\":\"long\"}",
                "{\"data\":\"none\"}",
                "{\"data\":[]} {\"data\":[]}",
                "[]",
                "null"
            })
    void anEnvelopeThatIsNoneEndsTheWalk(String body) throws Exception {
        String sent = body.replace("long", "c".repeat(5_000));
        api.answers((request, out) -> out.text(sent));
        Verdict verdict = sweep();
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(verdict.retracted()).isZero();
    }

    @Test
    void oneDeviceAskedForByItselfMayAnswerAnything() throws Exception {
        for (String body : List.of(
                "{\"apps\":[],\"apps\":[{}]}",
                "{\"apps\":{}}",
                "[]",
                "{\"apps\":[" + "[],".repeat(1 << 20) + "[]]}",
                "{\"apps\":" + "[".repeat(5_000),
                "")) {
            api.answers((request, out) -> out.text(body));
            var sweep = new AppsSweep().seal();
            new AppsOfDevices(api.client()).confirmEmpty(List.of("d0", "a/../b", "..", "\u00fc".repeat(200)), sweep);
            assertThat(AppsJudge.judge(ledger, sweep, EvidenceRules.DEFAULT, 1).retracted())
                    .isZero();
        }
    }

    @Test
    void rereadingByItselfIsBoundedToo() throws Exception {
        api.answers((request, out) -> out.text("{\"data\":["
                + IntStream.range(0, 3_000)
                        .mapToObj(i -> app("d0", "a" + request + "x" + i, "2025-01-02", ""))
                        .collect(Collectors.joining(","))
                + cursor(request) + ",\"total\":3}"));
        var sweep = new AppsSweep().seal();
        assertThat(new AppsOfDevices(api.client()).reread(List.of("d0"), sweep)).isPresent();
        assertThat(sweep.devices()).isEmpty();
        assertThat(api.requests.get()).isLessThan(12);
    }

    @Test
    void aByteOrderMarkAndAnotherEncodingAreReadOrRefused() throws IOException, InterruptedException {
        String body = "{\"data\":[" + apps(0, 20, "2025-01-02") + "],\"cursor\":null}";
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8)) {
            api.answers((request, out) -> out.write(("\uFEFF" + body).getBytes(charset)));
            assertThat(sweep().retracted()).isZero();
        }
    }
}
