package dev.kandjistream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Asks a simulator as any client of the API would. */
final class ApiClient {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final KandjiSimulator simulator;

    ApiClient(KandjiSimulator simulator) {
        this.simulator = simulator;
    }

    /** @param path what follows {@code /api/v1} */
    HttpResponse<String> get(String path) {
        return send("GET", "/api/v1" + path, simulator.token(), "");
    }

    JsonNode json(String path) {
        return json(get(path));
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("Not JSON: " + answer.body(), e);
        }
    }

    HttpResponse<String> send(String method, String path, String token, String body) {
        return send(request(simulator.url() + path, token).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** @param path what follows {@code /api/v1} */
    HttpResponse<String> post(String path, String json) {
        return send(request(simulator.url() + "/api/v1" + path, simulator.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** @param token null to send none */
    static HttpResponse<String> fetch(String url, String token) {
        return send(request(url, token));
    }

    private static HttpRequest.Builder request(String url, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All rows by cursor, as the facts sheet says a client must: first empty, until no rows or no cursor. */
    List<JsonNode> walkByCursor(int limit, String more) {
        var rows = new ArrayList<JsonNode>();
        for (String cursor = ""; ; ) {
            JsonNode page = json("/prism/apps?limit=" + limit + "&cursor=" + encode(cursor) + more);
            page.path("data").forEach(rows::add);
            if (page.path("data").isEmpty() || !page.hasNonNull("cursor")) {
                return rows;
            }
            cursor = page.path("cursor").asText();
        }
    }

    List<JsonNode> walkByOffset(int limit) {
        var rows = new ArrayList<JsonNode>();
        for (int offset = 0; ; offset += limit) {
            JsonNode page = json("/prism/apps?limit=" + limit + "&offset=" + offset);
            page.path("data").forEach(rows::add);
            if (page.path("data").isEmpty()) {
                return rows;
            }
        }
    }

    List<JsonNode> walkDevices(int limit, String more) {
        var rows = new ArrayList<JsonNode>();
        for (int offset = 0; ; offset += limit) {
            JsonNode page = json("/devices?limit=" + limit + "&offset=" + offset + more);
            page.forEach(rows::add);
            if (page.isEmpty()) {
                return rows;
            }
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
