package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Person;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Device rows, and the apps of one device, as JSON. */
final class DeviceJson {
    /** All fields that a row can have, parts of the user after a dot. */
    static final Set<String> FIELDS = Set.of(
            "device_id",
            "device_name",
            "model",
            "serial_number",
            "platform",
            "os_version",
            "supplemental_build_version",
            "supplemental_os_version_extra",
            "last_check_in",
            "user",
            "user.email",
            "user.name",
            "user.id",
            "user.is_archived",
            "asset_tag",
            "blueprint_id",
            "mdm_enabled",
            "agent_installed",
            "is_missing",
            "is_removed",
            "agent_version",
            "first_enrollment",
            "last_enrollment",
            "blueprint_name",
            "lost_mode_status",
            "tags",
            "android_enrollment_type",
            "windows_edition");

    private static final JsonFactory JSON = new JsonFactory();

    private final TenantForm form;
    private final boolean mixedPlatforms;

    /** @param mixedPlatforms whether rows carry the fields of other platforms, blank on Apple's */
    DeviceJson(TenantForm form, boolean mixedPlatforms) {
        this.form = form;
        this.mixedPlatforms = mixedPlatforms;
    }

    byte[] rows(List<Device> devices, boolean withUsers, RowFaults faults) {
        return written(json -> {
            json.writeStartArray();
            for (Device device : devices) {
                if (faults.changeNoRow()) {
                    row(device, withUsers, json);
                } else {
                    json.writeRawValue(new String(row(device, withUsers, faults), StandardCharsets.UTF_8));
                }
            }
            json.writeEndArray();
        });
    }

    byte[] row(Device device, boolean withUser, RowFaults faults) {
        byte[] row = written(json -> row(device, withUser, json));
        return faults.changeNoRow()
                ? row
                : faults.changed(device, row, one -> RowFaults.tree(written(json -> row(one, withUser, json))));
    }

    private void row(Device device, boolean withUser, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("device_id", device.id());
        json.writeStringField("device_name", device.name());
        json.writeStringField("model", device.hardware().model());
        json.writeStringField("serial_number", device.hardware().serial());
        json.writeStringField("platform", device.platform().word());
        json.writeStringField("os_version", device.osVersion());
        if (form.newer()) {
            json.writeStringField("supplemental_build_version", "");
            json.writeStringField("supplemental_os_version_extra", "");
        }
        json.writeStringField("last_check_in", ApiTimes.checkIn(device.lastCheckIn()));
        user(withUser ? device.person() : null, json);
        json.writeStringField("asset_tag", device.assetTag());
        json.writeStringField("blueprint_id", device.blueprint().id());
        json.writeBooleanField("mdm_enabled", device.mdmEnabled());
        json.writeBooleanField("agent_installed", !device.agentVersion().isEmpty());
        json.writeBooleanField("is_missing", device.missing());
        json.writeBooleanField("is_removed", device.removed());
        json.writeStringField("agent_version", device.agentVersion());
        json.writeStringField("first_enrollment", ApiTimes.enrolment(device.firstEnrolledAt()));
        json.writeStringField("last_enrollment", ApiTimes.enrolment(device.lastEnrolledAt()));
        json.writeStringField("blueprint_name", device.blueprint().name());
        if (form.newer()) {
            json.writeStringField("lost_mode_status", "");
            json.writeFieldName("tags");
            json.writeArray(
                    device.tags().toArray(String[]::new), 0, device.tags().size());
        }
        if (mixedPlatforms) {
            json.writeStringField("android_enrollment_type", "");
            json.writeStringField("windows_edition", "");
        }
        json.writeEndObject();
    }

    private void user(Person person, JsonGenerator json) throws IOException {
        if (person == null) {
            json.writeStringField("user", "");
            return;
        }
        json.writeObjectFieldStart("user");
        json.writeStringField("email", person.email());
        json.writeStringField("name", person.name());
        if (person.id() == null) {
            json.writeNullField("id");
        } else if (form.newer()) {
            json.writeStringField("id", person.id());
        } else {
            json.writeNumberField("id", Long.parseLong(person.id()));
        }
        json.writeBooleanField("is_archived", person.archived());
        json.writeEndObject();
    }

    /** Every value is text here, and apps are numbered anew each time. Apple's own are not told of phones. */
    byte[] apps(Device device) {
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("device_id", device.id());
            json.writeArrayFieldStart("apps");
            int number = 1;
            for (AppRow row : device.rows()) {
                app(row, number++, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void app(AppRow row, int number, JsonGenerator json) throws IOException {
        boolean phone = row.app().path() == null;
        json.writeStartObject();
        json.writeStringField("app_name", text(row.app().name()));
        json.writeStringField(
                "app_id", phone ? "0000000%d-0000-4000-8000-000000000000".formatted(number % 10) : "" + number);
        json.writeStringField("bundle_id", text(row.app().bundleId()));
        json.writeStringField("bundle_size", phone ? "52428800" : "");
        json.writeStringField("version", text(row.app().version()));
        json.writeStringField("path", text(row.app().path()));
        json.writeStringField("source", text(row.app().publisher().obtainedFrom()));
        json.writeStringField("process", text(row.app().bundleName()));
        json.writeStringField("signature", text(row.app().publisher().teamId()));
        json.writeStringField("creation_date", ApiTimes.checkIn(row.createdAt()));
        json.writeStringField("modification_date", ApiTimes.checkIn(row.updatedAt()));
        json.writeStringField("app_store_vendable", phone ? "True" : "");
        json.writeEndObject();
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream(64 * 1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
