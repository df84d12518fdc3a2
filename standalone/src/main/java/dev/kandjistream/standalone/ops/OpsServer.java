package dev.kandjistream.standalone.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What operators and orchestrators ask of a process, over HTTP:
 *
 * <pre>
 * GET /health/live    200, or 503 once a part has stopped for good: start the process anew
 * GET /health/ready   200, or 503 with each part's reason: wait
 * GET /metrics        Prometheus text
 * </pre>
 *
 * Nothing here is secret, and nothing here is authenticated: it listens on the loopback address unless told otherwise.
 */
public final class OpsServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads;
    private final Health health;
    private final Supplier<String> metrics;

    private OpsServer(HttpServer server, ExecutorService threads, Health health, Supplier<String> metrics) {
        this.server = server;
        this.threads = threads;
        this.health = health;
        this.metrics = metrics;
    }

    /**
     * Serves until closed.
     *
     * @param host address to listen on; {@code 0.0.0.0} for every interface
     * @param port 0 takes a free one
     * @param metrics Prometheus text of this moment
     * @throws IOException when the port is taken or the address is not this machine's
     */
    public static OpsServer start(String host, int port, Health health, Supplier<String> metrics) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        // Two threads: a slow scrape must not keep an orchestrator's probe waiting.
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "ops-http");
            thread.setDaemon(true);
            return thread;
        });
        var ops = new OpsServer(server, threads, health, metrics);
        server.setExecutor(threads);
        server.createContext("/", ops::answer);
        server.start();
        return ops;
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where a browser on this machine finds it, without a slash at the end. */
    public String url() {
        InetAddress address = server.getAddress().getAddress();
        String host =
                address.isAnyLocalAddress() || address.isLoopbackAddress() ? "localhost" : address.getHostAddress();
        return "http://" + host + ":" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain", "Expected GET, found " + method + "\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/health/live" ->
                    send(exchange, health.failed().isEmpty() ? 200 : 503, "application/json", live());
                case "/health/ready" -> send(exchange, health.ready() ? 200 : 503, "application/json", ready());
                case "/metrics" -> send(exchange, 200, "text/plain; version=0.0.4", metrics.get());
                default -> send(exchange, 404, "text/plain", "Served here: /health/live, /health/ready, /metrics\n");
            }
        }
    }

    private String live() throws JsonProcessingException {
        ObjectNode answer = JSON.createObjectNode();
        var failed = health.failed();
        answer.put("live", failed.isEmpty());
        failed.ifPresent(state ->
                answer.put("part", state.name()).put("reason", state.reason().orElseThrow()));
        return JSON.writeValueAsString(answer) + "\n";
    }

    private String ready() throws JsonProcessingException {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ready", health.ready());
        var parts = answer.putArray("parts");
        for (Health.State state : health.states()) {
            ObjectNode part = parts.addObject().put("name", state.name()).put("ready", state.ready());
            state.reason().ifPresent(reason -> part.put("reason", reason));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n";
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type.contains("charset") ? type : type + "; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
