package dev.kandjistream.poller.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An export of all app rows: {@code POST /prism/export}, then {@code GET /prism/export/{id}} until it is done. Recorded
 * answers say {@code pending} and {@code success}; the words of a failure are not documented, so only {@code success} is
 * success, and whatever does not sound like waiting is a failure.
 */
final class ExportJob {
    /** A tenant of a million rows takes minutes; by cursor it would take an hour. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Set<String> WAITING =
            Set.of("pending", "queued", "started", "running", "processing", "in_progress");

    /** No filter, all blueprints and families: nobody knows all their names, and only then the rows can be counted. */
    private static final String ALL_APPS =
            "{\"category\":\"apps\",\"blueprint_ids\":[],\"device_families\":[],\"filter\":{},\"sort_by\":\"\"}";

    /** Clocks of a gateway and of the service behind it may differ by so much. */
    private static final long TOLERANCE = 120_000;

    private static final int EXCERPT = 200;

    private final KandjiClient client;
    /** When it was answered that the job exists, by the API's own clock; {@link Moment#UNKNOWN} where that does not say. */
    private long begunAt = Moment.UNKNOWN;

    private long asOf = Moment.UNKNOWN;
    private long askedAt = Moment.UNKNOWN;

    ExportJob(KandjiClient client) {
        this.client = client;
    }

    /**
     * Has the API export all app rows and waits for it.
     *
     * @return the signed URL of the file: a secret
     */
    String run() throws ExportFailure, InterruptedException {
        try {
            JsonNode job = client.post("/prism/export", ALL_APPS, this::begun);
            String id = job.path("id").asText("");
            if (!job.path("id").isTextual() || id.isBlank() || !Json.id(id)) {
                throw ExportFailure.lasting("expected an export with an id, found one without");
            }
            Duration pause = FIRST_PAUSE;
            Duration waited = Duration.ZERO;
            while (isPending(job, id)) {
                if (waited.compareTo(LONGEST) >= 0) {
                    throw ExportFailure.passing("the export was still pending after " + LONGEST);
                }
                client.waiting().pause(pause);
                waited = waited.plus(pause);
                pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                job = client.get("/prism/export/" + KandjiClient.encode(id), Map.of(), ExportJob::body);
            }
            return url(job);
        } catch (ApiException refusal) {
            throw ExportFailure.of(refusal);
        }
    }

    /** When the rows were asked for, see {@link Answer#asOf}. */
    long asOf() {
        return asOf;
    }

    /** When the rows were asked for, by the client's clock: the file holds them as they were then or later. */
    long askedAt() {
        return askedAt;
    }

    private JsonNode begun(Answer answer) throws BadBody {
        begunAt = answer.date().orElse(Moment.UNKNOWN);
        asOf = answer.asOf();
        askedAt = answer.askedAt();
        return body(answer);
    }

    private static JsonNode body(Answer answer) throws BadBody {
        return Json.tree(answer.body());
    }

    private boolean isPending(JsonNode job, String id) throws ExportFailure {
        // A documented sample lacks the id; another one is another's export.
        if (job.path("id").isTextual() && !job.path("id").textValue().equals(id)) {
            throw ExportFailure.lasting("expected the export that was asked for, found another one");
        }
        if (job.path("category").isTextual()
                && !job.path("category").textValue().equals("apps")) {
            throw ExportFailure.lasting("expected an export of apps, found one of another category");
        }
        requireNew(job, "created_at");
        requireNew(job, "updated_at");
        String status = job.path("status").asText("").toLowerCase(Locale.ROOT);
        if (status.equals("success")) {
            return false;
        }
        String error = job.path("error_msg").asText("");
        if (!WAITING.contains(status) || job.path("error_msg").isTextual() && !error.isBlank()) {
            throw ExportFailure.passing("the export ended with status \"" + printable(status) + "\""
                    + (error.isBlank() ? "" : ": " + printable(error)));
        }
        return true;
    }

    /** What was exported before it was asked for may lack what has been published since. */
    private void requireNew(JsonNode job, String field) throws ExportFailure {
        long told = Moment.parse(job.path(field).textValue());
        if (told != Moment.UNKNOWN && begunAt != Moment.UNKNOWN && told < begunAt - TOLERANCE) {
            throw ExportFailure.lasting("expected an export made when it was asked for, found one whose " + field
                    + " is " + (begunAt - told) / 1000 + " s before that");
        }
    }

    private static String url(JsonNode job) throws ExportFailure {
        JsonNode url = job.path("signed_url");
        if (!url.isTextual() || url.textValue().isBlank()) {
            throw ExportFailure.lasting("expected a successful export with a signed_url, found one without");
        }
        return url.textValue().strip();
    }

    private static String printable(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.substring(0, Math.min(EXCERPT, line.length()));
    }
}
