package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Puts answers on the connection, whole or not. */
final class Wire {
    private static final int MOST_REQUEST_BYTES = 1 << 20;

    private Wire() {}

    /** Reads what the request carries, so that the connection can be used again. */
    static byte[] drain(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readNBytes(MOST_REQUEST_BYTES);
    }

    static void write(HttpExchange exchange, Answer answer) throws IOException {
        announce(exchange, answer);
        try (exchange;
                var out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }

    /** Announces the whole length, sends half and ends the connection. */
    static void writeHalf(HttpExchange exchange, Answer answer) throws IOException {
        announce(exchange, answer);
        exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private static void announce(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        answer.headers().forEach(headers::set);
        // -1 would be "no body"; an empty body has length 0, which this server writes as -1.
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    }

    static void sleep(Duration time) throws IOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Stopped while delaying an answer");
        }
    }
}
