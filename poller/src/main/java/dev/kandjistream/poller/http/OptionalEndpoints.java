package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * Endpoints that an account can be polled without, and which of them turned out to be of no use: forbidden to its token, or
 * answering what cannot be used. Those are not asked again for a day, or until the token is another one. Of one account, and
 * safe for its lanes together.
 */
public final class OptionalEndpoints {
    static final String COUNT = "GET /api/v1/prism/count";
    static final String LICENSING = "GET /api/v1/settings/licensing";
    static final String EXPORT = "POST /api/v1/prism/export";

    static final Duration REMEMBERED = Duration.ofDays(1);

    private final Supplier<Password> token;
    private final Waiting waiting;
    private final Map<String, GivenUp> givenUp = new HashMap<>();

    /** @param token null where it could not be read */
    private record GivenUp(Password token, Instant until) {}

    /** @param token as {@link KandjiClient} has it */
    public OptionalEndpoints(Supplier<Password> token, Waiting waiting) {
        this.token = token;
        this.waiting = waiting;
    }

    synchronized boolean worthAsking(String endpoint) {
        GivenUp past = givenUp.get(endpoint);
        if (past == null) {
            return true;
        }
        Password now = readableToken();
        boolean over = !waiting.now().isBefore(past.until()) || now != null && !now.equals(past.token());
        if (over) {
            givenUp.remove(endpoint);
        }
        return over;
    }

    synchronized void giveUp(String endpoint) {
        givenUp.put(endpoint, new GivenUp(readableToken(), waiting.now().plus(REMEMBERED)));
    }

    /** Gives the endpoint up where the API's refusal will stand. */
    void refused(String endpoint, ApiException refusal) {
        if (lasting(refusal)) {
            giveUp(endpoint);
        }
    }

    /** Whether asking again soon would bring the same: not permitted, not there, not understood. */
    static boolean lasting(ApiException refusal) {
        return switch (refusal.status().orElse(0)) {
            case 400, 403, 404, 405, 415, 422 -> true;
            default -> false;
        };
    }

    private Password readableToken() {
        try {
            return token.get();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
