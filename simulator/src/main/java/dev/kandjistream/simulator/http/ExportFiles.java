package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.kandjistream.simulator.fleet.Micros;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Where exports are fetched: another origin than the API's, a port of its own that is opened for the first export. It
 * answers as S3 does to a presigned URL: whoever sends an {@code Authorization} header beside the signature is refused,
 * so that a client which carries its token there is found out.
 */
final class ExportFiles implements HttpHandler, AutoCloseable {
    private static final String REFUSAL =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + "<Error><Code>%s</Code><Message>%s</Message></Error>";

    private final InetAddress address;
    private final Executor threads;
    private final Exports exports;
    private final Faults faults;
    private final RequestLog requests;
    private HttpServer server;
    private boolean closed;

    ExportFiles(InetAddress address, Executor threads, Exports exports, Faults faults, RequestLog requests) {
        this.address = address;
        this.threads = threads;
        this.exports = exports;
        this.faults = faults;
        this.requests = requests;
    }

    /** @param host by which the client reached the API: the other origin differs from it in its port */
    String linkTo(String host, Export export, Instant now) {
        String date = ApiTimes.prism(Micros.of(now))
                .replaceAll("\\.\\d+\\+00:00", "Z")
                .replaceAll("[-:]", "");
        return "http://" + host + ":" + port() + "/" + export.path()
                + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=SIMULATED%2F" + date.substring(0, 8)
                + "%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=" + date + "&X-Amz-Expires="
                + Export.LINK_LIVES.toSeconds() + "&X-Amz-SignedHeaders=host&X-Amz-Signature="
                + export.id().replace("-", "");
    }

    private synchronized int port() {
        if (closed) {
            throw new IllegalStateException("The simulator is closed");
        }
        if (server == null) {
            try {
                server = HttpServer.create(new InetSocketAddress(address, 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException("The simulator has no port for its exports: " + e.getMessage(), e);
            }
            server.setExecutor(threads);
            server.createContext("/", ApiServer.guarded(this));
            server.start();
        }
        return server.getAddress().getPort();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Wire.drain(exchange);
        var shape = new PageShape(faults.take(Endpoint.EXPORT_FILE));
        Wire.happen(shape);
        String uri = exchange.getRequestURI().toString();
        if (shape.has(Effect.HangUp.class)) {
            requests.add(new RequestLog.Request(Endpoint.EXPORT_FILE, uri, Wire.HUNG_UP));
            exchange.close();
            return;
        }
        Optional<Export> asked = asked(exchange);
        Answer answer = answer(exchange, asked, shape);
        requests.add(new RequestLog.Request(Endpoint.EXPORT_FILE, uri, answer.status()));
        if (answer.body() != null) {
            Wire.write(exchange, answer, shape);
            return;
        }
        ExportFile file = asked.orElseThrow().file();
        long huge = shape.of(Effect.HugeFile.class, Effect.HugeFile::bytes, 0L);
        try (InputStream body = file.open(huge)) {
            Wire.stream(exchange, answer, huge > 0 ? Wire.UNANNOUNCED : file.length(), body, shape);
        }
    }

    private Optional<Export> asked(HttpExchange exchange) {
        String[] parts = exchange.getRequestURI().getPath().split("/");
        return parts.length == 5 ? exports.find(parts[3]).filter(Export::hasSucceeded) : Optional.empty();
    }

    /** Without a body: the file itself. */
    private Answer answer(HttpExchange exchange, Optional<Export> asked, PageShape shape) {
        Integer status = shape.of(Effect.Status.class, Effect.Status::status, null);
        if (status != null) {
            return refusal(status, status == 503 ? "SlowDown" : "InternalError", "Please try again.");
        }
        if (shape.has(Effect.HtmlInstead.class)) {
            return Answer.html(200, "Just a moment…");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        }
        if (exchange.getRequestHeaders().containsKey("Authorization")) {
            return refusal(400, "InvalidArgument", "Only one auth mechanism allowed");
        }
        if (asked.isEmpty()) {
            return refusal(404, "NoSuchKey", "The specified key does not exist.");
        }
        if (!asked.get().isLinked(exchange.getRequestURI().getRawQuery())) {
            return refusal(403, "SignatureDoesNotMatch", "The request signature does not match.");
        }
        if (shape.has(Effect.ExpiredLink.class) || asked.get().isExpired(exports.now())) {
            return refusal(403, "AccessDenied", "Request has expired");
        }
        return new Answer(200, "text/csv", null, Map.of());
    }

    private static Answer refusal(int status, String code, String message) {
        byte[] body = REFUSAL.formatted(code, message).getBytes(StandardCharsets.UTF_8);
        return new Answer(status, "application/xml", body, Map.of());
    }

    /** Ends at once; open connections are cut. */
    @Override
    public synchronized void close() {
        closed = true;
        if (server != null) {
            server.stop(0);
        }
    }
}
