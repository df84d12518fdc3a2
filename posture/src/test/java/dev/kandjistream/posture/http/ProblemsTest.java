package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered where something is wrong: every kind of {@link Problem} that a client can bring about. */
class ProblemsTest {
    private static final Served SERVED = new Served(
            new Settings("127.0.0.1", 0, Optional.empty(), 10_000, 1, 40, 30, java.time.Duration.ofMillis(300)));

    @AfterAll
    static void close() {
        SERVED.close();
    }

    @Test
    void withoutATokenNobodyIsAnswered() {
        HttpResponse<String> answer = SERVED.send(HttpRequest.newBuilder(
                        SERVED.post("/v1/decisions", Served.QUESTION), (name, value) -> !name.equals("Authorization"))
                .build());

        assertProblem(answer, 401, "unauthenticated");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"kandji-stream\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer another", "Bearer", "Bearer ", "Basic dG9rZW4tb2YtYm90aA==", "token-of-both"})
    void withAnotherTokenNobodyIsAnswered(String authorization) {
        HttpResponse<String> answer = SERVED.send(SERVED.request("/v1/devices/C02STUB1")
                .setHeader("Authorization", authorization)
                .build());

        assertProblem(answer, 401, "unauthenticated");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).contains("error=\"invalid_token\"");
    }

    @Test
    void twoTokensAreNone() {
        HttpResponse<String> answer = SERVED.send(SERVED.request("/v1/devices/C02STUB1")
                .header("Authorization", "Bearer " + Served.READS)
                .build());

        assertProblem(answer, 401, "unauthenticated");
    }

    @Test
    void aTokenDoesWhatItIsForOnly() {
        HttpResponse<String> read = SERVED.send(SERVED.request("/v1/devices/C02STUB1")
                .setHeader("Authorization", "bearer " + Served.DECIDES)
                .build());
        HttpResponse<String> decide =
                SERVED.send(HttpRequest.newBuilder(SERVED.post("/v1/decisions", Served.QUESTION), (name, value) -> true)
                        .setHeader("Authorization", "Bearer " + Served.READS)
                        .build());

        assertProblem(read, 403, "scope-missing");
        assertThat(read.headers().firstValue("WWW-Authenticate").orElse(""))
                .contains("error=\"insufficient_scope\", scope=\"read\"");
        assertThat(assertProblem(decide, 403, "scope-missing").path("detail").asText())
                .isEqualTo("expected a token with the scope decide, found one without it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/v1", "/v1/decisions/", "/v2/decisions", "/v1/devices", "/v1/devices/a/b", "/V1/decisions"
            })
    void pathsThatAreNoneAreNotFound(String path) {
        assertProblem(SERVED.get(path), 404, "unknown-path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "C02STUB", "C02STUB12", "%20", "C02%2FSTUB1", "%C3%BC"})
    void anUnknownDeviceIsNotFound(String serialNumber) {
        assertProblem(SERVED.get("/v1/devices/" + serialNumber), 404, "unknown-device");
    }

    @Test
    void otherMethodsAreToldWhichThereAre() {
        HttpResponse<String> get = SERVED.get("/v1/decisions");
        HttpResponse<String> delete =
                SERVED.send(SERVED.request("/v1/devices/C02STUB1").DELETE().build());
        HttpResponse<String> browser = SERVED.send(
                SERVED.request("/v1/decisions").header("Accept", "text/html").build());

        assertProblem(get, 405, "method-not-allowed");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertProblem(delete, 405, "method-not-allowed");
        assertThat(delete.headers().firstValue("Allow")).contains("GET, HEAD");
        assertProblem(browser, 405, "method-not-allowed");
        assertThat(browser.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void aBodyMayHaveSoManyBytesAndNoMore() {
        String question = Served.QUESTION + " ".repeat(10_000 - Served.QUESTION.length());

        assertThat(SERVED.decide(question).statusCode()).isEqualTo(200);
        assertProblem(SERVED.decide(question + " "), 413, "too-large");
        assertProblem(SERVED.send(chunked(question + " ")), 413, "too-large");
        assertProblem(SERVED.send(chunked(question.repeat(5))), 413, "too-large");
    }

    private static HttpRequest chunked(String body) {
        return SERVED.request("/v1/decisions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Test
    void aBodyThatIsFarTooLongIsNotReadToItsEnd() throws IOException {
        String answer = raw("POST /v1/decisions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + Served.BOTH
                + "\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{");

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("problem:too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json; charset=iso-8859-1", "application/jsonx", "application/*"})
    void otherContentIsNotRead(String type) {
        HttpResponse<String> answer = SERVED.send(SERVED.request("/v1/decisions")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(Served.QUESTION))
                .build());

        assertProblem(answer, 415, "unsupported-content");
    }

    @Test
    void jsonIsReadHoweverItsTypeIsWritten() {
        HttpResponse<String> answer = SERVED.send(SERVED.request("/v1/decisions")
                .header("Content-Type", "Application/JSON ; Charset=\"UTF-8\"")
                .POST(BodyPublishers.ofString(Served.QUESTION))
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void compressedBodiesAreNotRead() {
        HttpResponse<String> answer = SERVED.send(SERVED.request("/v1/decisions")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString(Served.QUESTION))
                .build());

        assertProblem(answer, 415, "unsupported-content");
        assertThat(answer.headers().firstValue("Accept-Encoding")).contains("identity");
    }

    @Test
    void faultsOfTheBodyAreListed() {
        JsonNode problem =
                assertProblem(SERVED.decide("{\"serial_number\":1,\"serial\":\"C02XK1\"}"), 400, "invalid-request");

        assertThat(problem.path("errors")).hasSize(2);
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/serial");
        assertThat(problem.toString()).doesNotContain("C02XK1");
    }

    @Test
    void untilItIsReadyNothingIsDecided() {
        SERVED.source.notReady = Optional.of("The view of the fleet is being read: 17 of 100 records");
        try {
            HttpResponse<String> answer = SERVED.decide(Served.QUESTION);

            JsonNode problem = assertProblem(answer, 503, "not-ready");
            assertThat(problem.path("detail").asText()).endsWith("17 of 100 records");
            assertThat(answer.headers().firstValue("Retry-After")).contains("2");
            assertProblem(SERVED.get("/v1/devices/C02STUB1"), 503, "not-ready");
        } finally {
            SERVED.source.notReady = Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BROKEN", "FATAL"})
    void aFaultOfOursTellsNothingAboutItself(String serialNumber) {
        JsonNode decided =
                assertProblem(SERVED.decide("{\"serial_number\":\"" + serialNumber + "\"}"), 500, "internal");
        JsonNode looked = assertProblem(SERVED.get("/v1/devices/" + serialNumber), 500, "internal");

        assertThat(decided.toString() + looked).doesNotContain("IllegalState", "Overflow", serialNumber, "at dev.");
    }

    @Test
    void whoWaitsForADecisionForeverDoesNot() {
        assertProblem(SERVED.decide("{\"serial_number\":\"SLOW\"}"), 500, "internal");
    }

    /** Each question of a batch counts, and other tokens have their own share. */
    @Test
    void whoAsksTooMuchIsToldToWait() {
        var limited = new Settings("127.0.0.1", 0, Optional.empty(), 10_000, 1, 40, 40, Served.SETTINGS.patience());
        try (var served = new Served(limited)) {
            String batch = "{\"questions\":[" + "{\"serial_number\":\"a\"},".repeat(29) + "{\"serial_number\":\"a\"}]}";

            assertThat(served.send(served.post("/v1/decisions/batch", batch)).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> second = served.send(served.post("/v1/decisions/batch", batch));
            HttpResponse<String> other =
                    served.send(HttpRequest.newBuilder(served.post("/v1/decisions/batch", batch), (name, value) -> true)
                            .setHeader("Authorization", "Bearer " + Served.DECIDES)
                            .build());

            assertProblem(second, 429, "too-many-requests");
            long seconds =
                    Long.parseLong(second.headers().firstValue("Retry-After").orElseThrow());
            assertThat(seconds).isBetween(1L, 21L);
            assertThat(other.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoHttpIsAProblemToo() throws IOException {
        assertThat(raw("NONSENSE\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "urn:uuid:");
        assertThat(raw("GET /v1/devices/%zz HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json");
        assertThat(raw("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .contains("problem:address-too-long");
        assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("problem:headers-too-large");
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", SERVED.server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new byte[4_096];
            int length = socket.getInputStream().readNBytes(answer, 0, 12);
            while (!new String(answer, 0, length, StandardCharsets.US_ASCII).contains("\"instance\"")) {
                int count = socket.getInputStream().read(answer, length, answer.length - length);
                if (count < 0) {
                    break;
                }
                length += count;
            }
            return new String(answer, 0, length, StandardCharsets.US_ASCII);
        }
    }

    static JsonNode assertProblem(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Served.json(answer);
        assertThat(problem.path("type").asText()).isEqualTo("urn:kandji-stream:problem:" + kind);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
        assertThat(problem.path("instance").asText()).matches("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        return problem;
    }
}
