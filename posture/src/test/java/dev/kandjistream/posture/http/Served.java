package dev.kandjistream.posture.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A running server over a stub, and somebody who asks it. */
final class Served implements AutoCloseable {
    static final Settings SETTINGS = Settings.DEFAULT.withPort(0);
    static final String BOTH = "token-of-both";
    static final String DECIDES = "token-that-decides";
    static final String READS = "token-that-reads";
    static final String QUESTION = "{\"serial_number\":\"C02STUB1\"}";

    private static final Map<String, Client> CLIENTS = Map.of(
            BOTH, new Client("both", Set.of(Scope.DECIDE, Scope.READ)),
            DECIDES, new Client("decides", Set.of(Scope.DECIDE)),
            READS, new Client("reads", Set.of(Scope.READ)));
    private static final ObjectMapper JSON = new ObjectMapper();

    final StubSource source = new StubSource();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final PostureServer server;
    final HttpClient http;

    Served() {
        this(SETTINGS);
    }

    Served(Settings settings) {
        this(settings, token -> Optional.ofNullable(CLIENTS.get(token)), HttpClient.newHttpClient());
    }

    Served(Settings settings, Tokens tokens, HttpClient http) {
        this.http = http;
        try {
            server = PostureServer.start(settings, source, tokens, registry);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).header("Authorization", "Bearer " + BOTH);
    }

    HttpRequest post(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpResponse<String> send(HttpRequest request) {
        return sendAsync(request).join();
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    HttpResponse<String> decide(String body) {
        return send(post("/v1/decisions", body));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
