package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The effects on rows, as words of a fault's JSON. Each also takes {@code devices}, {@code serials} or {@code share}. */
final class RowEffects {
    private static final String SELECTOR = " devices= serials= share=";
    private static final int OVER_64_KB = 70_000;

    /** Argument of each change in {@code to}; the other changes take none. */
    private static final Map<FieldChange, String> TAKES = Map.of(
            FieldChange.RENAME, " to",
            FieldChange.RETYPE, " to",
            FieldChange.SET, " to",
            FieldChange.TWICE, " to=",
            FieldChange.OVERSIZE, " to");

    private RowEffects() {}

    static Map<String, FaultJson.Kind> kinds() {
        var kinds = new LinkedHashMap<String, FaultJson.Kind>();
        for (FieldChange change : FieldChange.values()) {
            String fields = "field" + TAKES.getOrDefault(change, "") + SELECTOR;
            kinds.put(change.word(), new FaultJson.Kind(fields, json -> field(change, json)));
        }
        kinds.put(
                "large-row",
                new FaultJson.Kind(
                        "bytes=" + SELECTOR,
                        json -> new Effect.LargeRow(
                                devices(json), json.has("bytes") ? json.atLeast(1, "bytes") : OVER_64_KB)));
        kinds.put("no-object", new FaultJson.Kind(SELECTOR.strip(), json -> new Effect.NoObject(devices(json))));
        kinds.put("drop", new FaultJson.Kind(SELECTOR.strip(), json -> new Effect.Drop(devices(json))));
        kinds.put(
                "partial-apps",
                new FaultJson.Kind(
                        "rows" + SELECTOR, json -> new Effect.PartialApps(devices(json), json.atLeast(0, "rows"))));
        return kinds;
    }

    private static DeviceSelector devices(FaultFields json) {
        return new DeviceSelector(json.someTexts("devices"), json.someTexts("serials"), json.share("share"));
    }

    private static Effect field(FieldChange change, FaultFields json) {
        String field = json.text("field");
        Set<String> known = knownFields();
        if (change != FieldChange.SET && !known.contains(field)) {
            throw new IllegalArgumentException("field: rows have no \"" + field + "\"; expected one of " + known);
        }
        return new Effect.Field(devices(json), field, change, to(change, json));
    }

    private static JsonNode to(FieldChange change, FaultFields json) {
        switch (change) {
            case RENAME -> json.text("to");
            case RETYPE -> JsonType.ofWord(json.text("to"));
            case OVERSIZE -> json.atLeast(1, "to");
            case SET -> {
                if (json.any("to") == null) {
                    throw new IllegalArgumentException("to: must be the value to show, is missing");
                }
            }
            default -> {}
        }
        return json.any("to");
    }

    private static Set<String> knownFields() {
        var known = new TreeSet<>(DeviceJson.FIELDS);
        PrismColumn.all().forEach(column -> known.add(column.name()));
        return known;
    }
}
