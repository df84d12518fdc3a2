package dev.kandjistream.simulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parameters of a request, decoded; of a repeated one the last counts. Unknown ones are no error. */
record Query(Map<String, String> parameters) {
    static Query parse(String raw) {
        var parameters = new LinkedHashMap<String, String>();
        if (raw != null && !raw.isEmpty()) {
            for (String part : raw.split("&")) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                parameters.put(decode(name), equals < 0 ? "" : decode(part.substring(equals + 1)));
            }
        }
        return new Query(parameters);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("Malformed query string");
        }
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** Empty text where it is absent. */
    String text(String name) {
        return parameters.getOrDefault(name, "");
    }

    List<String> list(String name) {
        return Arrays.stream(text(name).split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** @throws BadRequest where it is there and no number */
    int number(String name, int otherwise) {
        if (text(name).isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text(name).strip());
        } catch (NumberFormatException e) {
            throw new BadRequest("Invalid value for " + name + ": a valid integer is required.");
        }
    }

    /** The parameters but these, in an order that does not depend on the request's. */
    String without(String... names) {
        var rest = new TreeMap<>(parameters);
        rest.keySet().removeAll(List.of(names));
        return rest.toString();
    }
}
