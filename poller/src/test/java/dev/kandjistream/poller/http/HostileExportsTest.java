package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsJudge;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.EvidenceRules;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports that no sane API makes: one request for it, answered with success at once, one count, one file. */
class HostileExportsTest {
    private static final String NAMES = "device_id,name,bundle_id,version,short_version,path,bundle_name,bundle_type,"
            + "developer_name,team_id,obtained_from,category,created_at,updated_at,last_collected_at";
    private static final String TIMES = "2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z";

    private final FakeApi api = new FakeApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private static String row(String device, String name) {
        return device + "," + name + ",com.example,1,,/Applications/x.app,,,,,,," + TIMES + "\r\n";
    }

    private String url() {
        return api.origin() + "/file.csv?X-Amz-Signature=5ecre7";
    }

    private void job(String url, String more) {
        api.answers(
                200,
                "{\"id\":\"e1\",\"status\":\"success\",\"category\":\"apps\",\"signed_url\":\"" + url + "\"" + more
                        + "}");
    }

    private Verdict exported(long count, byte[] file, Map<String, String> headers) throws Exception {
        job(url(), "");
        api.answers(200, "{\"count\":" + count + ",\"approximate\":false}");
        api.answers(new FakeApi.Scripted(200, headers, file));
        return judged(read(count));
    }

    private Verdict exported(long count, String file) throws Exception {
        return exported(count, file.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private AppsSweep read(long count) throws Exception {
        KandjiClient client = api.client();
        var optional = new OptionalEndpoints(() -> new Password("secret-token"), api.clock);
        var room = new Room(300, 200L << 20);
        return new AppsExport(client, new RowCounts(client, optional), (rows, total) -> {}, room)
                .read(count)
                .sweep();
    }

    private static Verdict judged(AppsSweep sweep) {
        return AppsJudge.judge(new Ledger(), sweep, EvidenceRules.DEFAULT, 0);
    }

    private ExportFailure failure(String file) {
        var failure = catchThrowableOfType(ExportFailure.class, () -> exported(1, file));
        assertThat(failure).isNotNull();
        assertNothingSecret(failure);
        return failure;
    }

    private static void assertNothingSecret(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("5ecre7").doesNotContain("file.csv");
        }
    }

    @Test
    void aSoundFileIsRead() throws Exception {
        assertThat(exported(2, NAMES + "\r\n" + row("d1", "a") + row("d2", "\"b, \"\"c\"\"\r\nd\""))
                        .reason())
                .isNull();
    }

    @Test
    void aByteOrderMarkPlainLineEndsAndColumnsOfTomorrowAreNoTrouble() throws Exception {
        var verdict =
                exported(1, "\uFEFFnews," + NAMES + "\nx," + row("d1", "a").replace("\r\n", "\n"));
        assertThat(verdict.reason()).isNull();
        assertThat(verdict.devices()).isEqualTo(1);
    }

    @Test
    void columnsOfOthersMayShareAName() throws Exception {
        assertThat(exported(1, "tag,tag," + NAMES + "\r\nx,y," + row("d1", "a")).reason())
                .isNull();
    }

    @Test
    void aNeededColumnTwiceIsNoFile() {
        assertThat(failure(NAMES + ",name\r\n" + row("d1", "a"))).hasMessageContaining("found name twice");
    }

    @Test
    void aMissingColumnIsNamed() {
        assertThat(failure(NAMES.replace("bundle_id,", "").replace(",updated_at", "") + "\r\n"))
                .hasMessageContaining("without bundle_id, updated_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "<html>Just a moment</html>", "{\"data\":[]}", "\u001F\u008B\b"})
    void whatIsNoCsvOfAppRowsIsNoFile(String file) {
        assertThat(failure(file).isLasting()).isTrue();
    }

    @Test
    void manyColumnsAreNotRememberedWithoutEnd() {
        assertThat(failure("a,".repeat(200_000) + NAMES + "\r\n")).hasMessageContaining("among the first 1000");
    }

    @Test
    void aLineWithoutAllItsFieldsIsUnusable() throws Exception {
        var verdict = exported(3, NAMES + "\r\n" + row("d1", "a") + row("d2", "b") + "d3,c,com.exam\r\n");
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.reason()).contains("1 unusable rows, the first: line 4 has 3 fields instead of 15");
        assertThat(verdict.devices()).isEqualTo(2);
    }

    @Test
    void aFileThatStopsInsideItsLastLineIsIncomplete() throws Exception {
        String file = NAMES + "\r\n" + row("d1", "a") + row("d2", "b");
        assertThat(exported(2, file.substring(0, file.length() - 4)).reason()).contains("the file may be cut");
    }

    @Test
    void aFileThatStopsInsideQuotesIsNoFile() {
        assertThat(failure(NAMES + "\r\n" + row("d1", "a") + "d2,\"b\r\n")).hasMessageContaining("expected CSV");
    }

    @Test
    void aFieldOfAMillionCharactersIsCut() throws Exception {
        var verdict = exported(2, NAMES + "\r\n" + row("d1", "x".repeat(1_000_000)) + row("d2", "a"));
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.reason()).isNull();
        assertThat(verdict.decisions())
                .filteredOn(decision -> decision.deviceId().equals("d1"))
                .map(decision -> ((Decision.Apps) decision.publication()).apps().app(0))
                .singleElement()
                .satisfies(app -> {
                    assertThat(app.name()).isEqualTo("x".repeat(500));
                    assertThat(app.shape().cut()).containsExactly("name");
                });
    }

    @Test
    void aFieldBeyondMeasureIsNoFile() {
        assertThat(failure(NAMES + "\r\nd1,\"" + "x".repeat(5 << 20) + "\",,,\r\n"))
                .hasMessageContaining("expected CSV");
    }

    @Test
    void invalidUtf8IsNoFile() {
        byte[] file = (NAMES + "\r\n" + row("d1", "#")).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < file.length; i++) {
            file[i] = file[i] == '#' ? (byte) 0xC3 : file[i];
        }
        var failure = catchThrowableOfType(ExportFailure.class, () -> exported(1, file, Map.of()));
        assertThat(failure).hasMessageContaining("UTF-8");
    }

    @Test
    void controlCharactersAreTextButNoId() throws Exception {
        var verdict = exported(2, NAMES + "\r\n" + row("d1", "a\u0000\u0001") + row("d\u00002", "b"));
        assertThat(verdict.reason()).contains("1 unusable rows");
        assertThat(verdict.devices()).isEqualTo(1);
    }

    @Test
    void rowsThatComeTwiceMayHideAGap() throws Exception {
        String row = row("d1", "a");
        assertThat(exported(2, NAMES + "\r\n" + row + row).reason()).contains("1 rows listed twice");
    }

    @Test
    void aPackedFileIsUnpacked() throws Exception {
        byte[] file = gzip((NAMES + "\r\n" + row("d1", "a")).getBytes(StandardCharsets.UTF_8), 1);
        assertThat(exported(1, file, Map.of("Content-Encoding", "gzip")).reason())
                .isNull();
    }

    @Test
    void aFileThatUnfoldsWithoutEndIsGivenUp() {
        byte[] chunk = ("x".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] bomb = gzip(chunk, 100);
        assertThat(bomb.length).isLessThan(1 << 20);
        var failure = catchThrowableOfType(
                ExportFailure.class, () -> exportedAfterNames(bomb, Map.of("Content-Encoding", "gzip")));
        assertThat(failure).hasMessageContaining("expected a file of at most 67112960 bytes");
    }

    private void exportedAfterNames(byte[] rest, Map<String, String> headers) throws Exception {
        byte[] names = gzip((NAMES + "\r\n").getBytes(StandardCharsets.US_ASCII), 1);
        byte[] both = Arrays.copyOf(names, names.length + rest.length);
        System.arraycopy(rest, 0, both, names.length, rest.length);
        exported(1, both, headers);
    }

    private static byte[] gzip(byte[] chunk, int times) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            for (int i = 0; i < times; i++) {
                out.write(chunk);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Test
    void anotherEncodingIsNoFile() {
        var failure = catchThrowableOfType(
                ExportFailure.class, () -> exported(1, new byte[1], Map.of("Content-Encoding", "br")));
        assertThat(failure).hasMessageContaining("another encoding");
    }

    @Test
    void aRedirectIsNotFollowed() {
        job(url(), "");
        api.answers(200, "{\"count\":1}");
        api.answers(302, "", Map.of("Location", api.origin() + "/elsewhere"));
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure).hasMessageContaining("found 302");
        assertThat(api.asked).hasSize(3);
    }

    @Test
    void theFileIsAskedForWithoutTheTokenAndAPrivateAddressNotAtAll() throws Exception {
        exported(1, NAMES + "\r\n" + row("d1", "a"));
        HttpExchange file = api.asked.get(2);
        assertThat(file.getRequestURI()).hasToString("/file.csv?X-Amz-Signature=5ecre7");
        assertThat(file.getRequestHeaders()).doesNotContainKey("Authorization");

        job("http://10.0.0.1/file.csv?5ecre7", "");
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure).hasMessageContaining("PRIVATE");
        assertNothingSecret(failure);
        assertThat(api.asked).hasSize(4);
    }

    @Test
    void aHostThatDoesNotListenIsNotNamedWithItsUrl() {
        job("http://127.0.0.1:1/file.csv?5ecre7", "");
        api.answers(200, "{\"count\":1}");
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure.isLasting()).isFalse();
        assertThat(failure).hasMessageContaining("ConnectException");
        assertNothingSecret(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at", "updated_at"})
    void anExportFromBeforeTheRequestIsNotBelieved(String field) {
        Instant earlier = Instant.now().minus(1, ChronoUnit.HOURS);
        job(url(), ",\"" + field + "\":\"" + earlier + "\"");
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure).hasMessageContaining(field + " is 3").hasMessageContaining("s before that");
        assertThat(failure.isLasting()).isTrue();
    }

    @Test
    void anExportOfThisMomentIs() throws Exception {
        job(url(), ",\"created_at\":\"" + Instant.now() + "\",\"updated_at\":\"" + Instant.now() + "\"");
        api.answers(200, "{\"count\":1}");
        api.answers(200, NAMES + "\r\n" + row("d1", "a"));
        assertThat(judged(read(1)).reason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"id\":7,\"status\":\"success\"}",
                "{\"id\":\"\",\"status\":\"success\"}",
                "{\"id\":\"e1\"}",
                "{\"id\":\"e1\",\"status\":\"success\"}",
                "{\"id\":\"e1\",\"status\":\"success\",\"signed_url\":\"\"}",
                "{\"id\":\"e1\",\"status\":\"success\",\"signed_url\":7}",
                "{\"id\":\"e1\",\"status\":\"success\",\"signed_url\":\"nonsense\"}",
                "{\"id\":\"e1\",\"status\":\"success\",\"category\":\"devices\",\"signed_url\":\"http://127.0.0.1:1\"}",
                "{\"id\":\"e1\",\"status\":\"pending\",\"error_msg\":\"no room\"}",
                "{\"id\":\"e1\",\"status\":\"exploded\"}"
            })
    void anAnswerThatIsNoExportIsAFailure(String answer) {
        api.answers(200, answer);
        assertThat(catchThrowableOfType(ExportFailure.class, () -> read(1))).isNotNull();
        assertThat(api.asked).hasSize(1);
    }

    @Test
    void anotherExportsAnswerIsNotOurs() {
        api.answers(200, "{\"id\":\"e1\",\"status\":\"pending\"}");
        api.answers(200, "{\"id\":\"e2\",\"status\":\"success\",\"signed_url\":\"" + url() + "\"}");
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure).hasMessageContaining("another one");
    }

    @Test
    void anApproximateCountIsNone() {
        job(url(), "");
        api.answers(200, "{\"count\":1,\"approximate\":true}");
        api.answers(200, "{\"data\":[],\"total\":null}");
        var failure = catchThrowableOfType(ExportFailure.class, () -> read(1));
        assertThat(failure).hasMessageContaining("would not count");
    }
}
