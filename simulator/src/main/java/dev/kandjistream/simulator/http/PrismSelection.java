package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which app rows are asked for, and in what order: the same words in the query of {@code /prism/apps} and in the body of
 * an export, where lists are arrays and the filter is an object.
 *
 * @param families words of Prism; empty for all
 * @param blueprints ids; empty for all
 * @param filter an object; empty for no condition
 * @param ignored columns whose conditions count for nothing
 * @param sortBy a column, {@code -} before it to reverse; empty for the order of storing
 */
record PrismSelection(
        List<String> families, List<String> blueprints, JsonNode filter, Set<String> ignored, String sortBy) {
    private static final JsonNode NO_FILTER = JsonNodeFactory.instance.objectNode();

    /** @throws BadRequest where the filter is no JSON object, unless filters are ignored altogether */
    static PrismSelection of(Query query, PageShape shape) {
        Set<String> ignored = ignored(shape);
        boolean unread = query.text("filter").isEmpty() || ignoresAll(ignored);
        return new PrismSelection(
                query.list("device_families"),
                query.list("blueprint_ids"),
                unread ? NO_FILTER : PrismFilter.object(query.text("filter")),
                ignored == null ? Set.of() : ignored,
                query.text("sort_by"));
    }

    /** @throws BadRequest where something is of the wrong type */
    static PrismSelection of(JsonNode body, PageShape shape) {
        Set<String> ignored = ignored(shape);
        JsonNode filter = body.path("filter");
        boolean unread = filter.isMissingNode() || filter.isNull() || ignoresAll(ignored);
        if (!unread && !filter.isObject()) {
            throw new BadRequest("Invalid filter: an object is required");
        }
        return new PrismSelection(
                texts(body, "device_families"),
                texts(body, "blueprint_ids"),
                unread ? NO_FILTER : filter,
                ignored == null ? Set.of() : ignored,
                body.path("sort_by").asText(""));
    }

    /** Null where no fault says so; empty for all columns. */
    private static Set<String> ignored(PageShape shape) {
        return shape.of(Effect.IgnoredFilter.class, effect -> new TreeSet<>(effect.columns()), null);
    }

    private static boolean ignoresAll(Set<String> ignored) {
        return ignored != null && ignored.isEmpty();
    }

    private static List<String> texts(JsonNode body, String field) {
        JsonNode list = body.path(field);
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw new BadRequest(field + " must be an array");
        }
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    boolean isEverything() {
        return families.isEmpty() && blueprints.isEmpty() && filter.isEmpty() && sortBy.isEmpty();
    }

    /**
     * Call it inside the fleet's reading.
     *
     * @param refuseUnknown whether a filter's unknown column is an error
     * @throws BadRequest for a family, condition or order that there is not
     */
    List<AppRow> of(List<AppRow> rows, boolean refuseUnknown) {
        if (isEverything()) {
            return rows;
        }
        families.forEach(PrismSelection::check);
        Predicate<AppRow> wanted = PrismFilter.of(filter, refuseUnknown, ignored);
        return rows.stream()
                .filter(row -> families.isEmpty()
                        || families.contains(row.device().platform().family()))
                .filter(row -> blueprints.isEmpty()
                        || blueprints.contains(row.device().blueprint().id()))
                .filter(wanted)
                .sorted(order())
                .toList();
    }

    /** As an export repeats it. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        blueprints.forEach(json.putArray("blueprint_ids")::add);
        families.forEach(json.putArray("device_families")::add);
        json.set("filter", filter);
        return json.put("sort_by", sortBy);
    }

    private static void check(String family) {
        if (Arrays.stream(Platform.values())
                .noneMatch(platform -> platform.family().equals(family))) {
            throw new BadRequest("Invalid device family: " + family);
        }
    }

    private Comparator<AppRow> order() {
        if (sortBy.isEmpty()) {
            return (a, b) -> 0;
        }
        PrismColumn column = PrismColumn.named(sortBy.replaceFirst("^-", ""));
        if (column == null) {
            throw new BadRequest("Invalid sort_by: unknown column " + sortBy);
        }
        Comparator<AppRow> ascending = Comparator.comparing(
                row -> Objects.toString(column.value().apply(row), null),
                Comparator.nullsLast(Comparator.<String>naturalOrder()));
        return sortBy.startsWith("-") ? ascending.reversed() : ascending;
    }
}
