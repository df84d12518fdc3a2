package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Micros;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes app rows as JSON from parts that are rendered once: the device's columns, the app's columns, and only the row's
 * three times anew. That is what makes hundreds of pages a second cheap.
 */
final class PrismRows {
    private static final byte[] CREATED = ",\"created_at\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPDATED = ",\"updated_at\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHANGED = ",\"last_changed_at\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private record DevicePart(long revision, boolean withUser, byte[] json) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final TenantForm form;
    private final Map<App, byte[]> apps = new ConcurrentHashMap<>();
    private final Map<Device, DevicePart> devices = new WeakHashMap<>();

    PrismRows(TenantForm form) {
        this.form = form;
    }

    /** One row, braces included. Call it inside the fleet's reading. */
    void write(AppRow row, boolean withUser, PageBytes page) {
        byte[] device = devicePart(row, withUser);
        byte[] app = apps.computeIfAbsent(row.app(), any -> render(PrismColumn.OF_APP, row, true));
        page.add('{').add(device);
        page.add(CREATED).addTime(row.createdAt());
        page.add(UPDATED).addTime(row.updatedAt()).add(CHANGED);
        if (row.changedAt() == Micros.NEVER) {
            page.add(NULL);
        } else {
            page.addTime(row.changedAt());
        }
        page.add(',').add(app).add('}');
    }

    /** One row with its faults. Call it while reading the fleet. */
    byte[] changed(AppRow row, boolean withUser, RowFaults faults) {
        return faults.changed(row.device(), written(row, withUser), device -> ofFirst(device, withUser));
    }

    /** Null if the device has no app row. */
    private ObjectNode ofFirst(Device device, boolean withUser) {
        return device.rows().isEmpty()
                ? null
                : RowFaults.tree(written(device.rows().get(0), withUser));
    }

    private byte[] written(AppRow row, boolean withUser) {
        var bytes = new PageBytes(2048);
        write(row, withUser, bytes);
        return bytes.toBytes();
    }

    private byte[] devicePart(AppRow row, boolean withUser) {
        synchronized (devices) {
            DevicePart known = devices.get(row.device());
            if (known == null || known.revision != row.device().revision() || known.withUser != withUser) {
                known = new DevicePart(row.device().revision(), withUser, render(PrismColumn.OF_DEVICE, row, withUser));
                devices.put(row.device(), known);
            }
            return known.json;
        }
    }

    /** The columns as JSON without the braces around them. */
    private byte[] render(List<PrismColumn> columns, AppRow row, boolean withUser) {
        ObjectNode json = mapper.createObjectNode();
        for (PrismColumn column : columns) {
            json.putPOJO(column.name(), column.shown(row, form, withUser));
        }
        try {
            byte[] bytes = mapper.writeValueAsBytes(json);
            return Arrays.copyOfRange(bytes, 1, bytes.length - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
