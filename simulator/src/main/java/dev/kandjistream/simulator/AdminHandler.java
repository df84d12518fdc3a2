package dev.kandjistream.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.FaultJson;
import dev.kandjistream.simulator.http.RateLimits;
import dev.kandjistream.simulator.script.Change;
import dev.kandjistream.simulator.script.Played;
import dev.kandjistream.simulator.script.Script;
import dev.kandjistream.simulator.truth.TruthRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Plays with the simulator over HTTP, beside the API and without a token; what there is, {@code GET /simulator} tells. */
final class AdminHandler implements HttpHandler {
    /** Keeps the digits of numbers that faults set: 15.10 is not 15.1. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Map<String, String> ROUTES = routes();

    private final KandjiSimulator simulator;
    private final Script endless;

    AdminHandler(KandjiSimulator simulator) {
        this.simulator = simulator;
        this.endless = simulator.endless();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath().replaceAll("/+$", "");
        String route = exchange.getRequestMethod() + " " + path;
        try {
            JsonNode asked = body.length == 0 ? JsonNodeFactory.instance.objectNode() : MAPPER.readTree(body);
            Object answer = answer(route, asked, exchange.getRequestURI().getQuery());
            write(
                    exchange,
                    answer == null ? 404 : 200,
                    answer == null
                            ? Map.of("error", "No such route: " + route + "; GET /simulator lists them")
                            : answer);
        } catch (JsonProcessingException e) {
            write(exchange, 400, Map.of("error", "The body is not JSON: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            write(exchange, 400, Map.of("error", e.getMessage()));
        }
    }

    private static Map<String, String> routes() {
        var routes = new LinkedHashMap<String, String>();
        routes.put("GET /simulator", "tenant, version of the fleet, this list");
        routes.put("GET /simulator/truth", "what must come out; ?words=helper,updater&types=Mac,iPhone,iPad");
        routes.put("GET /simulator/requests", "how many it answered, by endpoint and status");
        routes.put("GET /simulator/faults", "what acts or waits");
        routes.put(
                "POST /simulator/faults",
                "one more: {\"effect\":\"status\",\"status\":500}; with \"endpoints\":[\"prism-apps\"] there only,"
                        + " with \"after\":3 and \"times\":2 for some requests only;"
                        + " {\"effect\":\"lose\",\"field\":\"user.id\",\"share\":0.3} changes rows");
        routes.put("DELETE /simulator/faults", "ends all");
        routes.put(
                "POST /simulator/changes",
                "plays {\"steps\":3} of the endless script, {\"day\":true}, or {\"change\":\"REASSIGN\"}");
        routes.put("POST /simulator/token", "{\"token\":\"...\"} replaces it, {\"token\":null} revokes it");
        routes.put("POST /simulator/permissions", "{\"endpoints\":[\"devices\"]} permits only these; null permits all");
        routes.put("POST /simulator/exports", "{\"polls\":3,\"seconds\":60}: how long exports are pending");
        routes.put("POST /simulator/limits", "{\"per_hour\":100,\"per_second\":5,\"enforced\":true}");
        return routes;
    }

    private Map<String, Object> overview() {
        var overview = new LinkedHashMap<String, Object>();
        overview.put("tenant", simulator.tenant().id());
        overview.put("form", simulator.tenant().form().name());
        overview.put("fleet_version", simulator.fleet().version());
        overview.put("routes", ROUTES);
        overview.put("effects", FaultJson.effects());
        overview.put(
                "endpoints",
                Arrays.stream(Endpoint.values()).map(Endpoint::word).toList());
        overview.put("changes", Change.values());
        return overview;
    }

    private Object answer(String route, JsonNode asked, String query) {
        return switch (route) {
            case "GET /simulator" -> overview();
            case "GET /simulator/truth" -> TruthJson.of(simulator.truth(rules(query)));
            case "GET /simulator/requests" -> requests();
            case "GET /simulator/faults" -> FaultJson.standing(simulator.faults());
            case "POST /simulator/faults" -> {
                FaultJson.add(asked, simulator.faults());
                yield FaultJson.standing(simulator.faults());
            }
            case "DELETE /simulator/faults" -> {
                simulator.faults().clear();
                yield List.of();
            }
            case "POST /simulator/changes" ->
                play(asked).stream().map(Played::description).toList();
            case "POST /simulator/token" -> token(asked.path("token"));
            case "POST /simulator/permissions" -> permissions(asked.path("endpoints"));
            case "POST /simulator/limits" -> limits(asked);
            case "POST /simulator/exports" -> exports(asked);
            default -> null;
        };
    }

    private static TruthRules rules(String query) {
        TruthRules standard = TruthRules.standard();
        return new TruthRules(
                list(query, "words", standard.suppressedWords()), list(query, "types", standard.licenseTypes()));
    }

    private static Set<String> list(String query, String name, Set<String> otherwise) {
        if (query == null) {
            return otherwise;
        }
        return Arrays.stream(query.split("&"))
                .filter(part -> part.startsWith(name + "="))
                .findFirst()
                .map(part -> part.substring(name.length() + 1))
                .map(words -> Set.copyOf(Arrays.stream(words.split(","))
                        .filter(word -> !word.isBlank())
                        .toList()))
                .orElse(otherwise);
    }

    private Map<String, Object> requests() {
        var counts = new TreeMap<String, Object>();
        simulator.requests().counts().forEach((endpoint, byStatus) -> counts.put(endpoint.word(), byStatus));
        return Map.of(
                "total", simulator.requests().count(),
                "spent_this_hour", simulator.budget().spentThisHour(),
                "endpoints", counts);
    }

    private synchronized List<Played> play(JsonNode asked) {
        if (asked.path("day").asBoolean()) {
            return simulator.day().rest();
        }
        if (asked.hasNonNull("change")) {
            return endless.play(change(asked.path("change").asText())).stream().toList();
        }
        var played = new ArrayList<Played>();
        for (int i = 0; i < asked.path("steps").asInt(1); i++) {
            endless.next().ifPresent(played::add);
        }
        return played;
    }

    private static Change change(String word) {
        return Arrays.stream(Change.values())
                .filter(change -> change.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No such change: " + word + "; expected one of " + List.of(Change.values())));
    }

    private Map<String, Object> token(JsonNode token) {
        if (token.isTextual() && !token.asText().isBlank()) {
            simulator.access().replaceToken(token.asText());
            return Map.of("token", "replaced");
        }
        simulator.access().revokeToken();
        return Map.of("token", "revoked");
    }

    private Map<String, Object> permissions(JsonNode endpoints) {
        if (!endpoints.isArray()) {
            simulator.access().permitAll();
            return Map.of("endpoints", "all");
        }
        var permitted = new LinkedHashSet<Endpoint>();
        endpoints.forEach(word -> permitted.add(FaultJson.endpoint(word.asText())));
        simulator.access().permit(permitted);
        return Map.of("endpoints", permitted.stream().map(Endpoint::word).toList());
    }

    private Map<String, Object> exports(JsonNode asked) {
        int polls = asked.path("polls").asInt(1);
        int seconds = asked.path("seconds").asInt(0);
        simulator.exports().pendingFor(polls);
        simulator.exports().pendingFor(Duration.ofSeconds(seconds));
        return Map.of("polls", polls, "seconds", seconds);
    }

    private Map<String, Object> limits(JsonNode asked) {
        RateLimits usual = RateLimits.documented();
        var limits = new RateLimits(
                asked.path("per_hour").asInt(usual.perHour()),
                asked.path("per_second").asInt(usual.perSecond()),
                asked.path("enforced").asBoolean(true));
        simulator.budget().limit(limits);
        return Map.of("per_hour", limits.perHour(), "per_second", limits.perSecond(), "enforced", limits.enforced());
    }

    private static void write(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] json = (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        try (exchange;
                var out = exchange.getResponseBody()) {
            out.write(json);
        }
    }
}
