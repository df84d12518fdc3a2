package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.PlainTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;

/**
 * One account's way to the API: a page in, authorised, within the quota, with a bounded number of attempts. 5xx, 429,
 * failures of the network and garbled bodies are tried again after a pause that doubles, with jitter; everything else is
 * an answer. Branches on the status, never on the body, which may be anything; redirects are not followed, for they
 * could carry the token elsewhere.
 */
public final class KandjiClient {
    /** A page of 300 app rows is half a megabyte. */
    static final int LARGEST_BODY = 16 << 20;

    /** The API's budgets are hourly (documented): however long it says to wait, the next hour is worth a request. */
    private static final Duration LONGEST_STOP = Duration.ofHours(1);

    private static final int EXCERPT = 200;
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI origin;
    private final Supplier<Password> token;
    private final QuotaGovernor governor;
    private final Urgency urgency;
    private final Settings settings;
    private final Waiting waiting;
    private final RequestListener listener;
    private final LongAdder requests = new LongAdder();

    /**
     * @param attempts most tries of one request
     * @param timeout of one try, body included
     * @param longestWait for the quota's leave, or as {@code Retry-After} asks; what would take longer fails at once. Zero for
     *     whoever has somebody waiting
     */
    public record Settings(int attempts, Duration timeout, Duration longestWait) {
        /** With the patience of a sweep: {@link QuotaGovernor#LONGEST_WAIT}. */
        public Settings(int attempts, Duration timeout) {
            this(attempts, timeout, QuotaGovernor.LONGEST_WAIT);
        }
    }

    /** Hears of every request made. */
    public interface RequestListener {
        /** @param status 0 where there was no answer */
        void requested(int status);
    }

    /** What becomes of an answer's body. */
    public interface Reading<T> {
        T read(Answer answer) throws IOException;
    }

    /**
     * @param origin scheme, host and port; paths start below {@code /api/v1}
     * @param token asked at every request, so that a new one is picked up
     * @param urgency of all its requests
     */
    public KandjiClient(
            HttpClient http,
            URI origin,
            Supplier<Password> token,
            QuotaGovernor governor,
            Urgency urgency,
            Settings settings,
            Waiting waiting,
            RequestListener listener) {
        this.http = http;
        this.origin = origin;
        this.token = token;
        this.governor = governor;
        this.urgency = urgency;
        this.settings = settings;
        this.waiting = waiting;
        this.listener = listener;
    }

    /** A client fit for the API: no redirects, and no HTTP/2, which one request at a time would not use. */
    public static HttpClient newHttpClient(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    /** Requests made so far, retries included. */
    public long requests() {
        return requests.sum();
    }

    public QuotaGovernor.Quota quota() {
        return governor.quota();
    }

    /** The clock it goes by. */
    public Waiting waiting() {
        return waiting;
    }

    /** Scheme, host and port. */
    public URI origin() {
        return origin;
    }

    /** For what lies elsewhere, without the token. */
    public HttpClient http() {
        return http;
    }

    /** Of one request, body included. */
    public Duration timeout() {
        return settings.timeout();
    }

    /**
     * Asks until the answer is 200 and its body readable, or attempts run out.
     *
     * @param path below {@code /api/v1}, such as {@code /devices}
     * @param query in its order; encoded here
     * @throws ApiException with the last failure
     * @throws InterruptedException soon after the thread was interrupted; the request is given up
     */
    public <T> T get(String path, Map<String, String> query, Reading<T> reading)
            throws ApiException, InterruptedException {
        return ask(new Attempts("GET", path, query, null), reading);
    }

    /**
     * As {@link #get}, for what changes nothing when it is asked for twice.
     *
     * @param json the body
     */
    public <T> T post(String path, String json, Reading<T> reading) throws ApiException, InterruptedException {
        return ask(new Attempts("POST", path, Map.of(), json), reading);
    }

    private <T> T ask(Attempts attempt, Reading<T> reading) throws ApiException, InterruptedException {
        while (true) {
            governor.acquire(attempt.endpoint, urgency, settings.longestWait());
            Password bearer = token(attempt.endpoint);
            try {
                long askedAt = now();
                HttpResponse<List<ByteBuffer>> response = send(attempt, bearer);
                long answeredAt = now();
                governor.heed(response.headers());
                if (response.statusCode() == 200) {
                    return read(response, reading, askedAt, answeredAt);
                }
                attempt.refused(response, bearer);
            } catch (IOException failure) {
                attempt.failed(failure);
            }
        }
    }

    /** A body with bytes that are no UTF-8 is read once more with those bytes replaced, so that only their texts are lost. */
    private static <T> T read(
            HttpResponse<List<ByteBuffer>> response, Reading<T> reading, long askedAt, long answeredAt)
            throws IOException {
        try {
            return reading.read(new Answer(response.headers(), body(response), askedAt, answeredAt));
        } catch (BadBody garbled) {
            Optional<byte[]> replaced =
                    garbled.passing() ? Utf8.replaced(body(response).readAllBytes()) : Optional.empty();
            if (replaced.isEmpty()) {
                throw garbled;
            }
            var body = new ByteArrayInputStream(replaced.get());
            return reading.read(new Answer(response.headers(), body, askedAt, answeredAt));
        }
    }

    private long now() {
        return waiting.now().toEpochMilli();
    }

    private Password token(String endpoint) throws ApiException {
        try {
            return Objects.requireNonNull(token.get(), "no token");
        } catch (RuntimeException unreadable) {
            throw new ApiException(
                    Connection.UNAUTHORIZED,
                    endpoint,
                    0,
                    "the token cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private HttpResponse<List<ByteBuffer>> send(Attempts attempt, Password bearer)
            throws IOException, InterruptedException {
        HttpRequest request = request(attempt, bearer);
        requests.increment();
        // The request's own timeout ends with the headers; a body that stalls is bounded only here.
        CompletableFuture<HttpResponse<List<ByteBuffer>>> answer =
                http.sendAsync(request, info -> new BoundedBody(LARGEST_BODY));
        int status = 0;
        try {
            HttpResponse<List<ByteBuffer>> response =
                    answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
            status = response.statusCode();
            return response;
        } catch (TimeoutException slow) {
            throw new IOException("no whole answer within " + PlainTime.of(settings.timeout()), slow);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException io ? io : new IOException(failure.getCause());
        } finally {
            answer.cancel(true);
            listener.requested(status);
        }
    }

    private static InputStream body(HttpResponse<List<ByteBuffer>> response) throws IOException {
        return BoundedBody.stream(response.headers(), response.body(), LARGEST_BODY);
    }

    private static HttpRequest request(Attempts attempt, Password bearer) throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(attempt.uri)
                    .header("Authorization", "Bearer " + bearer.value().strip())
                    .header("Accept", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .header("User-Agent", "kandji-stream");
            return attempt.json == null
                    ? request.GET().build()
                    : request.header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(attempt.json))
                            .build();
        } catch (IllegalArgumentException notAHeader) {
            // Its message would quote the token.
            throw BadBody.shape("the token holds characters that no HTTP header can carry");
        }
    }

    /** The tries of one request. */
    private final class Attempts {
        private final String endpoint;
        private final URI uri;
        /** What is sent along; null for nothing. */
        private final String json;

        private int made;
        private Password refusedToken;

        Attempts(String method, String path, Map<String, String> query, String json) {
            this.json = json;
            endpoint = method + " /api/v1" + path;
            String parameters = query.entrySet().stream()
                    .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                    .collect(Collectors.joining("&"));
            uri = URI.create(origin + "/api/v1" + path + (parameters.isEmpty() ? "" : "?" + parameters));
        }

        /** Returns when it is worth trying again, after the pause that takes. */
        void refused(HttpResponse<List<ByteBuffer>> response, Password bearer)
                throws ApiException, InterruptedException {
            int status = response.statusCode();
            String told = endpoint + " answered " + status + ": " + excerpt(response, bearer);
            switch (status) {
                case 401 -> {
                    // A token renewed in the file between reading it and now deserves one try.
                    if (refusedToken != null || bearer.equals(token(endpoint))) {
                        throw new ApiException(Connection.UNAUTHORIZED, endpoint, status, told, null);
                    }
                    refusedToken = bearer;
                }
                case 403 -> throw new ApiException(Connection.FORBIDDEN, endpoint, status, told, null);
                case 429 -> {
                    Duration pause = retryAfter(response.headers());
                    if (pause != null) {
                        governor.stop(pause.compareTo(LONGEST_STOP) > 0 ? LONGEST_STOP : pause);
                    }
                    again(Connection.RATE_LIMITED, status, told, null, pause);
                }
                case 500, 502, 503, 504 ->
                    again(Connection.UNREACHABLE, status, told, null, retryAfter(response.headers()));
                case 404 -> throw new ApiException(Connection.UNREACHABLE, endpoint, status, told, null);
                default -> {
                    var connection = status == 400 || status == 415 ? Connection.CONNECTED : Connection.UNREACHABLE;
                    throw new ApiException(connection, endpoint, status, told, null);
                }
            }
        }

        void failed(IOException failure) throws ApiException, InterruptedException {
            String told = endpoint + ": " + reason(failure);
            if (failure instanceof BadBody bad) {
                if (!bad.passing()) {
                    throw new ApiException(Connection.CONNECTED, endpoint, 200, told, failure);
                }
                again(Connection.CONNECTED, 200, told, failure, null);
            } else {
                again(Connection.UNREACHABLE, 0, told, failure, null);
            }
        }

        /** The HTTP client says nothing of whom it could not reach. */
        private String reason(IOException failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof UnresolvedAddressException) {
                    return "no name service knows " + origin.getHost();
                }
            }
            if (failure instanceof ConnectException && failure.getMessage() == null) {
                return "no connection to " + origin.getAuthority();
            }
            return failure.getMessage() == null ? failure.toString() : failure.getMessage();
        }

        private void again(Connection connection, int status, String told, Throwable cause, Duration pause)
                throws ApiException, InterruptedException {
            made++;
            boolean tooLong = pause != null && pause.compareTo(settings.longestWait()) > 0;
            if (made >= settings.attempts() || tooLong) {
                throw new ApiException(connection, endpoint, status, told + " (" + made + " tries)", cause);
            }
            waiting.pause(pause == null ? backoff() : pause);
        }

        /** Doubles from a second on; the upper half of it is chance, so that many accounts do not return together. */
        private Duration backoff() {
            long ceiling = Math.min(LONGEST_BACKOFF.toMillis(), 1000L << made - 1);
            return Duration.ofMillis(ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1));
        }

        /** Seconds or a date; null where it is neither. */
        private Duration retryAfter(HttpHeaders headers) {
            String text = headers.firstValue("Retry-After").orElse("").strip();
            try {
                if (text.matches("\\d{1,9}")) {
                    return Duration.ofSeconds(Long.parseLong(text));
                }
                var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                Duration wait = Duration.between(waiting.now(), until.toInstant());
                return wait.isNegative() ? Duration.ZERO : wait;
            } catch (DateTimeException neither) {
                return null;
            }
        }
    }

    /** Fit for a path and for a query alike. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The beginning of a body, printable, for a person to see what kind of answer it was. */
    private static String excerpt(HttpResponse<List<ByteBuffer>> response, Password bearer) {
        String text;
        try (InputStream body = body(response)) {
            text = new String(body.readNBytes(EXCERPT * 8), StandardCharsets.UTF_8);
        } catch (IOException garbled) {
            text = "";
        }
        // Some gateways quote what they refuse.
        text = text.replace(bearer.value().strip(), Password.HIDDEN)
                .codePoints()
                .limit(EXCERPT * 4L)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return text.isEmpty() ? "(empty)" : text.substring(0, Math.min(EXCERPT, text.length()));
    }
}
