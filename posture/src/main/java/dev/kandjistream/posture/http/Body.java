package dev.kandjistream.posture.http;

import dev.kandjistream.posture.http.Problem.Kind;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** A request's body, read as it arrives: however slowly somebody sends, no thread waits for it. */
final class Body implements ReadListener {
    /**
     * A body that is somewhat too long is read to its end and thrown away, for many a client sees an answer only when it has
     * sent all; one that is this many times too long is not.
     */
    private static final int WORTH_READING = 8;

    private static final int LEAST = 256;
    /** Whoever announces a long body need not send it: memory for more is taken as it comes. */
    private static final int MOST_AT_FIRST = 4_096;

    private static final String JSON = "application/json";

    private final ServletInputStream in;
    private final int most;
    private final ByteArrayOutputStream bytes;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final byte[] chunk = new byte[4096];
    private long read;

    private Body(ServletInputStream in, int most, int expected) {
        this.in = in;
        this.most = most;
        this.bytes = new ByteArrayOutputStream(expected);
    }

    /**
     * Call once the request is asynchronous.
     *
     * @param most how many bytes it may have
     * @return the body, or a {@link Refusal}
     */
    static CompletableFuture<byte[]> read(HttpServletRequest request, int most) throws IOException {
        requireJson(request);
        if (request.getContentLengthLong() > (long) most * WORTH_READING) {
            throw tooLarge(most);
        }
        int expected = (int) Math.min(Math.max(request.getContentLengthLong(), LEAST), MOST_AT_FIRST);
        ServletInputStream in = request.getInputStream();
        var body = new Body(in, most, expected);
        in.setReadListener(body);
        return body.whole;
    }

    private static void requireJson(HttpServletRequest request) {
        String coding = request.getHeader("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw Problem.of(
                            Kind.UNSUPPORTED_CONTENT,
                            "expected a body that is not compressed, found a Content-Encoding; leave it out",
                            "Accept-Encoding",
                            "identity")
                    .refusal();
        }
        String type = request.getContentType() == null ? "" : request.getContentType();
        if (!type.equals(JSON) && !isJson(type.toLowerCase(Locale.ROOT).split(";"))) {
            throw Problem.of(
                            Kind.UNSUPPORTED_CONTENT,
                            "expected Content-Type: application/json, in UTF-8, found "
                                    + (type.isEmpty() ? "none" : "another one"))
                    .refusal();
        }
    }

    /** @param parts type and parameters, lower case */
    private static boolean isJson(String[] parts) {
        boolean json = parts.length > 0 && parts[0].strip().equals(JSON);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            json &= !parameter.startsWith("charset=") || parameter.matches("charset=\"?utf-8\"?");
        }
        return json;
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (in.isReady()) {
            int count = in.read(chunk);
            if (count < 0) {
                return;
            }
            read += count;
            if (read <= most) {
                bytes.write(chunk, 0, count);
            } else if (read > (long) most * WORTH_READING) {
                whole.completeExceptionally(tooLarge(most));
                return;
            }
        }
    }

    @Override
    public void onAllDataRead() {
        if (read > most) {
            whole.completeExceptionally(tooLarge(most));
        } else {
            whole.complete(bytes.toByteArray());
        }
    }

    @Override
    public void onError(Throwable failure) {
        boolean slow = failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException;
        Problem problem = slow
                ? Problem.of(Kind.TOO_SLOW, "expected the whole body, found a pause in it that was too long")
                : Problem.of(Kind.INVALID_REQUEST, "expected the whole body, found its end too early");
        whole.completeExceptionally(problem.refusal());
    }

    private static Refusal tooLarge(int most) {
        return Problem.of(Kind.TOO_LARGE, "expected a body of at most " + most + " bytes, found a longer one")
                .refusal();
    }
}
