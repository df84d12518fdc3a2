package dev.kandjistream.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry that speaks Confluent's REST API, for Avro without references; loopback only.
 *
 * <p>Its memory is a compacted topic of one partition in the form of Confluent's {@code _schemas}: started again on the
 * topic it knows the same, and so does a real Schema Registry with that {@code kafkastore.topic}. The default
 * compatibility level is BACKWARD.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int THREADS = 4;

    static {
        // Else each answer waits 40 ms for the acknowledgement of its own header. Read once, by the first server.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final RegistryLog log;
    private final RegistryApi api;

    private EmbeddedRegistry(HttpServer server, RegistryLog log) {
        this.server = server;
        this.log = log;
        this.api = new RegistryApi(log);
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            var thread = new Thread(task, "embedded-registry");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Reads the topic to its end, then serves.
     *
     * @param port on the loopback address; 0 takes a free one
     * @param kafkaProperties client properties: {@code bootstrap.servers} and what its security needs
     * @param schemasTopic created when missing; {@code _schemas} is the real one's
     * @throws IllegalStateException when the port is taken or the topic would forget schemas
     * @throws KafkaException when Kafka cannot be reached
     */
    public static EmbeddedRegistry start(int port, Map<String, Object> kafkaProperties, String schemasTopic) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The embedded registry's port is taken. Stop who listens on it, or choose another. port=" + port,
                    e);
        }
        RegistryLog log;
        try {
            log = RegistryLog.open(kafkaProperties, schemasTopic);
        } catch (RuntimeException e) {
            server.stop(0);
            throw e;
        }
        var registry = new EmbeddedRegistry(server, log);
        server.createContext("/", registry::handle);
        server.setExecutor(registry.threads);
        server.start();
        LOG.atInfo()
                .addKeyValue("url", registry.url())
                .addKeyValue("topic", schemasTopic)
                .log("Embedded schema registry started");
        return registry;
    }

    /** For {@code schema.registry.url}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
        log.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, 200, route(exchange));
            } catch (RegistryRefusal refusal) {
                answer(exchange, refusal);
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).log("Registry's topic cannot be used now");
                answer(exchange, RegistryRefusal.storeFailed(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("Registry failed to answer");
                answer(exchange, RegistryRefusal.storeFailed(e.toString()));
            }
        }
    }

    private JsonNode route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String[] parts = Stream.of(path.split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toArray(String[]::new);
        String method = exchange.getRequestMethod();
        return switch (parts.length == 0 ? "" : parts[0]) {
            case "" -> JSON.createObjectNode();
            case "subjects" -> subjects(exchange, method, parts);
            case "schemas" -> schemas(method, parts, path);
            case "compatibility" -> compatibility(exchange, method, parts);
            case "config" -> config(exchange, method, parts);
            case "mode" -> JSON.createObjectNode().put("mode", "READWRITE");
            default -> throw RegistryRefusal.noSuchPath(path);
        };
    }

    private JsonNode subjects(HttpExchange exchange, String method, String[] parts) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        boolean versions = parts.length > 2 && parts[2].equals("versions");
        return switch (method + " " + parts.length) {
            case "GET 1" -> api.subjects();
            case "POST 2" -> api.lookUp(parts[1], body(exchange));
            case "GET 3", "POST 3", "GET 4", "GET 5" -> {
                if (!versions) {
                    throw RegistryRefusal.noSuchPath(path);
                }
                yield switch (method + " " + parts.length) {
                    case "GET 3" -> api.versions(parts[1]);
                    case "POST 3" -> api.register(parts[1], body(exchange));
                    case "GET 4" -> api.version(parts[1], parts[3]);
                    default -> schemaAlone(api.version(parts[1], parts[3]), parts[4], path);
                };
            }
            default -> throw RegistryRefusal.notAllowed(method, path);
        };
    }

    private JsonNode schemas(String method, String[] parts, String path) throws IOException {
        if (!method.equals("GET")) {
            throw RegistryRefusal.notAllowed(method, path);
        }
        if (parts.length == 2 && parts[1].equals("types")) {
            return JSON.createArrayNode().add("AVRO");
        }
        if (parts.length < 3 || !parts[1].equals("ids")) {
            throw RegistryRefusal.noSuchPath(path);
        }
        if (parts.length == 3) {
            return api.schemaById(parts[2]);
        }
        return parts[3].equals("versions")
                ? api.usersOf(parts[2])
                : schemaAlone(api.schemaById(parts[2]), parts[3], path);
    }

    private static JsonNode schemaAlone(JsonNode described, String asked, String path) throws IOException {
        if (!asked.equals("schema")) {
            throw RegistryRefusal.noSuchPath(path);
        }
        return JSON.readTree(described.path("schema").asText());
    }

    private JsonNode compatibility(HttpExchange exchange, String method, String[] parts) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (parts.length < 4 || !parts[1].equals("subjects") || !parts[3].equals("versions")) {
            throw RegistryRefusal.noSuchPath(path);
        }
        if (!method.equals("POST")) {
            throw RegistryRefusal.notAllowed(method, path);
        }
        return api.compatibility(parts[2], parts.length > 4 ? Optional.of(parts[4]) : Optional.empty(), body(exchange));
    }

    private JsonNode config(HttpExchange exchange, String method, String[] parts) throws IOException {
        Optional<String> subject = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        return switch (method) {
            case "GET" -> api.level(subject, query.contains("defaultToGlobal=true"));
            case "PUT" -> api.setLevel(subject, body(exchange));
            default ->
                throw RegistryRefusal.notAllowed(
                        method, exchange.getRequestURI().getRawPath());
        };
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        try {
            return JSON.readTree(exchange.getRequestBody().readAllBytes());
        } catch (JsonProcessingException e) {
            throw RegistryRefusal.unreadable("Request is not JSON: " + e.getOriginalMessage());
        }
    }

    private static void answer(HttpExchange exchange, RegistryRefusal refusal) throws IOException {
        answer(
                exchange,
                refusal.status(),
                JSON.createObjectNode().put("error_code", refusal.code()).put("message", refusal.getMessage()));
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
