package dev.kandjistream.kandji.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/** Answers requests in the order they come with what a test has put there; after the last one with 404. */
final class FakeApi implements AutoCloseable {
    static {
        // Or head and body of every answer wait 40 ms for each other. Read once, by the first server of a process.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    record Scripted(int status, Map<String, String> headers, byte[] body) {}

    final TestClock clock = new TestClock();
    final List<HttpExchange> asked = new ArrayList<>();
    /** What happens between a request and its answer. */
    volatile Runnable beforeAnswering = () -> {};

    private final Deque<Scripted> answers = new ArrayDeque<>();
    private final HttpServer server;

    FakeApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    FakeApi answers(int status, String body) {
        return answers(status, body, Map.of());
    }

    FakeApi answers(int status, String body, Map<String, String> headers) {
        return answers(new Scripted(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    synchronized FakeApi answers(Scripted scripted) {
        answers.add(scripted);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Scripted next;
        synchronized (this) {
            asked.add(exchange);
            next = answers.isEmpty() ? new Scripted(404, Map.of(), new byte[0]) : answers.poll();
        }
        beforeAnswering.run();
        next.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        exchange.sendResponseHeaders(next.status(), next.body().length == 0 ? -1 : next.body().length);
        if (next.body().length > 0) {
            exchange.getResponseBody().write(next.body());
        }
        exchange.close();
    }

    URI origin() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    QuotaGovernor governor() {
        return new QuotaGovernor(10_000, 0.5, 20, clock);
    }

    KandjiClient client() {
        return client(governor(), () -> new Password("secret-token"));
    }

    KandjiClient client(QuotaGovernor governor, Supplier<Password> token) {
        return client(governor, token, new KandjiClient.Settings(3, Duration.ofSeconds(5)));
    }

    KandjiClient client(QuotaGovernor governor, Supplier<Password> token, KandjiClient.Settings settings) {
        return new KandjiClient(
                KandjiClient.newHttpClient(Duration.ofSeconds(5)),
                origin(),
                token,
                governor,
                Urgency.DEVICES,
                settings,
                clock,
                status -> {});
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
