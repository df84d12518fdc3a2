package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads one row of the device list field by field, so that one bad value hides only itself. The row's
 * {@link RowShape} names the fields that are missing, unreadable, cut, or have an unknown word. Undocumented fields count
 * only in the fingerprint.
 */
final class DeviceRowReader {

    private static final long HOUR = 3_600_000;

    private final Map<DeviceField, Cell> cells = new EnumMap<>(DeviceField.class);
    private UserReader user;
    private long otherFields;

    private DeviceRowReader() {}

    /** Reads the object that starts at the parser's position, to its end. */
    static DeviceRowReader read(JsonParser parser) throws IOException {
        var row = new DeviceRowReader();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            DeviceField field = DeviceField.of(name);
            parser.nextToken();
            if (field == null) {
                row.otherFields += DevicePrint.field(name, DevicePrint.value(parser));
            } else {
                row.add(field, parser);
            }
        }
        return row;
    }

    private void add(DeviceField field, JsonParser parser) throws IOException {
        switch (field.kind()) {
            case TEXT -> add(field, Cell.text(parser, Cell.LONGEST_TEXT));
            case SERIAL_NUMBER -> add(field, Cell.serialNumber(parser));
            case FLAG -> add(field, Cell.flag(parser));
            case TIME -> add(field, Cell.time(parser));
            case TAGS -> add(field, Cell.tags(parser));
            case USER -> {
                UserReader read = UserReader.read(parser);
                user = user == null ? read : user.again(read);
                cells.put(field, user.cell());
            }
        }
    }

    private void add(DeviceField field, Cell cell) {
        cells.merge(field, cell, Cell::again);
    }

    /**
     * Whether the device id is the only usable field. An empty field is readable: a row whose fields are all empty is read.
     */
    boolean isUnread() {
        return cells.values().stream().noneMatch(Cell::readable);
    }

    /** The reason for {@link #isUnread}. */
    String whyUnread() {
        return cells.isEmpty()
                ? "its row has only the device id of the documented fields"
                : "only the device id of its row can be read";
    }

    /**
     * The row.
     *
     * @param json as received, or its excerpt
     * @param jsonCut whether it is an excerpt
     */
    DeviceRow row(String deviceId, String json, boolean jsonCut, long observedAt) {
        long lasting = lasting();
        return new DeviceRow(
                deviceId,
                text(DeviceField.DEVICE_NAME),
                text(DeviceField.SERIAL_NUMBER),
                text(DeviceField.PLATFORM),
                text(DeviceField.MODEL),
                text(DeviceField.OS_VERSION),
                text(DeviceField.SUPPLEMENTAL_BUILD_VERSION),
                text(DeviceField.SUPPLEMENTAL_OS_VERSION_EXTRA),
                text(DeviceField.LOST_MODE_STATUS),
                time(DeviceField.LAST_CHECK_IN),
                (AssignedUser) value(DeviceField.USER),
                text(DeviceField.ASSET_TAG),
                text(DeviceField.BLUEPRINT_ID),
                text(DeviceField.BLUEPRINT_NAME),
                flag(DeviceField.MDM_ENABLED),
                flag(DeviceField.AGENT_INSTALLED),
                text(DeviceField.AGENT_VERSION),
                flag(DeviceField.IS_MISSING),
                flag(DeviceField.IS_REMOVED),
                time(DeviceField.FIRST_ENROLLMENT),
                time(DeviceField.LAST_ENROLLMENT),
                tags(),
                json,
                Fingerprint.mix(lasting + checkIn()),
                Fingerprint.mix(lasting),
                attribution(),
                observedAt,
                shape(jsonCut));
    }

    private Object value(DeviceField field) {
        Cell cell = cells.get(field);
        return cell == null ? null : cell.value();
    }

    private String text(DeviceField field) {
        return (String) value(field);
    }

    private Boolean flag(DeviceField field) {
        return (Boolean) value(field);
    }

    private long time(DeviceField field) {
        return value(field) instanceof Long moment ? moment : Moment.UNKNOWN;
    }

    @SuppressWarnings("unchecked")
    private List<String> tags() {
        return value(DeviceField.TAGS) instanceof List<?> tags ? (List<String>) tags : List.of();
    }

    /** Of all fields but the attribution and the check-in. See {@link DeviceRow#lasting}. */
    private long lasting() {
        long sum = otherFields;
        for (var cell : cells.entrySet()) {
            sum += switch (cell.getKey()) {
                case USER, IS_REMOVED, LAST_CHECK_IN -> 0;
                default ->
                    DevicePrint.field(cell.getKey().word(), cell.getValue().print());
            };
        }
        return sum;
    }

    /** A check-in is reported all the time; only its hour is worth a record. */
    private long checkIn() {
        Cell cell = cells.get(DeviceField.LAST_CHECK_IN);
        if (cell == null) {
            return 0;
        }
        return DevicePrint.field(
                DeviceField.LAST_CHECK_IN.word(),
                cell.value() instanceof Long moment ? Fingerprint.mix(Math.floorDiv(moment, HOUR)) : cell.print());
    }

    /** See {@link DeviceRow#attribution}. */
    private long attribution() {
        Cell assigned = cells.get(DeviceField.USER);
        return Fingerprint.ordered(assigned == null ? Fingerprint.NOTHING : assigned.print(), removedPrint());
    }

    private long removedPrint() {
        Cell removed = cells.get(DeviceField.IS_REMOVED);
        if (removed == null) {
            return 0;
        }
        long flag = Boolean.TRUE.equals(removed.value()) ? 1 : 0;
        return removed.readable() ? flag : removed.print();
    }

    private RowShape shape(boolean jsonCut) {
        var shape = new Shape();
        for (DeviceField field : DeviceField.values()) {
            if (field.isInEveryRow() || cells.containsKey(field)) {
                shape.note(field.word(), cells.get(field));
            }
        }
        if (user != null && user.hasParts()) {
            for (UserReader.Part part : UserReader.Part.values()) {
                shape.note(DeviceField.USER.word() + "." + part.word(), user.part(part));
            }
        }
        if (text(DeviceField.PLATFORM) != null && !DeviceRow.PLATFORMS.contains(text(DeviceField.PLATFORM))) {
            shape.unknown.add(DeviceField.PLATFORM.word());
        }
        if (jsonCut) {
            shape.cut.add("json");
        }
        return shape.whole();
    }

    private static final class Shape {
        private final Set<String> missing = new TreeSet<>();
        private final Set<String> unread = new TreeSet<>();
        private final Set<String> unknown = new TreeSet<>();
        private final Set<String> cut = new TreeSet<>();

        void note(String field, Cell cell) {
            if (cell == null) {
                missing.add(field);
            } else if (!cell.readable()) {
                unread.add(field);
            } else if (cell.cut()) {
                cut.add(field);
            }
        }

        RowShape whole() {
            boolean full = missing.isEmpty() && unread.isEmpty() && unknown.isEmpty() && cut.isEmpty();
            return full ? RowShape.FULL : new RowShape(missing, unread, unknown, cut);
        }
    }
}
