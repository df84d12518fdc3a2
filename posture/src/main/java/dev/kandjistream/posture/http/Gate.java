package dev.kandjistream.posture.http;

import dev.kandjistream.posture.http.Problem.Kind;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who may do what, and how much of it. */
final class Gate {
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String SCHEME = "Bearer ";

    private final Tokens tokens;
    private final Settings settings;
    /** By name of the token: a list of tokens that is read again does not fill the buckets. */
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    Gate(Tokens tokens, Settings settings) {
        this.tokens = tokens;
        this.settings = settings;
    }

    /** @throws Refusal where the token is missing, unknown, lacks the scope or has asked too much */
    Client admit(HttpServletRequest request, Scope scope) {
        Client client = presented(request).flatMap(tokens::clientOf).orElseThrow(() -> Problem.of(
                        Kind.UNAUTHENTICATED,
                        "expected Authorization: Bearer and a token that is known, found another one",
                        CHALLENGE,
                        "Bearer realm=\"kandji-stream\", error=\"invalid_token\"")
                .refusal());
        if (!client.scopes().contains(scope)) {
            throw Problem.of(
                            Kind.SCOPE_MISSING,
                            "expected a token with the scope " + scope.word() + ", found one without it",
                            CHALLENGE,
                            "Bearer realm=\"kandji-stream\", error=\"insufficient_scope\", scope=\"" + scope.word()
                                    + "\"")
                    .refusal();
        }
        charge(client, 1);
        return client;
    }

    /** @throws Refusal where that is more than the client has left */
    void charge(Client client, int decisions) {
        if (decisions == 0) {
            return;
        }
        ConsumptionProbe probe =
                buckets.computeIfAbsent(client.name(), name -> bucket()).tryConsumeAndReturnRemaining(decisions);
        if (!probe.isConsumed()) {
            long seconds = 1 + Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds();
            throw Problem.of(
                            Kind.TOO_MANY_REQUESTS,
                            "expected at most " + settings.perSecond() + " decisions a second and " + settings.burst()
                                    + " at once with one token, found more; a batch counts as many as it holds",
                            "Retry-After",
                            Long.toString(seconds))
                    .refusal();
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(settings.burst()).refillGreedy(settings.perSecond(), Duration.ofSeconds(1)))
                .build();
    }

    /** @throws Refusal where there is none */
    private static Optional<String> presented(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.isEmpty()) {
            // No error code: RFC 6750 has none for whoever did not try.
            throw Problem.of(
                            Kind.UNAUTHENTICATED,
                            "expected Authorization: Bearer and a token, found none",
                            CHALLENGE,
                            "Bearer realm=\"kandji-stream\"")
                    .refusal();
        }
        return headers.size() == 1 && headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(headers.get(0).substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
