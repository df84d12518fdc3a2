package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * App rows that faults change, as CSV: rendered at once, one line each. A column exists if any row has the field. So a field
 * that all rows lose is a missing column, and a field that some rows lose is empty in those rows. A field cannot come twice.
 */
final class ChangedExportFile implements ExportFile {
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<byte[]> lines;

    /** Call it while reading the fleet. */
    ChangedExportFile(List<AppRow> rows, TenantForm form, boolean withUsers, RowFaults faults) {
        var changed = new ArrayList<JsonNode>();
        for (AppRow row : rows) {
            changed.add(faults.changed(
                    row.device(), object(row, form, withUsers), device -> ofFirst(device, form, withUsers)));
        }
        changed.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
        if (columns.isEmpty()) {
            PrismColumn.all().forEach(column -> columns.add(column.name()));
        }
        lines = changed.stream().map(row -> line(row, form)).toList();
    }

    private static ObjectNode ofFirst(Device device, TenantForm form, boolean withUsers) {
        return device.rows().isEmpty() ? null : object(device.rows().get(0), form, withUsers);
    }

    private static ObjectNode object(AppRow row, TenantForm form, boolean withUsers) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        PrismColumn.all().forEach(column -> object.set(column.name(), value(column.shown(row, form, withUsers))));
        return object;
    }

    private static JsonNode value(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        if (value instanceof Long number) {
            return nodes.numberNode(number);
        }
        return value == null ? nodes.nullNode() : nodes.textNode(value.toString());
    }

    private byte[] line(JsonNode row, TenantForm form) {
        List<String> fields =
                columns.stream().map(column -> text(row.path(column), form)).toList();
        return bytes(Csv.line(fields));
    }

    private static String text(JsonNode value, TenantForm form) {
        if (value.isBoolean()) {
            return ExportFile.text(value.booleanValue(), form);
        }
        return value.isContainerNode() ? value.toString() : value.isNull() ? "" : value.asText();
    }

    private static byte[] bytes(String line) {
        return (line + Csv.END_OF_LINE).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int rows() {
        return lines.size();
    }

    @Override
    public void writeNames(PageBytes bytes) {
        bytes.add(bytes(Csv.line(List.copyOf(columns))));
    }

    @Override
    public void write(int row, PageBytes bytes) {
        bytes.add(lines.get(row));
    }
}
