package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.Micros;
import java.time.Duration;
import java.time.Instant;

/** One export, from the request for it on. */
final class Export {
    /** As in the recorded sample. */
    static final Duration LINK_LIVES = Duration.ofHours(48);

    private final String id;
    private final ObjectNode args;
    private final Effect.FailedExport failure;
    private final Instant createdAt;
    private final ExportFile file;
    private int looks;
    private boolean over;
    private Instant updatedAt;
    private String link;

    /** @param failure null where it succeeds */
    Export(String id, ObjectNode args, Effect.FailedExport failure, Instant createdAt, ExportFile file) {
        this.id = id;
        this.args = args;
        this.failure = failure;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.file = file;
    }

    String id() {
        return id;
    }

    /** Somebody looks: it may be over from now on. */
    synchronized void look(ExportPace pace, Instant now, LinkMaker links) {
        if (!over && pace.isOver(looks, Duration.between(createdAt, now))) {
            over = true;
            updatedAt = now;
            link = failure == null ? links.linkTo(this, now) : null;
        }
        looks++;
    }

    /** Makes the link of an export that has just succeeded. */
    interface LinkMaker {
        String linkTo(Export export, Instant now);
    }

    ExportFile file() {
        return file;
    }

    /** Whether it is over and has a file to fetch. */
    synchronized boolean hasSucceeded() {
        return link != null;
    }

    String path() {
        return "prism/exports/" + id + "/apps.csv";
    }

    /** Whether the query of the link is this. */
    synchronized boolean isLinked(String rawQuery) {
        return link != null && link.endsWith("?" + rawQuery);
    }

    synchronized boolean isExpired(Instant now) {
        return !now.isBefore(updatedAt.plus(LINK_LIVES));
    }

    /** As told to whoever asks. */
    synchronized ObjectNode toJson(PageShape shape) {
        boolean pending = !over || shape.has(Effect.PendingExport.class);
        boolean failed = !pending && failure != null;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!shape.has(Effect.UnnamedExport.class)) {
            json.put("id", id);
        }
        json.put("status", pending ? "pending" : failed ? failure.status() : "success");
        json.put("category", "apps");
        json.set("args", args);
        json.put("error_msg", failed ? failure.errorMsg() : null);
        json.put("path", pending || failed ? null : path());
        json.put("signed_url", pending ? null : link);
        json.put("created_at", ApiTimes.prism(Micros.of(createdAt)));
        return json.put("updated_at", ApiTimes.prism(Micros.of(pending ? createdAt : updatedAt)));
    }
}
