package dev.kandjistream.posture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody who asks over HTTP, and knows of the service no more than its address and a token. */
final class Asker {
    /** Of which the log must not tell. */
    static final String TOKEN = "token-that-nobody-may-read";

    static final String EMAIL = "ada@secret.example";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;

    Asker(String url) {
        this.url = url;
    }

    /** An answer, decoded. */
    record Answer(int status, JsonNode body) {
        String decision() {
            return text("decision");
        }

        /** Empty text where it is null. */
        String text(String key) {
            return body.path(key).asText("");
        }

        long age() {
            return body.get("age_seconds").asLong(-1);
        }

        /** Empty text where there is none. */
        String attribute(String word) {
            return body.path("attributes").path(word).path("value").asText("");
        }

        /** All but what time alone changes. */
        JsonNode comparable() {
            return Asker.comparable(body);
        }
    }

    /** @throws IOException where nobody answers any more */
    Answer decide(String serial) throws IOException, InterruptedException {
        return post("/v1/decisions", question(serial));
    }

    /** In one request; what time alone changes is left out. */
    List<JsonNode> decideAll(List<String> serials) throws IOException, InterruptedException {
        List<Map<String, Object>> questions =
                serials.stream().map(Asker::question).toList();
        Answer answer = post("/v1/decisions/batch", Map.of("questions", questions));
        List<JsonNode> decisions = new ArrayList<>();
        answer.body().path("decisions").forEach(decision -> decisions.add(comparable(decision)));
        return decisions;
    }

    private static JsonNode comparable(JsonNode decision) {
        ObjectNode copy = decision.deepCopy();
        copy.remove(List.of("decision_id", "decided_at", "age_seconds"));
        copy.get("attributes").forEach(attribute -> ((ObjectNode) attribute).remove("age_seconds"));
        for (String span : List.of("checked_in_ago", "enrolled_ago", "data_age")) {
            if (copy.get("attributes").get(span) instanceof ObjectNode attribute) {
                attribute.remove("value");
            }
        }
        return copy;
    }

    private static Map<String, Object> question(String serial) {
        return Map.of("serial_number", serial, "user_email", EMAIL, "context", Map.of("app", "vpn"));
    }

    private Answer post(String path, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }
}
