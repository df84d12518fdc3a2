package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Micros;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Prism's {@code filter} parameter: columns to conditions, all of which must hold. As in SQL, nothing compares with null:
 * a row whose column is null fails every condition, {@code not_in} and {@code not_like} included.
 */
final class PrismFilter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PrismFilter() {}

    /**
     * @param refuseUnknown whether a column that is not there is an error, or ignored
     * @param ignored columns whose conditions are passed over in any case
     * @throws BadRequest for what is no such filter
     */
    static Predicate<AppRow> of(JsonNode filter, boolean refuseUnknown, Set<String> ignored) {
        Predicate<AppRow> all = row -> true;
        for (Map.Entry<String, JsonNode> entry : filter.properties()) {
            if (ignored.contains(entry.getKey())) {
                continue;
            }
            PrismColumn column = PrismColumn.named(entry.getKey());
            boolean elsewhere =
                    entry.getKey().startsWith("blueprint") || entry.getKey().equals("device__family");
            if (column == null || elsewhere) {
                if (refuseUnknown) {
                    throw new BadRequest("Invalid filter: unknown column " + entry.getKey());
                }
                continue;
            }
            all = all.and(onColumn(column, entry.getValue()));
        }
        return all;
    }

    /**
     * The parameter's text as an object.
     *
     * @throws BadRequest where it is none
     */
    static JsonNode object(String filter) {
        try {
            JsonNode parsed = MAPPER.readTree(filter);
            if (parsed != null && parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequest("Invalid filter: not JSON");
        }
        throw new BadRequest("Invalid filter: an object is required");
    }

    private static Predicate<AppRow> onColumn(PrismColumn column, JsonNode conditions) {
        if (!conditions.isObject()) {
            throw new BadRequest("Invalid filter: conditions of " + column.name() + " must be an object");
        }
        Predicate<Object> all = value -> true;
        for (Map.Entry<String, JsonNode> condition : conditions.properties()) {
            all = all.and(
                    condition.getKey().equals("or")
                            ? anyOf(column, condition.getValue())
                            : condition(column, condition.getKey(), condition.getValue()));
        }
        Predicate<Object> held = all;
        return row -> {
            Object value = column.value().apply(row);
            return value != null && held.test(value);
        };
    }

    private static Predicate<Object> anyOf(PrismColumn column, JsonNode conditions) {
        Predicate<Object> any = value -> false;
        for (Map.Entry<String, JsonNode> condition : conditions.properties()) {
            any = any.or(condition(column, condition.getKey(), condition.getValue()));
        }
        return any;
    }

    private static Predicate<Object> condition(PrismColumn column, String operator, JsonNode operand) {
        Function<JsonNode, Object> typed = node -> column.time() ? (Object) micros(node) : node.asText();
        List<Object> operands = operands(operand).stream().map(typed).toList();
        Function<Object, Object> shown = value -> column.time() ? value : String.valueOf(value);
        Predicate<Object> in = value -> operands.contains(shown.apply(value));
        Predicate<Object> like = value -> operands(operand).stream()
                .anyMatch(part -> String.valueOf(value).contains(part.asText()));
        return switch (operator) {
            case "eq", "in" -> in;
            case "not_in" -> in.negate();
            case "like" -> like;
            case "not_like" -> like.negate();
            case "lt" -> value -> compare(shown.apply(value), operands.get(0)) < 0;
            case "lte" -> value -> compare(shown.apply(value), operands.get(0)) <= 0;
            case "gt" -> value -> compare(shown.apply(value), operands.get(0)) > 0;
            case "gte" -> value -> compare(shown.apply(value), operands.get(0)) >= 0;
            default -> throw new BadRequest("Invalid filter: unknown operator " + operator);
        };
    }

    private static List<JsonNode> operands(JsonNode operand) {
        if (!operand.isArray()) {
            return List.of(operand);
        }
        if (operand.isEmpty()) {
            throw new BadRequest("Invalid filter: an operator needs something to compare with");
        }
        return new ArrayList<>(
                StreamSupport.stream(operand.spliterator(), false).toList());
    }

    private static int compare(Object left, Object right) {
        return left instanceof Long l && right instanceof Long r
                ? Long.compare(l, r)
                : String.valueOf(left).compareTo(String.valueOf(right));
    }

    private static Long micros(JsonNode time) {
        try {
            return Micros.of(OffsetDateTime.parse(time.asText()).toInstant());
        } catch (DateTimeException e) {
            throw new BadRequest("Invalid filter: not a date: " + time.asText());
        }
    }
}
