package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Faults as JSON: {@code {"endpoints":["prism-apps"],"after":3,"times":2,"effect":"status","status":500}}. Without
 * {@code endpoints} everywhere, without {@code times} until cleared. {@link #effects} tells the effects and what they take:
 * milliseconds in {@code millis}, seconds in {@code retry_after}; {@code total} may be null, {@code columns} are all without
 * it.
 */
public final class FaultJson {
    private static final Map<String, Kind> EFFECTS = kinds();

    /** @param fields of the JSON that the effect takes, in words */
    private record Kind(String fields, Function<JsonNode, Effect> maker) {}

    private FaultJson() {}

    /** @throws IllegalArgumentException where the JSON is no such fault */
    public static void add(JsonNode json, Faults faults) {
        Effect effect = effect(json);
        var endpoints = new ArrayList<Endpoint>();
        json.path("endpoints").forEach(word -> endpoints.add(endpoint(word.asText())));
        Faults.Choice choice = faults.on(endpoints.toArray(Endpoint[]::new))
                .after(json.path("after").asInt(0));
        if (json.hasNonNull("times")) {
            choice = choice.times(json.path("times").asInt());
        }
        choice.with(effect);
    }

    /** Faults that still act or wait, in words. */
    public static List<String> standing(Faults faults) {
        return faults.standing().stream().map(FaultJson::words).toList();
    }

    private static String words(Faults.Fault fault) {
        Set<String> where = new LinkedHashSet<>();
        fault.endpoints().forEach(endpoint -> where.add(endpoint.word()));
        return fault.effect() + " on " + (where.isEmpty() ? "everything" : String.join(", ", where)) + ", after "
                + fault.skip() + " requests, "
                + (fault.left() < 0 ? "until cleared" : "for " + fault.left() + " requests");
    }

    /** @throws IllegalArgumentException where there is no such endpoint */
    public static Endpoint endpoint(String word) {
        return Endpoint.ofWord(word)
                .orElseThrow(() -> new IllegalArgumentException("No such endpoint: " + word + "; expected one of "
                        + List.of(Endpoint.values()).stream()
                                .map(Endpoint::word)
                                .toList()));
    }

    /** The words there are, each with the fields it takes; those with = may be left out. */
    public static List<String> effects() {
        return EFFECTS.entrySet().stream()
                .map(effect -> (effect.getKey() + " " + effect.getValue().fields()).strip())
                .toList();
    }

    private static Effect effect(JsonNode json) {
        String word = json.path("effect").asText();
        Kind kind = EFFECTS.get(word);
        if (kind == null) {
            throw new IllegalArgumentException("No such effect: " + (word.isEmpty() ? "(none given)" : word)
                    + "; expected one of " + List.copyOf(EFFECTS.keySet()));
        }
        return kind.maker().apply(json);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("status", new Kind("status retry_after=", FaultJson::status));
        kinds.put("delay", new Kind("millis", json -> new Effect.Delay(millis(json))));
        kinds.put("hang-up", new Kind("", json -> new Effect.HangUp()));
        kinds.put("cut-body", new Kind("", json -> new Effect.CutBody()));
        kinds.put("html", new Kind("", json -> new Effect.HtmlInstead()));
        kinds.put("empty-page", new Kind("", json -> new Effect.EmptyPage()));
        kinds.put("short-page", new Kind("rows", json -> new Effect.ShortPage(number(json, "rows"))));
        kinds.put("capped-page", new Kind("rows", json -> new Effect.CappedPage(number(json, "rows"))));
        kinds.put("empty-fleet", new Kind("", json -> new Effect.EmptyFleet()));
        kinds.put("no-users", new Kind("", json -> new Effect.NoUsers()));
        kinds.put("repeated-cursor", new Kind("", json -> new Effect.RepeatedCursor()));
        kinds.put("expired-cursor", new Kind("", json -> new Effect.ExpiredCursor()));
        kinds.put("no-cursor", new Kind("", json -> new Effect.NoCursor()));
        kinds.put("shift", new Kind("rows", json -> new Effect.Shift(number(json, "rows"))));
        kinds.put("total", new Kind("total=", FaultJson::total));
        kinds.put("ignored-filter", new Kind("columns=", json -> new Effect.IgnoredFilter(texts(json, "columns"))));
        kinds.put("foreign-next", new Kind("", json -> new Effect.ForeignNext()));
        kinds.put(
                "slow-body",
                new Kind("bytes millis", json -> new Effect.SlowBody(number(json, "bytes"), millis(json))));
        kinds.put("failed-export", new Kind("word= error_msg=", FaultJson::failedExport));
        kinds.put("pending-export", new Kind("", json -> new Effect.PendingExport()));
        kinds.put("unnamed-export", new Kind("", json -> new Effect.UnnamedExport()));
        kinds.put("expired-link", new Kind("", json -> new Effect.ExpiredLink()));
        kinds.put("huge-file", new Kind("bytes", json -> new Effect.HugeFile(number(json, "bytes"))));
        return kinds;
    }

    private static Effect status(JsonNode json) {
        return new Effect.Status(
                number(json, "status"),
                json.hasNonNull("retry_after") ? Duration.ofSeconds(number(json, "retry_after")) : null);
    }

    private static Effect total(JsonNode json) {
        return new Effect.Total(json.hasNonNull("total") ? json.path("total").asLong() : null);
    }

    private static Effect failedExport(JsonNode json) {
        return new Effect.FailedExport(
                json.path("word").asText("failed"), json.path("error_msg").asText("Export failed"));
    }

    private static Duration millis(JsonNode json) {
        return Duration.ofMillis(number(json, "millis"));
    }

    private static Set<String> texts(JsonNode json, String field) {
        Set<String> texts = new LinkedHashSet<>();
        json.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static int number(JsonNode json, String field) {
        if (!json.path(field).isInt()) {
            throw new IllegalArgumentException("The effect needs a whole number in \"" + field + "\"");
        }
        return json.path(field).asInt();
    }
}
