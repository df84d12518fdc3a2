package dev.kandjistream.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Confluent's REST API as far as a serde needs it. Blocking; safe for many threads. Keeps no answers: its callers do.
 *
 * <p>Throws {@link RegistryException} when the registry says no, {@link RegistryUnavailableException} when none of its
 * URLs gave an answer within the configured retries.
 */
final class RegistryClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

    /** One for all serdes without TLS settings of their own: each client has threads and connections. */
    private static final HttpClient SHARED = clientBuilder().build();

    private final RegistrySettings settings;
    private final HttpClient http;

    RegistryClient(RegistrySettings settings) {
        this.settings = settings;
        this.http = settings.tls().isEmpty() ? SHARED : withTls(settings);
    }

    /** Registers the schema unless the subject has it; either way its id. */
    int register(String subject, String schema) {
        return send("POST", "/subjects/" + encoded(subject) + "/versions", Map.of("schema", schema))
                .path("id")
                .asInt();
    }

    /** The id the schema has under the subject. */
    int lookUp(String subject, String schema) {
        return send("POST", "/subjects/" + encoded(subject), Map.of("schema", schema))
                .path("id")
                .asInt();
    }

    /** A schema and its id. */
    record Registered(int id, Schema schema) {}

    Registered latest(String subject) {
        JsonNode answer = send("GET", "/subjects/" + encoded(subject) + "/versions/latest", Map.of());
        return new Registered(answer.path("id").asInt(), parse(answer));
    }

    Schema byId(int id) {
        return parse(send("GET", "/schemas/ids/" + id, Map.of()));
    }

    /** The subject's compatibility level, or the registry's own; empty where an older registry knows neither. */
    Optional<String> compatibility(String subject) {
        try {
            return Optional.of(send("GET", "/config/" + encoded(subject) + "?defaultToGlobal=true", Map.of())
                    .path("compatibilityLevel")
                    .asText());
        } catch (RegistryException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void setCompatibility(String subject, String level) {
        send("PUT", "/config/" + encoded(subject), Map.of("compatibility", level));
    }

    private static Schema parse(JsonNode answer) {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new SerializationException("Schema is not Avro but " + type);
        }
        try {
            return new Schema.Parser().parse(answer.path("schema").asText());
        } catch (SchemaParseException e) {
            throw new SerializationException("Schema in the registry cannot be read", e);
        }
    }

    private JsonNode send(String method, String path, Map<String, String> body) {
        Exception last = null;
        Duration wait = settings.retryWait();
        for (int round = 0; round <= settings.retries(); round++) {
            if (round > 0) {
                pause(wait);
                wait = min(wait.multipliedBy(2), settings.retryWaitMax());
            }
            for (URI url : settings.urls()) {
                try {
                    var response = http.send(request(url, method, path, body), HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() / 100 == 2) {
                        return JSON.readTree(response.body());
                    }
                    if (response.statusCode() < 500 && response.statusCode() != 429) {
                        throw refusal(response, method, path);
                    }
                    last = new IOException(url + " answered " + response.statusCode());
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        throw new RegistryUnavailableException(
                "No schema registry answered " + method + " " + path + ". Is schema.registry.url right and the registry"
                        + " up? tried=" + describeUrls() + " rounds=" + (settings.retries() + 1) + " last error: "
                        + last,
                last);
    }

    private HttpRequest request(URI url, String method, String path, Map<String, String> body)
            throws JsonProcessingException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(settings.readTimeout())
                .header("Accept", CONTENT_TYPE)
                .header("Content-Type", CONTENT_TYPE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        settings.authorization().ifPresent(value -> request.header("Authorization", value.value()));
        return request.build();
    }

    private RegistryException refusal(HttpResponse<String> response, String method, String path) {
        int code = response.statusCode();
        String words = response.body();
        try {
            JsonNode answer = JSON.readTree(response.body());
            code = answer.path("error_code").asInt(code);
            words = answer.path("message").asText(words);
        } catch (JsonProcessingException notJson) {
            // A proxy's page, perhaps; its beginning says enough.
        }
        String hint = response.statusCode() == 401 || response.statusCode() == 403
                ? " Check basic.auth.user.info and the user's rights."
                : "";
        return new RegistryException(
                response.statusCode(),
                code,
                "Schema registry refused " + method + " " + path + " with " + response.statusCode() + " (code " + code
                        + "): " + words.substring(0, Math.min(words.length(), 2000)) + hint + " registry="
                        + describeUrls());
    }

    private String describeUrls() {
        return settings.urls().stream().map(URI::toString).collect(Collectors.joining(","));
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static HttpClient.Builder clientBuilder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NORMAL);
    }

    /** {@code schema.registry.ssl.*} mean what Kafka's own {@code ssl.*} mean. */
    private static HttpClient withTls(RegistrySettings settings) {
        var definition = new ConfigDef().withClientSslSupport();
        var engines = new DefaultSslEngineFactory();
        engines.configure(new AbstractConfig(definition, settings.tls(), false).values());
        return clientBuilder().sslContext(engines.sslContext()).build();
    }
}
