package dev.kandjistream.poller.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tries endpoints one by one and says in words what is wrong with each. */
public final class ApiProbe {
    /** Of the gateway, where it knows no such path (recorded). */
    private static final String NO_ROUTE = "no Route matched";

    private final KandjiClient client;

    public ApiProbe(KandjiClient client) {
        this.client = client;
    }

    /**
     * What an endpoint answered.
     *
     * @param status 0 where there was no answer
     * @param failure what came instead; empty where it answered
     * @param mending what to do about it; empty where it answered
     * @param total of the whole listing, where the answer tells
     * @param someDevice id of a device in the answer
     */
    public record Probed(
            int status,
            Optional<String> failure,
            Optional<String> mending,
            OptionalLong total,
            Optional<String> someDevice) {}

    /** @param path below {@code /api/v1} */
    public Probed probe(String path, Map<String, String> query) throws InterruptedException {
        try {
            return client.get(path, query, ApiProbe::answered);
        } catch (ApiException failure) {
            return failed(failure);
        }
    }

    private static Probed failed(ApiException failure) {
        return new Probed(
                failure.status().orElse(0),
                Optional.of(failure.getMessage()),
                Optional.of(mending(failure)),
                OptionalLong.empty(),
                Optional.empty());
    }

    /**
     * Whether an export could be asked for; none is. The API is asked for a category that it does not have, and complains of
     * that (recorded: 400) only to who may ask.
     */
    public Probed probeExport() throws InterruptedException {
        try {
            return client.post("/prism/export", "{\"category\":\"none\"}", ApiProbe::answered);
        } catch (ApiException failure) {
            int status = failure.status().orElse(0);
            return status == 400 || status == 422 ? permitted(status) : failed(failure);
        }
    }

    /** Whether an export could be looked at, with an id that none has. */
    public Probed probeExportStatus() throws InterruptedException {
        Probed probed = probe("/prism/export/00000000-0000-0000-0000-000000000000", Map.of());
        boolean unknown = probed.status() == 404 && !probed.failure().orElse("").contains(NO_ROUTE);
        return unknown ? permitted(404) : probed;
    }

    /** @param template with {@code {id}} for the device */
    public Probed probeDevice(String template, String deviceId) throws InterruptedException {
        return probe(template.replace("{id}", KandjiClient.encode(deviceId)), Map.of());
    }

    private static Probed permitted(int status) {
        return new Probed(status, Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty());
    }

    private static Probed answered(Answer answer) throws BadBody {
        JsonNode body = Json.tree(answer.body());
        return new Probed(
                200, Optional.empty(), Optional.empty(), total(answer, body), Optional.ofNullable(device(body)));
    }

    private static OptionalLong total(Answer answer, JsonNode body) {
        OptionalLong header = answer.number("X-Total-Count");
        if (header.isPresent()) {
            return header;
        }
        for (JsonNode total :
                new JsonNode[] {body.path("total"), body.path("count"), body.at("/counts/computers_count")}) {
            if (total.isIntegralNumber()) {
                return OptionalLong.of(total.longValue());
            }
        }
        return OptionalLong.empty();
    }

    private static String device(JsonNode body) {
        JsonNode first = body.isArray() ? body.path(0) : body.path("results").path(0);
        return Json.deviceId(first.path("device_id").textValue());
    }

    private static String mending(ApiException failure) {
        if (failure.status().orElse(0) == 404 && failure.getMessage().contains(NO_ROUTE)) {
            return "The gateway knows no such path: the URL should be the API's host alone, such as"
                    + " https://acme.api.kandji.io, as shown in Kandji under Settings > Access.";
        }
        if (failure.status().orElse(0) == 404) {
            return "There is no such thing at this URL: is it the API's host, https://SUB.api.kandji.io or"
                    + " https://SUB.api.eu.kandji.io?";
        }
        return failure.connection().mending();
    }
}
