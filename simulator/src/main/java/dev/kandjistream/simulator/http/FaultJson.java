package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Faults as JSON: {@code {"endpoints":["prism-apps"],"after":3,"times":2,"effect":"status","status":500}}. Without
 * {@code endpoints} everywhere, without {@code times} until cleared. Effects and what they take: {@code status}
 * ({@code status}, {@code retry_after} in seconds), {@code delay} ({@code millis}), {@code hang-up}, {@code cut-body},
 * {@code html}, {@code empty-page}, {@code short-page} ({@code rows}), {@code capped-page} ({@code rows}),
 * {@code empty-fleet}, {@code no-users}, {@code repeated-cursor}, {@code expired-cursor}, {@code no-cursor},
 * {@code shift} ({@code rows}), {@code total} ({@code total}, may be null), {@code ignored-filter} ({@code columns}, all
 * without it), {@code foreign-next}, {@code slow-body} ({@code bytes}, {@code millis}), {@code failed-export}
 * ({@code word}, {@code error_msg}), {@code pending-export}, {@code unnamed-export}, {@code expired-link},
 * {@code huge-file} ({@code bytes}).
 */
public final class FaultJson {
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

    private static Effect effect(JsonNode json) {
        String word = json.path("effect").asText();
        return switch (word) {
            case "status" ->
                new Effect.Status(
                        number(json, "status"),
                        json.hasNonNull("retry_after") ? Duration.ofSeconds(number(json, "retry_after")) : null);
            case "delay" -> new Effect.Delay(Duration.ofMillis(number(json, "millis")));
            case "hang-up" -> new Effect.HangUp();
            case "cut-body" -> new Effect.CutBody();
            case "html" -> new Effect.HtmlInstead();
            case "empty-page" -> new Effect.EmptyPage();
            case "short-page" -> new Effect.ShortPage(number(json, "rows"));
            case "capped-page" -> new Effect.CappedPage(number(json, "rows"));
            case "empty-fleet" -> new Effect.EmptyFleet();
            case "no-users" -> new Effect.NoUsers();
            case "repeated-cursor" -> new Effect.RepeatedCursor();
            case "expired-cursor" -> new Effect.ExpiredCursor();
            case "no-cursor" -> new Effect.NoCursor();
            case "shift" -> new Effect.Shift(number(json, "rows"));
            case "ignored-filter" -> new Effect.IgnoredFilter(texts(json, "columns"));
            case "foreign-next" -> new Effect.ForeignNext();
            case "slow-body" -> new Effect.SlowBody(number(json, "bytes"), Duration.ofMillis(number(json, "millis")));
            case "failed-export" ->
                new Effect.FailedExport(
                        json.path("word").asText("failed"),
                        json.path("error_msg").asText("Export failed"));
            case "pending-export" -> new Effect.PendingExport();
            case "unnamed-export" -> new Effect.UnnamedExport();
            case "expired-link" -> new Effect.ExpiredLink();
            case "huge-file" -> new Effect.HugeFile(number(json, "bytes"));
            case "total" ->
                new Effect.Total(json.hasNonNull("total") ? json.path("total").asLong() : null);
            default -> throw new IllegalArgumentException("No such effect: " + word);
        };
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
