package dev.kandjistream.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.standalone.config.PostureSettings;
import dev.kandjistream.standalone.run.StopSignal;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Asks the posture service over HTTP, like a sign-in. */
final class PostureClient {
    private static final String TOKEN = "a-token-of-the-tests";
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack;

    PostureClient(Stack stack) {
        this.stack = stack;
    }

    /** A posture service with this policy on a free port; it asks no account's API. */
    static PostureSettings settings(Path directory, String policy, Duration allowedAge) {
        try {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8)));
            return new PostureSettings(
                    Files.writeString(directory.resolve("policy.yml"), policy),
                    Files.writeString(
                            directory.resolve("tokens.yml"),
                            "tokens:\n  - { name: tests, sha256: \"" + sha256 + "\", scopes: [decide, read] }\n"),
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    1_000,
                    allowedAge,
                    Map.of(),
                    Optional.empty());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    record Answer(JsonNode body) {
        boolean allows() {
            return body.path("decision").asText().equals("allow");
        }

        String connection() {
            return attribute("connection");
        }

        String reason() {
            return attribute("connection_reason");
        }

        boolean knows(String attribute) {
            return body.path("attributes").path(attribute).hasNonNull("value");
        }

        /** Empty text if it is missing. */
        String attribute(String word) {
            return body.path("attributes").path(word).path("value").asText("");
        }
    }

    Answer ask(String serial) {
        String url = stack.pipeline().postureUrl().orElseThrow() + "/v1/decisions";
        try {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            JSON.writeValueAsBytes(Map.of("serial_number", serial))))
                    .build();
            HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new AssertionError("posture answered " + response.statusCode() + ": "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return new Answer(JSON.readTree(response.body()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Asks until the answer is as expected: posture follows the topics, a moment behind the sweep. */
    Answer await(String serial, String expected, Predicate<Answer> holds) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            Answer answer = ask(serial);
            if (holds.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("expected of posture: " + expected + "; it answers " + answer.body());
            }
            StopSignal.none().pause(Duration.ofMillis(100));
        }
    }

    Answer awaitAllowed(String serial) {
        return await(serial, "allow", Answer::allows);
    }

    Answer awaitRefused(String serial) {
        return await(serial, "deny", answer -> !answer.allows());
    }

    Answer awaitRefused(String serial, String connection, String reason) {
        return await(
                serial,
                "deny, " + connection + ", " + reason,
                answer -> !answer.allows()
                        && answer.connection().equals(connection)
                        && answer.reason().equals(reason));
    }
}
