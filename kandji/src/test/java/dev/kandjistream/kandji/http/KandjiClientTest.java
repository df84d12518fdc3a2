package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KandjiClientTest {
    private final FakeApi api = new FakeApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private String get() throws ApiException, InterruptedException {
        return get(api.client());
    }

    private static String get(KandjiClient client) throws ApiException, InterruptedException {
        return client.get(
                "/devices",
                Map.of("limit", "300"),
                answer -> new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }

    private ApiException failure() {
        return catchThrowableOfType(ApiException.class, this::get);
    }

    @Test
    void asksWithTheTokenAndGivesTheBody() throws Exception {
        api.answers(200, "[]");
        assertThat(get()).isEqualTo("[]");
        assertThat(api.asked.get(0).getRequestURI()).isEqualTo(URI.create("/api/v1/devices?limit=300"));
        assertThat(api.asked.get(0).getRequestHeaders().getFirst("Authorization"))
                .isEqualTo("Bearer secret-token");
    }

    @Test
    void anAnswerIsAsOldAsTheAttemptThatSucceeded() throws Exception {
        var arrivals = new ArrayList<Long>();
        api.beforeAnswering = () -> {
            arrivals.add(api.clock.now().toEpochMilli());
            api.clock.advance(Duration.ofSeconds(50));
        };
        api.answers(503, "", Map.of("Retry-After", "30")).answers(200, "<html>").answers(200, "fine");
        var onePerSecond = new QuotaGovernor(10_000, 0.5, 1, api.clock);
        Answer answer = api.client(onePerSecond, () -> new Password("t")).get("/devices", Map.of(), each -> {
            if (!new String(each.body().readAllBytes(), StandardCharsets.UTF_8).equals("fine")) {
                throw BadBody.garbled("no readable JSON", null);
            }
            return each;
        });
        // Each reading of the clock advances it by a millisecond; every other step here takes at least a second.
        assertThat(arrivals).hasSize(3);
        assertThat(answer.askedAt()).isBetween(arrivals.get(2) - 100, arrivals.get(2));
        assertThat(answer.answeredAt()).isBetween(arrivals.get(2) + 50_000, arrivals.get(2) + 50_100);
    }

    @Test
    void aWaitForTheQuotaMakesNothingOlderThanItsRequest() throws Exception {
        api.answers(200, "fine").answers(200, "fine");
        var onePerSecond = new QuotaGovernor(10_000, 0.5, 1, api.clock);
        var client = api.client(onePerSecond, () -> new Password("t"));
        long first = client.get("/devices", Map.of(), Answer::askedAt);
        long second = client.get("/devices", Map.of(), Answer::askedAt);
        assertThat(second - first).isGreaterThan(500);
    }

    @ParameterizedTest
    @CsvSource({
        "'Sun, 09 Mar 2025 08:15:42 GMT', 1000, 31000, 1741508112000",
        "'Sun, 09 Mar 2025 08:15:42 GMT', 31000, 1000, 1741508142000",
        "yesterday, 1000, 31000, 1000",
        ", 1000, 31000, 1000"
    })
    void byTheApisClockTheQuestionIsEarlierThanTheAnswerByTheTimeItTook(
            String date, long askedAt, long answeredAt, long asOf) {
        var headers = HttpHeaders.of(date == null ? Map.of() : Map.of("Date", List.of(date)), (name, value) -> true);
        assertThat(new Answer(headers, InputStream.nullInputStream(), askedAt, answeredAt).asOf())
                .isEqualTo(asOf);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void triesAgainWhatMayPass(int status) throws Exception {
        api.answers(status, "<html>busy</html>").answers(200, "fine");
        assertThat(get()).isEqualTo("fine");
        assertThat(api.clock.waited()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "401, UNAUTHORIZED",
        "403, FORBIDDEN",
        "404, UNREACHABLE",
        "400, CONNECTED",
        "415, CONNECTED",
        "301, UNREACHABLE"
    })
    void takesEverythingElseForAnAnswer(int status, Connection connection) {
        api.answers(status, "[\"no\"]");
        ApiException failure = failure();
        assertThat(failure.connection()).isEqualTo(connection);
        assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
        assertThat(failure.endpoint()).isEqualTo("GET /api/v1/devices");
        assertThat(api.asked).hasSize(1);
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        api.answers(500, "").answers(500, "").answers(500, "").answers(200, "too late");
        ApiException failure = failure();
        assertThat(failure.connection()).isEqualTo(Connection.UNREACHABLE);
        assertThat(failure).hasMessageContaining("answered 500").hasMessageContaining("3 tries");
        assertThat(api.asked).hasSize(3);
    }

    @Test
    void waitsAsLongAsRetryAfterSaysInSeconds() throws Exception {
        api.answers(429, "{}", Map.of("Retry-After", "7")).answers(200, "fine");
        assertThat(get()).isEqualTo("fine");
        assertThat(api.clock.waited()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    }

    @Test
    void waitsAsLongAsRetryAfterSaysAsDate() throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(api.clock.now().plusSeconds(30), ZoneOffset.UTC));
        api.answers(503, "", Map.of("retry-after", date)).answers(200, "fine");
        assertThat(get()).isEqualTo("fine");
        assertThat(api.clock.waited()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(31));
    }

    @Test
    void doesNotHoldASweepForALongRetryAfterAndStopsTheAccount() {
        api.answers(429, "", Map.of("Retry-After", "3600")).answers(200, "fine");
        var governor = api.governor();
        var client = api.client(governor, () -> new Password("t"));
        var first = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(first.connection()).isEqualTo(Connection.RATE_LIMITED);
        var second = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(second.connection()).isEqualTo(Connection.RATE_LIMITED);
        assertThat(api.asked).hasSize(1);
    }

    @Test
    void aClientThatDoesNotWaitIsRefusedAtOnceWhereTheQuotaWouldHaveItWait() throws Exception {
        api.answers(200, "fine").answers(200, "not asked for");
        var onePerSecond = new QuotaGovernor(10_000, 0.5, 1, api.clock);
        var client = api.client(onePerSecond, () -> new Password("t"), impatient(Duration.ZERO));
        assertThat(get(client)).isEqualTo("fine");
        var refused = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(refused.connection()).isEqualTo(Connection.RATE_LIMITED);
        assertThat(refused.status()).isEmpty();
        assertThat(api.asked).hasSize(1);
        assertThat(api.clock.waited()).isZero();
    }

    @Test
    void aRetryAfterLongerThanItWaitsEndsTheRequest() {
        api.answers(429, "", Map.of("Retry-After", "7")).answers(200, "fine");
        var client = api.client(api.governor(), () -> new Password("t"), impatient(Duration.ofSeconds(6)));
        var failure = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(failure.connection()).isEqualTo(Connection.RATE_LIMITED);
        assertThat(api.asked).hasSize(1);
        assertThat(api.clock.waited()).isZero();
    }

    private static KandjiClient.Settings impatient(Duration longestWait) {
        return new KandjiClient.Settings(3, Duration.ofSeconds(5), longestWait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void aRetryAfterOfYearsStopsTheAccountForAnHour(String retryAfter) throws Exception {
        api.answers(429, "", Map.of("Retry-After", retryAfter)).answers(200, "fine");
        var client = api.client();
        assertThat(catchThrowableOfType(ApiException.class, () -> get(client)).connection())
                .isEqualTo(Connection.RATE_LIMITED);
        api.clock.advance(Duration.ofMinutes(61));
        assertThat(get(client)).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "99999999999999999999", "-1", "0", "ten thousand"})
    void aBudgetThatCannotBeIsNotHeeded(String budget) throws Exception {
        api.answers(200, "fine", Map.of("X-RateLimit-Limit-Hour", budget)).answers(200, "fine");
        var client = api.client();
        get(client);
        assertThat(get(client)).isEqualTo("fine");
        assertThat(client.quota().limit()).isEqualTo(5_000);
    }

    @Test
    void neverShowsTheTokenNorMoreThanAnExcerpt() {
        api.answers(403, "Token secret-token is not allowed\n" + "x".repeat(100_000));
        assertThat(failure().getMessage()).doesNotContain("secret-token").hasSizeLessThan(400);
    }

    @Test
    void aTokenThatNoHeaderCanCarryIsNotShownEither() {
        var client = api.client(api.governor(), () -> new Password("bad\u0001token"));
        var failure = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(failure).hasMessageContaining("token").hasMessageNotContaining("bad");
        assertThat(failure.getCause()).hasMessageNotContaining("bad\u0001");
    }

    @Test
    void aTokenThatCannotBeReadFailsTheRequestWithTheReason() {
        var client = api.client(api.governor(), () -> {
            throw new IllegalStateException("no file /run/secrets/acme");
        });
        var failure = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(failure.connection()).isEqualTo(Connection.UNAUTHORIZED);
        assertThat(failure).hasMessageContaining("/run/secrets/acme");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void aTokenRenewedSinceItWasReadGetsASecondTry() throws Exception {
        var tokens = new ArrayDeque<>(List.of("old", "new", "new", "new"));
        api.answers(401, "").answers(200, "fine");
        assertThat(get(api.client(api.governor(), () -> new Password(tokens.poll()))))
                .isEqualTo("fine");
        assertThat(api.asked.get(1).getRequestHeaders().getFirst("Authorization"))
                .isEqualTo("Bearer new");
    }

    @Test
    void readsACompressedBody() throws Exception {
        api.answers(new FakeApi.Scripted(200, Map.of("Content-Encoding", "gzip"), gzip("compressed")));
        assertThat(get()).isEqualTo("compressed");
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aBombOfABodyIsRefused() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            byte[] chunk = new byte[1 << 20];
            for (int i = 0; i < 70; i++) {
                gzip.write(chunk);
            }
        }
        api.answers(new FakeApi.Scripted(200, Map.of("Content-Encoding", "gzip"), bytes.toByteArray()));
        assertThat(failure()).hasMessageContaining("more than");
        assertThat(api.asked).hasSize(1);
    }

    @Test
    void nobodyThereIsUnreachable() {
        var client = api.client();
        api.close();
        var failure = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(failure.connection()).isEqualTo(Connection.UNREACHABLE);
        assertThat(failure.status()).isEmpty();
        assertThat(failure.getMessage()).contains("GET /api/v1/devices: no connection to 127.0.0.1:");
    }

    @Test
    void aHostThatNoNameServiceKnowsIsNamed() {
        var client = new KandjiClient(
                KandjiClient.newHttpClient(Duration.ofSeconds(5)),
                URI.create("https://acme.invalid"),
                () -> new Password("secret-token"),
                new QuotaGovernor(10_000, 0.5, 20, api.clock),
                Urgency.DEVICES,
                new KandjiClient.Settings(1, Duration.ofSeconds(5)),
                api.clock,
                status -> {});
        var failure = catchThrowableOfType(ApiException.class, () -> get(client));
        assertThat(failure.getMessage()).contains("no name service knows acme.invalid");
    }
}
