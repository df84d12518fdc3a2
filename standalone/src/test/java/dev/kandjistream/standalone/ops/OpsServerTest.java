package dev.kandjistream.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private OpsServer server;

    @BeforeEach
    void start() throws IOException {
        server = OpsServer.start("127.0.0.1", 0, health, metrics::scrape);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void readyIsNoUntilEveryPartIsReadyAndSaysWhy() throws Exception {
        health.starting("broker");
        AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.of("waiting for the broker"));
        health.watch("poller", new Health.Part(reason::get, Optional::empty));

        HttpResponse<String> waiting = get("/health/ready");
        assertThat(waiting.statusCode()).isEqualTo(503);
        assertThat(waiting.body().replaceAll("\\s", ""))
                .isEqualTo("{\"ready\":false,\"parts\":["
                        + "{\"name\":\"broker\",\"ready\":false,\"reason\":\"starting\"},"
                        + "{\"name\":\"poller\",\"ready\":false,\"reason\":\"waitingforthebroker\"}]}");

        health.running("broker");
        reason.set(Optional.empty());
        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body().replaceAll("\\s", ""))
                .isEqualTo("{\"ready\":true,\"parts\":["
                        + "{\"name\":\"broker\",\"ready\":true},{\"name\":\"poller\",\"ready\":true}]}");
    }

    @Test
    void aProcessWithoutPartsIsAliveButNotReady() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void aPartThatStoppedForGoodEndsLifeAndNamesItself() throws Exception {
        health.watch(
                "sink", new Health.Part(Optional::empty, () -> Optional.of(new IllegalStateException("disk full"))));
        HttpResponse<String> live = get("/health/live");
        assertThat(live.statusCode()).isEqualTo(503);
        assertThat(live.body()).isEqualTo("{\"live\":false,\"part\":\"sink\",\"reason\":\"failed: disk full\"}\n");
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void metricsAreServedAsPrometheusText() throws Exception {
        metrics.registry().counter("poller.rows.read").increment(3);
        HttpResponse<String> scraped = get("/metrics");
        assertThat(scraped.statusCode()).isEqualTo(200);
        assertThat(scraped.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scraped.body()).contains("poller_rows_read_total 3.0").contains("jvm_memory_used_bytes{");
    }

    @Test
    void whatIsNotServedIsAnsweredWithWhatIs() throws Exception {
        HttpResponse<String> answer = get("/");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("Served here: /health/live, /health/ready, /metrics\n");
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(URI.create(server.url() + "/health/live"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
