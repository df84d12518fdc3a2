package dev.kandjistream.standalone.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.progress.SweepProgress;
import dev.kandjistream.sink.TablesState;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * How each account stands, for programs: {@code {"at": …, "sweeps": […], "running": […], "unswept": […], "tables": …}}, fields named as in
 * receipts and progress, times in ISO 8601. What is unknown is null. Described in {@code docs/status.md}.
 */
public final class StatusJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private StatusJson() {}

    public static String of(Status status, Instant now) {
        ObjectNode json = JSON.createObjectNode().put("at", now.toString());
        var sweeps = json.putArray("sweeps");
        status.receipts()
                .forEach(receipt ->
                        add(sweeps.addObject(), receipt, status.applied().get(receipt.getSweepId()), now));
        var running = json.putArray("running");
        status.running().forEach(progress -> add(running.addObject(), progress));
        var unswept = json.putArray("unswept");
        status.unswept().forEach(unswept::add);
        add(json.putObject("tables"), status.tables());
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void add(ObjectNode node, TablesState tables) {
        node.put("problem", tables.objection().orElse(null));
        var unbacked = node.putArray("unbacked");
        tables.unbacked().forEach(one -> unbacked.addObject()
                .put("topic", one.topic())
                .put("table", one.table())
                .put("loss", one.loss().name())
                .put("rows", one.rows())
                .put("problem", one.sentence()));
    }

    private static void add(ObjectNode node, SweepProgress progress) {
        node.put("account_id", progress.getAccountId())
                .put("kind", progress.getKind())
                .put("poller", progress.getPoller())
                .put("started_at", text(progress.getStartedAt()))
                .put("told_at", text(progress.getToldAt()))
                .put("rows", progress.getRows())
                .put("claimed_total", progress.getClaimedTotal())
                .put("percent", orNull(ProgressText.percent(progress)))
                .put("requests", progress.getRequests())
                .put("seconds_left", orNull(ProgressText.secondsLeft(progress)));
    }

    private static Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static void add(ObjectNode sweep, SweepReceipt receipt, Instant appliedAt, Instant now) {
        Instant complete = receipt.getLastCompleteAt();
        sweep.put("account_id", receipt.getAccountId())
                .put("kind", receipt.getKind())
                .put("connection", receipt.getConnection())
                .put("endpoint", receipt.getEndpoint())
                .put("status", receipt.getStatus())
                .put("verdict", receipt.getVerdict())
                .put("reason", receipt.getReason())
                .put("sweep_id", receipt.getSweepId())
                .put("started_at", text(receipt.getStartedAt()))
                .put("finished_at", text(receipt.getFinishedAt()))
                .put("last_complete_at", text(complete))
                .put(
                        "seconds_since_complete",
                        complete == null
                                ? null
                                : Long.valueOf(Duration.between(complete, now).toSeconds()))
                .put("confirmed_at", text(receipt.getConfirmedAt()))
                .put("applied_at", text(appliedAt))
                .put("requests", receipt.getRequests())
                .put("rows", receipt.getRows())
                .put("claimed_total", receipt.getClaimedTotal())
                .put("devices", receipt.getDevices())
                .put("published", receipt.getPublished())
                .put("retracted", receipt.getRetracted())
                .put("oversized", receipt.getOversized())
                .put("unread", receipt.getUnread())
                .put("withheld", receipt.getWithheld());
        Quota quota = receipt.getQuota();
        if (quota == null) {
            sweep.putNull("quota");
        } else {
            sweep.putObject("quota")
                    .put("limit", quota.getLimit())
                    .put("spent", quota.getSpent())
                    .put("remaining", quota.getRemaining());
        }
        var items = sweep.putArray("withheld_retractions");
        receipt.getWithheldRetractions().forEach(item -> add(items.addObject(), item));
        var unread = sweep.putArray("unread_devices");
        receipt.getUnreadDevices().forEach(device -> unread.addObject()
                .put("device_id", device.getDeviceId())
                .put("reason", device.getReason()));
        var shape = sweep.putArray("shape");
        receipt.getShape().forEach(problem -> shape.addObject()
                .put("field", problem.getField())
                .put("problem", problem.getProblem())
                .put("rows", problem.getRows())
                .put("of", problem.getOf())
                .put("quarantines", problem.getQuarantines()));
    }

    private static void add(ObjectNode node, WithheldRetraction item) {
        node.put("device_id", item.getDeviceId())
                .put("what", item.getWhat())
                .put("before", item.getBefore())
                .put("after", item.getAfter())
                .put("since", text(item.getSince()))
                .put("stood_seconds", item.getStoodMs() / 1000)
                .put("sweeps", item.getSweeps())
                .put("reason", item.getReason())
                .put("order", item.getOrder());
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
