package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.posture.domain.Question;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is answered where all is well. */
class PostureServerTest {
    private static final Served SERVED = new Served();

    @AfterAll
    static void close() {
        SERVED.close();
    }

    @Test
    void aDecisionIsAnsweredWhole() {
        HttpResponse<String> answer = SERVED.decide("""
                {"serial_number": " c02stub1 ", "platform": "macOS", "user_email": "Ada@acme.example",
                 "context": {"app": "vpn"}}""");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode json = Served.json(answer);
        assertThat(json.toString()).startsWith("""
                {"decision":"allow","rule":"known","notification":null,"monitored":["old-system"],"missing":[],\
                "attributes":{"connection":{"value":"available","source":"view","age_seconds":41},""");
        assertThat(json.at("/attributes/os_version/value").asText()).isEqualTo("15.2 (a)");
        assertThat(json.at("/attributes/model/value").asText()).isEqualTo("MacBook Pro \"14\"");
        assertThat(json.at("/attributes/mdm_enabled/value").booleanValue()).isTrue();
        assertThat(json.at("/attributes/checked_in_ago/value").longValue()).isEqualTo(3_600);
        assertThat(json.at("/attributes/tags/value").toString()).isEqualTo("[\"vip\",\"büro\"]");
        assertThat(json.at("/attributes/user_matches").toString())
                .isEqualTo("{\"value\":true,\"source\":\"request\",\"age_seconds\":0}");
        assertThat(json.has("lost_mode")).isFalse();
        assertThat(json.path("source").asText()).isEqualTo("view");
        assertThat(json.path("age_seconds").longValue()).isEqualTo(41);
        assertThat(json.path("policy_version").asText()).isEqualTo("9f2c0123456789ab");
        assertThat(json.path("decision_id").asText()).startsWith("decision-");
        assertThat(json.path("decided_at").asText()).isEqualTo("2026-01-05T09:00:00Z");
    }

    @Test
    void theQuestionArrivesAsItWasAsked() {
        SERVED.decide("""
                {"serial_number": "x1", "platform": "iPadOS", "user_email": null, "context": {"app": "vpn", "": "ü"}}""");

        Question question = SERVED.source.asked.get("X1");
        assertThat(question.platform()).contains("iPad");
        assertThat(question.userEmail()).isEmpty();
        assertThat(question.context()).containsOnly(java.util.Map.entry("app", "vpn"), java.util.Map.entry("", "ü"));
        assertThat(SERVED.source.clients).containsEntry("X1", "both");
    }

    @Test
    void whatIsNotKnownIsLeftOutOrNull() {
        JsonNode json = Served.json(SERVED.decide("{\"serial_number\":\"unknown\"}"));

        assertThat(json.toString()).startsWith("""
                {"decision":"deny","rule":null,"notification":"This device is **not known**.\\n","monitored":[],\
                "missing":["mdm_enabled","os_version"],"attributes":{\
                "connection":{"value":"unavailable","source":"view","age_seconds":null},\
                "connection_reason":{"value":"serial_unknown","source":"view","age_seconds":null}},\
                "source":"view","age_seconds":null,""");
    }

    @Test
    void aBatchIsAnsweredInItsOrder() {
        var questions = new ArrayList<String>();
        for (int i = 0; i < 1_000; i++) {
            questions.add(i % 2 == 0 ? "{\"serial_number\":\"unknown" + i + "\"}" : Served.QUESTION);
        }

        HttpResponse<String> answer = SERVED.send(
                SERVED.post("/v1/decisions/batch", "{\"questions\":[" + String.join(",", questions) + "]}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode decisions = Served.json(answer).path("decisions");
        assertThat(decisions).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(decisions.get(i).path("decision").asText()).isEqualTo(i % 2 == 0 ? "deny" : "allow");
        }
    }

    @Test
    void aDeviceIsShown() {
        HttpResponse<String> answer = SERVED.get("/v1/devices/c02stub1");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode json = Served.json(answer);
        assertThat(json.at("/attributes/account/value").asText()).isEqualTo("acme");
        assertThat(json.at("/attributes/user_matches").isMissingNode()).isTrue();
        assertThat(json.path("source").asText()).isEqualTo("view");
        assertThat(json.path("age_seconds").longValue()).isEqualTo(41);
        assertThat(json.size()).isEqualTo(3);
    }

    @Test
    void headIsAnsweredLikeGetButForTheBody() {
        HttpResponse<String> known = SERVED.send(SERVED.request("/v1/devices/C02STUB1")
                .method("HEAD", BodyPublishers.noBody())
                .build());
        HttpResponse<String> unknown = SERVED.send(SERVED.request("/v1/devices/other")
                .method("HEAD", BodyPublishers.noBody())
                .build());

        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(known.body()).isEmpty();
    }

    @Test
    void manyThatWaitHoldUpNobody() {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiting.add(SERVED.sendAsync(SERVED.post("/v1/decisions", "{\"serial_number\":\"SLOW" + i + "\"}")));
        }
        while (SERVED.source.slow.size() < 200) {
            Thread.onSpinWait();
        }

        assertThat(SERVED.decide(Served.QUESTION).statusCode()).isEqualTo(200);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        SERVED.source.slow.forEach((serialNumber, decision) ->
                decision.complete(SERVED.source.decision(SERVED.source.asked.get(serialNumber), "both")));
        assertThat(waiting).allMatch(answer -> answer.join().statusCode() == 200);
    }

    /** More of them than the server has threads. */
    @Test
    void whoSendsSlowlyHoldsUpNobody() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                var socket = new Socket("127.0.0.1", SERVED.server.port());
                slow.add(socket);
                socket.getOutputStream().write(("""
                        POST /v1/decisions HTTP/1.1\r
                        Host: a\r
                        Authorization: Bearer token-of-both\r
                        Content-Type: application/json\r
                        Content-Length: 28\r
                        \r
                        {"serial""").getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(SERVED.decide(Served.QUESTION).statusCode()).isEqualTo(200);

            for (Socket socket : slow) {
                socket.getOutputStream().write("_number\":\"C02STUB1\"}".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
