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
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * <p>Throws {@link RegistryException} when the registry refuses a request, {@link RegistryUnavailableException} when none of its
 * URLs gave a usable answer within the configured retries. An answer must be there as a whole within the read timeout, so a
 * registry that stalls delays its caller no longer than that. Redirects are not followed: credentials go to the configured URLs only.
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
        return send(
                "POST", "/subjects/" + encoded(subject) + "/versions", Map.of("schema", schema), RegistryClient::id);
    }

    /** The id the schema has under the subject. */
    int lookUp(String subject, String schema) {
        return send("POST", "/subjects/" + encoded(subject), Map.of("schema", schema), RegistryClient::id);
    }

    /** A schema and its id. */
    record Registered(int id, Schema schema) {}

    Registered latest(String subject) {
        return send(
                "GET",
                "/subjects/" + encoded(subject) + "/versions/latest",
                Map.of(),
                answer -> new Registered(id(answer), parse(answer)));
    }

    Schema byId(int id) {
        return send("GET", "/schemas/ids/" + id, Map.of(), RegistryClient::parse);
    }

    /** The subject's compatibility level, or the registry's own; empty where an older registry knows neither. */
    Optional<String> compatibility(String subject) {
        try {
            return Optional.of(send(
                    "GET",
                    "/config/" + encoded(subject) + "?defaultToGlobal=true",
                    Map.of(),
                    answer -> text(answer, "compatibilityLevel")));
        } catch (RegistryException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void setCompatibility(String subject, String level) {
        send("PUT", "/config/" + encoded(subject), Map.of("compatibility", level), answer -> answer);
    }

    /** Reads the usable part of an answer. Throws an IOException if the answer lacks it, so the next URL is asked. */
    private interface Read<T> {
        T from(JsonNode answer) throws IOException;
    }

    private static int id(JsonNode answer) throws IOException {
        if (!answer.path("id").isInt()) {
            throw new IOException("its answer has no schema id");
        }
        return answer.path("id").asInt();
    }

    private static String text(JsonNode answer, String field) throws IOException {
        if (!answer.path(field).isTextual()) {
            throw new IOException("its answer has no " + field);
        }
        return answer.path(field).asText();
    }

    private static Schema parse(JsonNode answer) throws IOException {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new SerializationException("Schema is not Avro but " + type);
        }
        String schema = text(answer, "schema");
        try {
            return new Schema.Parser().parse(schema);
        } catch (SchemaParseException e) {
            throw new SerializationException("Schema in the registry cannot be read", e);
        }
    }

    private <T> T send(String method, String path, Map<String, String> body, Read<T> read) {
        Exception last = null;
        Duration wait = settings.retryWait();
        for (int round = 0; round <= settings.retries(); round++) {
            if (round > 0) {
                pause(wait);
                wait = min(wait.multipliedBy(2), settings.retryWaitMax());
            }
            for (var address : settings.addresses()) {
                try {
                    var response = exchange(request(address, method, path, body));
                    if (response.statusCode() / 100 == 2) {
                        return read.from(JSON.readTree(response.body()));
                    }
                    if (response.statusCode() / 100 == 4 && response.statusCode() != 429) {
                        throw refusal(response, method, path);
                    }
                    last = new IOException(address.url() + " answered " + shown(response));
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

    private static String shown(HttpResponse<String> response) {
        String redirect = response.statusCode() / 100 == 3
                ? ", a redirect, which is not followed. Set schema.registry.url to the registry itself"
                : "";
        return response.statusCode() + redirect;
    }

    /** The request's own timeout would end with the answer's headers. */
    private HttpResponse<String> exchange(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException(
                    "no whole answer within " + settings.readTimeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException network) {
                throw network;
            }
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static HttpRequest request(
            RegistrySettings.Address address, String method, String path, Map<String, String> body)
            throws JsonProcessingException {
        var request = HttpRequest.newBuilder(URI.create(address.url() + path))
                .header("Accept", CONTENT_TYPE)
                .header("Content-Type", CONTENT_TYPE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        address.authorization().ifPresent(value -> request.header("Authorization", value.value()));
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
        return settings.addresses().stream()
                .map(address -> address.url().toString())
                .collect(Collectors.joining(","));
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
                .followRedirects(HttpClient.Redirect.NEVER);
    }

    /** {@code schema.registry.ssl.*} mean what Kafka's own {@code ssl.*} mean. */
    private static HttpClient withTls(RegistrySettings settings) {
        var definition = new ConfigDef().withClientSslSupport();
        var engines = new DefaultSslEngineFactory();
        engines.configure(new AbstractConfig(definition, settings.tls(), false).values());
        return clientBuilder().sslContext(engines.sslContext()).build();
    }
}
