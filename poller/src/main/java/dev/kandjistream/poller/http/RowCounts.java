package dev.kandjistream.poller.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many app rows the API says there are, asked for by itself. {@code GET /prism/count} answers
 * {@code {"count":1204,"approximate":false}} (recorded); an approximate count is none.
 */
final class RowCounts {
    private final KandjiClient client;
    private final OptionalEndpoints optional;

    RowCounts(KandjiClient client, OptionalEndpoints optional) {
        this.client = client;
        this.optional = optional;
    }

    /** @return empty where the token may not ask, the count is approximate, or there is no answer */
    OptionalLong exact() throws InterruptedException {
        try {
            return ask();
        } catch (ApiException refusal) {
            return OptionalLong.empty();
        }
    }

    /** As {@link #exact}; where the token may not ask or the count is approximate, what a page of one row claims. */
    OptionalLong exactOrClaimed() throws InterruptedException {
        try {
            OptionalLong exact = ask();
            if (exact.isPresent()) {
                return exact;
            }
        } catch (ApiException refusal) {
            if (!OptionalEndpoints.lasting(refusal)) {
                return OptionalLong.empty();
            }
        }
        try {
            var parser = new AppRowParser();
            return client.get("/prism/apps", Map.of("limit", "1", "cursor", ""), answer -> parser.parse(
                            answer.body(), answer.askedAt())
                    .total);
        } catch (ApiException refusal) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong ask() throws ApiException, InterruptedException {
        if (!optional.worthAsking(OptionalEndpoints.COUNT)) {
            return OptionalLong.empty();
        }
        try {
            return client.get("/prism/count", Map.of("category", "apps"), RowCounts::count);
        } catch (ApiException refusal) {
            optional.refused(OptionalEndpoints.COUNT, refusal);
            throw refusal;
        }
    }

    private static OptionalLong count(Answer answer) throws BadBody {
        JsonNode body = Json.tree(answer.body());
        JsonNode count = body.path("count");
        JsonNode approximate = body.path("approximate");
        boolean exact = approximate.isMissingNode()
                || approximate.isNull()
                || approximate.isBoolean() && !approximate.booleanValue();
        return exact && count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }
}
