package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;

/** Puts answers on the connection, whole or not. */
final class Wire {
    /** Instead of a status where no answer was given. */
    static final int HUNG_UP = 0;

    static final long UNANNOUNCED = -1;

    private static final int MOST_REQUEST_BYTES = 1 << 20;
    private static final int CHUNK = 64 * 1024;

    private Wire() {}

    /** Reads what the request carries, so that the connection can be used again. */
    static byte[] drain(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readNBytes(MOST_REQUEST_BYTES);
    }

    static void write(HttpExchange exchange, Answer answer) throws IOException {
        announce(exchange, answer, answer.body().length);
        try (exchange;
                var out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }

    /** As the faults have it: cut half way, or slowly. */
    static void write(HttpExchange exchange, Answer answer, PageShape shape) throws IOException {
        stream(exchange, answer, answer.body().length, new ByteArrayInputStream(answer.body()), shape);
    }

    /**
     * The answer's status and headers with another body.
     *
     * @param length what is announced, whatever is sent; {@link #UNANNOUNCED} for nothing
     */
    static void stream(HttpExchange exchange, Answer answer, long length, InputStream body, PageShape shape)
            throws IOException {
        boolean cut = shape.has(Effect.CutBody.class);
        Effect.SlowBody slow = shape.of(Effect.SlowBody.class, effect -> effect, null);
        announce(exchange, answer, length);
        long left = cut ? Math.max(0, length) / 2 : Long.MAX_VALUE;
        var chunk = new byte[slow == null ? CHUNK : slow.bytes()];
        OutputStream out = exchange.getResponseBody();
        while (left > 0) {
            int size = body.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
            if (size == 0) {
                break;
            }
            out.write(chunk, 0, size);
            left -= size;
            if (slow != null) {
                out.flush();
                sleep(slow.pause());
            }
        }
        if (cut) {
            out.flush();
        } else {
            out.close();
        }
        exchange.close();
    }

    private static void announce(HttpExchange exchange, Answer answer, long length) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        answer.headers().forEach(headers::set);
        // For this server -1 is "no body" and 0 "not announced".
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length == UNANNOUNCED ? 0 : length);
    }

    /** What faults do before the answer. */
    static void happen(PageShape shape) throws IOException {
        for (Effect effect : shape.effects()) {
            if (effect instanceof Effect.Before before) {
                before.happening().run();
            } else if (effect instanceof Effect.Delay delay) {
                sleep(delay.by());
            }
        }
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
