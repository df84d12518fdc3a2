package dev.kandjistream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    private static final Duration STANDSTILL = Duration.ofMillis(1_300);

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Each of the fifty was due within the first second and could not be answered before the standstill was over. */
    @Test
    void aStandstillIsChargedToAllWhoWouldHaveAskedMeanwhile() throws IOException {
        try (var load = new OpenLoop(serve(200, STANDSTILL), requests("/a", "/b"), 1)) {
            Latencies latencies = load.run(50, Duration.ofSeconds(1));

            assertThat(latencies.count()).isEqualTo(50);
            assertThat(latencies.millisOf(0)).isGreaterThanOrEqualTo(300);
            assertThat(latencies.millisOf(1)).isGreaterThanOrEqualTo(1_300);
        }
        assertThat(asked).hasSize(50).startsWith("/a", "/b", "/a", "/b");
    }

    @Test
    void anotherAnswerThanTwoHundredEndsIt() throws IOException {
        try (var load = new OpenLoop(serve(503, Duration.ZERO), requests("/"), 2)) {
            assertThatThrownBy(() -> load.run(50, Duration.ofSeconds(1)))
                    .hasMessageStartingWith("expected 200, found HTTP/1.1 503");
        }
    }

    /** @param standstill that the first question meets */
    private InetSocketAddress serve(int status, Duration standstill) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            long began = System.nanoTime();
            while (asked.isEmpty() && System.nanoTime() - began < standstill.toNanos()) {
                LockSupport.parkNanos(1_000_000);
            }
            asked.add(exchange.getRequestURI().getPath());
            byte[] body = "x".repeat(3_000).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server.getAddress();
    }

    private static List<byte[]> requests(String... paths) {
        return List.of(paths).stream()
                .map(path -> ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII))
                .toList();
    }
}
