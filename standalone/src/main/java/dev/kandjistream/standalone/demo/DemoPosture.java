package dev.kandjistream.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.standalone.config.PostureSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demo's access system: a policy and a token in the data folder, and what comes of asking. The policy stays as it is
 * found, so that whoever edits it sees what that does.
 */
final class DemoPosture {
    /** Nobody but this machine can ask, and nothing here is true. */
    private static final String TOKEN = "demo-posture-token";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String POLICY = """
            # The demo's policy. Change it while the demo runs, ask again, and see. A file with a fault changes nothing.
            no_match: |
              We cannot tell at present whether this device is managed. Try again later, or ask IT.
            rules:
              - name: unknown
                when: connection_reason == "serial_unknown"
                outcome: deny
                notification: |
                  This device is **not known** here. Sign in from one that IT gave you.
              - name: not-managed
                when: mdm_enabled == false
                outcome: deny
                notification: |
                  This device is **not managed**. Open Self Service and enrol it again, or ask IT.
              - name: old-system
                platform: macOS
                when: os_version < "15.0"
                outcome: monitor
              - name: connected
                when: connection == "available"
                outcome: allow
            """;

    private final Path policy;
    private final Path tokens;

    private DemoPosture(Path policy, Path tokens) {
        this.policy = policy;
        this.tokens = tokens;
    }

    /** Writes what is missing in the folder. */
    static DemoPosture in(Path dataFolder) {
        try {
            Path folder = Files.createDirectories(dataFolder.resolve("posture"));
            Path policy = folder.resolve("policy.yml");
            if (Files.notExists(policy)) {
                Files.writeString(policy, POLICY);
            }
            Path tokens = Files.writeString(
                    folder.resolve("tokens.yml"),
                    "tokens:\n  - { name: demo, sha256: \"" + sha256(TOKEN) + "\", scopes: [decide, read] }\n");
            return new DemoPosture(policy, tokens);
        } catch (IOException fault) {
            throw new UncheckedIOException("The demo's policy cannot be written: " + fault, fault);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }

    /** @param port 0 takes a free one */
    PostureSettings settings(int port) {
        return new PostureSettings(
                policy,
                tokens,
                "127.0.0.1",
                port,
                Optional.empty(),
                10_000,
                Duration.ofHours(1),
                Map.of(),
                Optional.of(new PostureSettings.Live(0.05, 5)));
    }

    /** How to ask, a line each. */
    List<String> howToAsk(String url, String serialNumber) {
        return List.of(
                "curl -s " + url + "/v1/decisions -H 'Authorization: Bearer " + TOKEN + "' \\",
                "  -H 'Content-Type: application/json' -d '{\"serial_number\": \"" + serialNumber + "\"}'",
                "policy " + policy + ", read again when it changes; API " + url + "/v1/openapi.yaml");
    }

    /**
     * What was decided, in the answer's own words.
     *
     * @param rule empty where none matched
     * @param monitored names of rules that only recorded it, separated by commas; empty where there were none
     * @param notification for the person refused; empty where there is none
     */
    record Answer(String decision, String rule, String monitored, String notification) {}

    /** Asks as an access system would. */
    Answer ask(String url, String serialNumber) {
        String question =
                JSON.createObjectNode().put("serial_number", serialNumber).toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/decisions"))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("Posture answered " + response.statusCode() + ": " + response.body());
            }
            return answer(JSON.readTree(response.body()));
        } catch (IOException fault) {
            throw new UncheckedIOException("Posture could not be asked: " + fault, fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking posture", interrupted);
        }
    }

    private static Answer answer(JsonNode json) {
        var monitored = new StringBuilder();
        json.path("monitored")
                .forEach(rule ->
                        monitored.append(monitored.isEmpty() ? "" : ", ").append(rule.asText()));
        return new Answer(
                json.path("decision").asText(),
                json.path("rule").isNull() ? "" : json.path("rule").asText(),
                monitored.toString(),
                json.path("notification").isNull()
                        ? ""
                        : json.path("notification").asText().strip());
    }
}
