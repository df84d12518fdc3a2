package dev.kandjistream.poller.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many devices {@code GET /settings/licensing} counts: {@code counts.computers_count}, which in the documented sample
 * is the sum over all platforms and not the computers. Of one account.
 */
public final class Licensing {
    /** So long an answer stands in for one that fails: a page that is down takes back nothing it said. */
    private static final Duration STANDS = Duration.ofHours(1);

    private final OptionalEndpoints optional;
    private OptionalLong latest = OptionalLong.empty();
    private Instant latestAt = Instant.EPOCH;

    public Licensing(OptionalEndpoints optional) {
        this.optional = optional;
    }

    /** @return empty where the token may not ask, or nothing that could be understood was said */
    public OptionalLong devices(KandjiClient client) throws InterruptedException {
        if (!optional.worthAsking(OptionalEndpoints.LICENSING)) {
            return OptionalLong.empty();
        }
        try {
            return client.get("/settings/licensing", Map.of(), answer -> {
                latest = count(answer);
                latestAt = Instant.ofEpochMilli(answer.askedAt());
                return latest;
            });
        } catch (ApiException refusal) {
            optional.refused(OptionalEndpoints.LICENSING, refusal);
            boolean passing = !OptionalEndpoints.lasting(refusal);
            return passing && client.waiting().now().isBefore(latestAt.plus(STANDS)) ? latest : OptionalLong.empty();
        }
    }

    private static OptionalLong count(Answer answer) throws BadBody {
        JsonNode body = Json.tree(answer.body());
        JsonNode count = body.at("/counts/computers_count");
        return count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }
}
