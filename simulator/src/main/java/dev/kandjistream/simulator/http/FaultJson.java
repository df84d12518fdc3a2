package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
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
 * it. Effects on rows concern all devices, or those in {@code devices} or {@code serials}, or a {@code share} of them.
 */
public final class FaultJson {
    private static final Set<String> OF_EVERY_FAULT = Set.of("effect", "endpoints", "after", "times");
    private static final Map<String, Kind> EFFECTS = kinds();

    /** @param fields of the JSON that the effect takes, separated by blanks; those with = are optional */
    record Kind(String fields, Function<FaultFields, Effect> maker) {
        private Effect effect(FaultFields json) {
            var known = new HashSet<>(OF_EVERY_FAULT);
            for (String field : fields.split(" ")) {
                known.add(field.replace("=", ""));
            }
            json.mustBeAmong(known);
            return maker.apply(json);
        }
    }

    private FaultJson() {}

    /** @throws IllegalArgumentException where the JSON is no such fault */
    public static void add(JsonNode json, Faults faults) {
        var fields = new FaultFields(json);
        Effect effect = effect(fields);
        Endpoint[] endpoints =
                fields.texts("endpoints").stream().map(FaultJson::endpoint).toArray(Endpoint[]::new);
        Faults.Choice choice = faults.on(endpoints);
        if (fields.has("after")) {
            choice = choice.after(fields.atLeast(0, "after"));
        }
        if (fields.has("times")) {
            choice = choice.times(fields.atLeast(1, "times"));
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

    private static Effect effect(FaultFields json) {
        String word = json.text("effect", "");
        Kind kind = EFFECTS.get(word);
        if (kind == null) {
            throw new IllegalArgumentException("No such effect: " + (word.isEmpty() ? "(none given)" : word)
                    + "; expected one of " + List.copyOf(EFFECTS.keySet()));
        }
        return kind.effect(json);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("status", new Kind("status retry_after=", FaultJson::status));
        kinds.put("delay", new Kind("millis", json -> new Effect.Delay(json.millis("millis"))));
        kinds.put("hang-up", new Kind("", json -> new Effect.HangUp()));
        kinds.put("cut-body", new Kind("", json -> new Effect.CutBody()));
        kinds.put("html", new Kind("", json -> new Effect.HtmlInstead()));
        kinds.put("empty-page", new Kind("", json -> new Effect.EmptyPage()));
        kinds.put("short-page", new Kind("rows", json -> new Effect.ShortPage(json.number("rows"))));
        kinds.put("capped-page", new Kind("rows", json -> new Effect.CappedPage(json.number("rows"))));
        kinds.put("empty-fleet", new Kind("", json -> new Effect.EmptyFleet()));
        kinds.put("no-users", new Kind("", json -> new Effect.NoUsers()));
        kinds.put("repeated-cursor", new Kind("", json -> new Effect.RepeatedCursor()));
        kinds.put("expired-cursor", new Kind("", json -> new Effect.ExpiredCursor()));
        kinds.put("no-cursor", new Kind("", json -> new Effect.NoCursor()));
        kinds.put("shift", new Kind("rows", json -> new Effect.Shift(json.number("rows"))));
        kinds.put("total", new Kind("total=", FaultJson::total));
        kinds.put("ignored-filter", new Kind("columns=", json -> new Effect.IgnoredFilter(json.texts("columns"))));
        kinds.put("foreign-next", new Kind("", json -> new Effect.ForeignNext()));
        kinds.put(
                "slow-body",
                new Kind("bytes millis", json -> new Effect.SlowBody(json.number("bytes"), json.millis("millis"))));
        kinds.put("failed-export", new Kind("word= error_msg=", FaultJson::failedExport));
        kinds.put("pending-export", new Kind("", json -> new Effect.PendingExport()));
        kinds.put("unnamed-export", new Kind("", json -> new Effect.UnnamedExport()));
        kinds.put("expired-link", new Kind("", json -> new Effect.ExpiredLink()));
        kinds.put("huge-file", new Kind("bytes", json -> new Effect.HugeFile(json.number("bytes"))));
        kinds.putAll(RowEffects.kinds());
        return kinds;
    }

    private static Effect status(FaultFields json) {
        return new Effect.Status(
                json.number("status"), json.has("retry_after") ? Duration.ofSeconds(json.number("retry_after")) : null);
    }

    private static Effect total(FaultFields json) {
        return new Effect.Total(json.has("total") ? (long) json.number("total") : null);
    }

    private static Effect failedExport(FaultFields json) {
        return new Effect.FailedExport(json.text("word", "failed"), json.text("error_msg", "Export failed"));
    }
}
