package dev.kandjistream.kandji.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.RowShape;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A page of three devices whose fields are lost, renamed, retyped, swapped and duplicated. A change of some fields of one row
 * does not affect how the others are read.
 */
class SpoiltRowsTest {
    private static final List<String> FIELDS = List.of(
            "device_name",
            "serial_number",
            "platform",
            "model",
            "os_version",
            "supplemental_build_version",
            "supplemental_os_version_extra",
            "lost_mode_status",
            "last_check_in",
            "user",
            "asset_tag",
            "blueprint_id",
            "blueprint_name",
            "mdm_enabled",
            "agent_installed",
            "agent_version",
            "is_missing",
            "is_removed",
            "first_enrollment",
            "last_enrollment",
            "tags",
            "some_new_field");

    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "\"somebody\"",
            "true",
            "17",
            "-0",
            "15.10",
            "1e999",
            "[]",
            "{}",
            "[1,[2]]",
            "{\"a\":{\"b\":null}}",
            "{\"id\":\"x\"}",
            "{\"id\":{},\"email\":[]}",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"2025-13-41T00:00:00Z\"",
            "7".repeat(3_000),
            "\"" + "y".repeat(9_000) + "\"",
            "\"" + "\\ud83d\\ude00".repeat(30_000) + "\"",
            "[" + "\"t\",".repeat(9_000) + "{}]",
            "[".repeat(3_000) + "]".repeat(3_000),
            "{\"" + "n".repeat(60_000) + "\":1}");

    /**
     * A change of a field.
     *
     * @param other another field, for a swap
     * @param value for a change of type or a second value
     */
    private record Fault(What what, String field, String other, String value) {
        enum What {
            LOSE,
            RENAME,
            RETYPE,
            SWAP,
            DOUBLE
        }

        /** The fields that it may change. */
        Set<String> hit() {
            return what == What.SWAP ? new TreeSet<>(List.of(field, other)) : Set.of(field);
        }

        void spoil(List<Map.Entry<String, String>> row) {
            int at = place(row, field);
            if (at < 0) {
                return;
            }
            String was = row.get(at).getValue();
            switch (what) {
                case LOSE -> row.remove(at);
                case RENAME -> row.set(at, Map.entry(field.toUpperCase(Locale.ROOT), was));
                case RETYPE -> row.set(at, Map.entry(field, value));
                case DOUBLE -> row.add(value.length() % (row.size() + 1), Map.entry(field, value));
                case SWAP -> {
                    int there = place(row, other);
                    if (there >= 0) {
                        row.set(at, Map.entry(field, row.get(there).getValue()));
                        row.set(there, Map.entry(other, was));
                    }
                }
            }
        }

        private static int place(List<Map.Entry<String, String>> row, String field) {
            for (int i = 0; i < row.size(); i++) {
                if (row.get(i).getKey().equals(field)) {
                    return i;
                }
            }
            return -1;
        }
    }

    @Provide
    Arbitrary<List<Fault>> faults() {
        return Combinators.combine(
                        Arbitraries.of(Fault.What.class),
                        Arbitraries.of(FIELDS),
                        Arbitraries.of(FIELDS),
                        Arbitraries.of(VALUES))
                .as(Fault::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static List<Map.Entry<String, String>> fields(int device) {
        var row = new ArrayList<Map.Entry<String, String>>();
        row.add(Map.entry("device_id", "\"d" + device + "\""));
        for (String field : FIELDS) {
            row.add(Map.entry(
                    field,
                    switch (field) {
                        case "platform" -> "\"Mac\"";
                        case "user" ->
                            "{\"id\":\"u" + device + "\",\"email\":\"u" + device
                                    + "@acme.example\",\"name\":\"U\",\"is_archived\":false}";
                        case "mdm_enabled", "agent_installed" -> "true";
                        case "is_missing", "is_removed" -> "false";
                        case "last_check_in", "first_enrollment", "last_enrollment" ->
                            "\"2025-01-0" + (device + 1) + "T00:00:00Z\"";
                        case "tags" -> "[\"a\",\"b" + device + "\"]";
                        default -> "\"" + field + device + "\"";
                    }));
        }
        return row;
    }

    private static String json(List<Map.Entry<String, String>> row) {
        return row.stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static DevicePage page(List<String> rows) throws BadBody {
        return DeviceParser.parse(rows.toString().getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 42);
    }

    @Property(tries = 800, seed = "10")
    void aFaultHitsNothingButItsField(@ForAll("faults") List<Fault> faults) throws Exception {
        var rows = List.of(json(fields(0)), json(fields(1)), json(fields(2)));
        List<DeviceRow> sound = page(rows).rows();
        assertThat(sound).extracting(DeviceRow::shape).containsOnly(RowShape.FULL);
        var spoilt = fields(1);
        Set<String> hit = new TreeSet<>();
        for (Fault fault : faults) {
            fault.spoil(spoilt);
            hit.addAll(fault.hit());
        }
        DevicePage page = page(List.of(rows.get(0), json(spoilt), rows.get(2)));
        assertThat(page.unusable()).isZero();
        assertThat(page.unread()).isEmpty();
        assertThat(page.rows().get(0)).isEqualTo(sound.get(0));
        assertThat(page.rows().get(2)).isEqualTo(sound.get(2));
        DeviceRow row = page.rows().get(1);
        assertThat(read(row, hit)).isEqualTo(read(sound.get(1), hit));
        assertThat(hit).containsAll(named(row.shape()));
        assertThat(isAnObject(row.json())).isTrue();
        assertThat(row.json().length()).isLessThan(70_000);
        assertThat(row.details())
                .isEqualTo(page(List.of(json(spoilt))).rows().get(0).details());
    }

    @Property(tries = 200, seed = "10")
    void aFaultInTheDeviceIdHitsNothingButItsRow(@ForAll("faults") List<Fault> faults) throws Exception {
        var rows = List.of(json(fields(0)), json(fields(1)), json(fields(2)));
        List<DeviceRow> sound = page(rows).rows();
        var spoilt = fields(1);
        for (Fault fault : faults) {
            new Fault(fault.what(), "device_id", fault.other(), fault.value()).spoil(spoilt);
        }
        DevicePage page = page(List.of(rows.get(0), json(spoilt), rows.get(2)));
        assertThat(page.size()).isEqualTo(3);
        assertThat(page.rows().size() + page.unusable() + page.unread().size()).isEqualTo(3);
        assertThat(page.rows()).contains(sound.get(0), sound.get(2));
    }

    private static boolean isAnObject(String json) throws IOException {
        try (JsonParser parser = Json.factory().createParser(json)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            parser.skipChildren();
            return object && parser.nextToken() == null;
        }
    }

    /** All values read of a row, by the API's names, except these fields and values computed from all fields. */
    private static Map<String, Object> read(DeviceRow row, Set<String> but) throws ReflectiveOperationException {
        Map<String, Object> read = new LinkedHashMap<>();
        for (RecordComponent component : DeviceRow.class.getRecordComponents()) {
            String field = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            boolean isComputed =
                    Set.of("json", "details", "lasting", "attribution", "shape").contains(field);
            if (!isComputed && !but.contains(field)) {
                read.put(field, component.getAccessor().invoke(row));
            }
        }
        return new HashMap<>(read);
    }

    private static Set<String> named(RowShape shape) {
        Set<String> named = new TreeSet<>(shape.missing());
        named.addAll(shape.unread());
        named.addAll(shape.unknown());
        named.addAll(shape.cut());
        named.remove("json");
        return named.stream().map(field -> field.replaceFirst("\\..*", "")).collect(Collectors.toSet());
    }
}
