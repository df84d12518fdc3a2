package dev.kandjistream.kandji.http;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The documented fields of a device row, the device id apart. */
enum DeviceField {
    DEVICE_NAME("device_name", Kind.TEXT),
    SERIAL_NUMBER("serial_number", Kind.SERIAL_NUMBER),
    PLATFORM("platform", Kind.TEXT),
    MODEL("model", Kind.TEXT),
    OS_VERSION("os_version", Kind.TEXT),
    SUPPLEMENTAL_BUILD_VERSION("supplemental_build_version", Kind.TEXT),
    SUPPLEMENTAL_OS_VERSION_EXTRA("supplemental_os_version_extra", Kind.TEXT),
    LOST_MODE_STATUS("lost_mode_status", Kind.TEXT),
    LAST_CHECK_IN("last_check_in", Kind.TIME),
    USER("user", Kind.USER),
    ASSET_TAG("asset_tag", Kind.TEXT),
    BLUEPRINT_ID("blueprint_id", Kind.TEXT),
    BLUEPRINT_NAME("blueprint_name", Kind.TEXT),
    MDM_ENABLED("mdm_enabled", Kind.FLAG),
    AGENT_INSTALLED("agent_installed", Kind.FLAG),
    AGENT_VERSION("agent_version", Kind.TEXT),
    IS_MISSING("is_missing", Kind.FLAG),
    IS_REMOVED("is_removed", Kind.FLAG),
    FIRST_ENROLLMENT("first_enrollment", Kind.TIME),
    LAST_ENROLLMENT("last_enrollment", Kind.TIME),
    TAGS("tags", Kind.TAGS);

    private static final Map<String, DeviceField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(DeviceField::word, Function.identity()));

    private final String word;
    private final Kind kind;

    /** Types of a field's value. */
    enum Kind {
        TEXT,
        SERIAL_NUMBER,
        FLAG,
        TIME,
        TAGS,
        USER
    }

    DeviceField(String word, Kind kind) {
        this.word = word;
        this.kind = kind;
    }

    /** @return null if the field is not documented */
    static DeviceField of(String name) {
        return BY_NAME.get(name);
    }

    /** Name in the API. */
    String word() {
        return word;
    }

    Kind kind() {
        return kind;
    }

    /** Whether every row has it. Rows of older tenants lack the other fields (recorded). */
    boolean isInEveryRow() {
        return switch (this) {
            case SUPPLEMENTAL_BUILD_VERSION, SUPPLEMENTAL_OS_VERSION_EXTRA, LOST_MODE_STATUS -> false;
            default -> true;
        };
    }
}
