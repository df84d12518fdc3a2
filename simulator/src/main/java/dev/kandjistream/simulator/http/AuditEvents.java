package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.AuditEvent;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Micros;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code GET /audit/events}: a year of history by cursor, the oldest first unless asked otherwise. */
final class AuditEvents {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 500;
    private static final long HISTORY = Duration.ofDays(365).toNanos() / 1000;
    private static final long DAY = Duration.ofDays(1).toNanos() / 1000;
    private static final String ELSEWHERE = "https://elsewhere.invalid";

    private final Fleet fleet;
    private final TenantForm form;

    AuditEvents(Fleet fleet, TenantForm form) {
        this.fleet = fleet;
        this.form = form;
    }

    /** @throws BadRequest for what the API answers 400 to */
    Answer answer(Query query, PageShape shape, String self) {
        int limit = query.number("limit", DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadRequest("limit must be between 1 and " + MAX_LIMIT);
        }
        String cursor = query.text("cursor");
        if (shape.has(Effect.ExpiredCursor.class) && !cursor.isEmpty()) {
            throw new BadRequest("Invalid cursor");
        }
        List<AuditEvent> events = select(query);
        int start = shape.start(Math.min(start(cursor, events), events.size()));
        int end = shape.end(start, limit, events.size());
        List<AuditEvent> page = start < end ? events.subList(start, end) : List.of();
        String origin = shape.has(Effect.ForeignNext.class) ? self.replaceFirst("^http://[^/]+", ELSEWHERE) : self;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode results = json.putArray("results");
        shape.shown(page).forEach(event -> results.add(json(event)));
        json.putNull("previous");
        json.put("next", next(query, shape, origin, page, end < events.size() && !page.isEmpty()));
        return Answer.json(200, json.toString());
    }

    private List<AuditEvent> select(Query query) {
        long from = Math.max(
                Micros.of(fleet.now()) - HISTORY,
                query.text("start_date").isEmpty() ? Long.MIN_VALUE : moment(query, "start_date", 0));
        long to = query.text("end_date").isEmpty() ? Long.MAX_VALUE : moment(query, "end_date", DAY - 1);
        return fleet.auditEvents().stream()
                .filter(event -> event.occurredAt() >= from && event.occurredAt() <= to)
                .sorted(order(query.text("sort_by")))
                .toList();
    }

    /** @param ofDay what a date without a time adds to its midnight, in microseconds */
    private static long moment(Query query, String parameter, long ofDay) {
        String text = query.text(parameter);
        try {
            return text.contains("T")
                    ? Micros.of(OffsetDateTime.parse(text).toInstant())
                    : Micros.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)) + ofDay;
        } catch (DateTimeException e) {
            throw new BadRequest("Invalid " + parameter + ": a date or a datetime with its offset is required.");
        }
    }

    /** Events of one moment keep the order of happening, which their ids need not. */
    private static Comparator<AuditEvent> order(String sortBy) {
        Comparator<AuditEvent> order =
                switch (sortBy.replaceFirst("^-", "")) {
                    case "", "occurred_at" -> Comparator.comparingLong(AuditEvent::occurredAt);
                    case "id" -> Comparator.comparing(AuditEvent::id);
                    default -> throw new BadRequest("Invalid sort_by: " + sortBy);
                };
        return sortBy.startsWith("-") ? order.reversed() : order;
    }

    /** Behind the last event that was shown, which may be long ago: a kept cursor goes on where it stood. */
    private static int start(String cursor, List<AuditEvent> events) {
        if (cursor.isEmpty()) {
            return 0;
        }
        for (int i = 0; i < events.size(); i++) {
            if (cursorAfter(events.get(i)).equals(cursor)) {
                return i + 1;
            }
        }
        throw new BadRequest("Invalid cursor");
    }

    private static String cursorAfter(AuditEvent event) {
        return Base64.getEncoder().encodeToString(("p=" + event.id()).getBytes(StandardCharsets.US_ASCII));
    }

    private static String next(Query query, PageShape shape, String origin, List<AuditEvent> page, boolean more) {
        if (shape.has(Effect.NoCursor.class) || shape.has(Effect.EmptyPage.class)) {
            return null;
        }
        var parameters = new TreeMap<>(query.parameters());
        if (!shape.has(Effect.RepeatedCursor.class)) {
            if (!more) {
                return null;
            }
            parameters.put("cursor", cursorAfter(page.get(page.size() - 1)));
        }
        return origin + "?"
                + parameters.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }

    /** Both kinds of nothing occur. */
    private ObjectNode json(AuditEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", event.id());
        json.put("action", event.action());
        json.put("occurred_at", ApiTimes.checkIn(event.occurredAt()));
        json.put("actor_id", event.actorId().isEmpty() && !form.newer() ? null : event.actorId());
        json.put("actor_type", event.actorType());
        json.put("target_id", event.targetId());
        json.put("target_type", event.targetType());
        json.put("target_component", event.component().isEmpty() && !form.newer() ? null : event.component());
        json.set("new_state", event.newState() == null ? null : MAPPER.valueToTree(event.newState()));
        json.putNull("metadata");
        return json;
    }
}
