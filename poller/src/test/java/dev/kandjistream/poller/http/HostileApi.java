package dev.kandjistream.poller.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.poller.TestClock;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.config.types.Password;

/** Answers every request with 200 and whatever a test writes, of any length; counts what was taken from it. */
final class HostileApi implements AutoCloseable {
    static {
        // Or head and body of every answer wait 40 ms for each other. Read once, by the first server of a process.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    final AtomicInteger requests = new AtomicInteger();
    final AtomicLong bytes = new AtomicLong();
    final Map<String, String> headers = new ConcurrentHashMap<>();
    final TestClock clock = new TestClock();
    private final HttpClient http = KandjiClient.newHttpClient(Duration.ofSeconds(5));
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Page page;

    interface Page {
        /** @param request counted from 0 */
        void write(int request, Out out) throws IOException;
    }

    /** What is written goes out as it is written. */
    static final class Out extends FilterOutputStream {
        private final AtomicLong bytes;

        Out(OutputStream out, AtomicLong bytes) {
            super(out);
            this.bytes = bytes;
        }

        @Override
        public void write(byte[] more, int from, int length) throws IOException {
            out.write(more, from, length);
            bytes.addAndGet(length);
        }

        Out text(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Out times(int count, String text) throws IOException {
            byte[] chunk = text.repeat(Math.max(1, Math.min(count, 65_536 / text.length())))
                    .getBytes(StandardCharsets.UTF_8);
            long left = (long) count * text.length();
            while (left > 0) {
                int now = (int) Math.min(left, chunk.length);
                write(chunk, 0, now);
                left -= now;
            }
            return this;
        }
    }

    HostileApi(Page page) throws IOException {
        this.page = page;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    void answers(Page next) {
        page = next;
        requests.set(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            page.write(requests.getAndIncrement(), new Out(exchange.getResponseBody(), bytes));
            exchange.getResponseBody().close();
        }
    }

    KandjiClient client() {
        return new KandjiClient(
                http,
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                () -> new Password("secret-token"),
                new QuotaGovernor(100_000_000, 1, 50, clock),
                Urgency.DEVICES,
                new KandjiClient.Settings(3, Duration.ofSeconds(60)),
                clock,
                status -> {});
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
