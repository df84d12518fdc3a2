package dev.kandjistream.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Applies the faults of one request to single rows, after they are rendered and before they are sent. The fleet and the
 * caches of rendered rows do not change. Use it while reading the fleet.
 */
final class RowFaults {
    private static final RowFaults NONE = new RowFaults(List.of());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param selected each selected device, with the one whose values it gets in a swap */
    private record Fault(Effect.OfDevices effect, Map<Device, Device> selected) {}

    private final List<Fault> faults;

    private RowFaults(List<Fault> faults) {
        this.faults = faults;
    }

    static RowFaults of(PageShape shape, Fleet fleet) {
        List<Effect.OfDevices> effects = shape.all(Effect.OfDevices.class);
        if (effects.isEmpty()) {
            return NONE;
        }
        List<Device> everyone = fleet.devices();
        return new RowFaults(effects.stream()
                .map(effect -> new Fault(effect, partners(effect.devices().of(everyone))))
                .toList());
    }

    private static Map<Device, Device> partners(List<Device> selected) {
        var partners = new IdentityHashMap<Device, Device>();
        for (int i = 0; i < selected.size(); i++) {
            partners.put(selected.get(i), selected.get((i + selected.size() / 2) % selected.size()));
        }
        return partners;
    }

    /** Whether rows can be sent as rendered. */
    boolean changeNoRow() {
        return faults.stream().noneMatch(fault -> fault.effect instanceof Effect.OfRow);
    }

    /** The rows without those of dropped devices. */
    <T> List<T> kept(List<T> rows, Function<T, Device> device) {
        List<Fault> drops = of(Effect.Drop.class);
        return drops.isEmpty()
                ? rows
                : rows.stream()
                        .filter(row -> drops.stream().noneMatch(drop -> drop.selected.containsKey(device.apply(row))))
                        .toList();
    }

    /** The app rows without those of dropped devices and without the end of partial lists. */
    List<AppRow> keptApps(List<AppRow> rows) {
        List<AppRow> kept = kept(rows, AppRow::device);
        for (Fault cut : of(Effect.PartialApps.class)) {
            int most = ((Effect.PartialApps) cut.effect).rows();
            var seen = new HashMap<Device, Integer>();
            kept = kept.stream()
                    .filter(row -> !cut.selected.containsKey(row.device())
                            || seen.merge(row.device(), 1, Integer::sum) <= most)
                    .toList();
        }
        return kept;
    }

    /** A list that was cut claims no total. */
    boolean cutApps() {
        return !of(Effect.PartialApps.class).isEmpty();
    }

    private List<Fault> of(Class<? extends Effect.OfDevices> kind) {
        return faults.stream().filter(fault -> kind.isInstance(fault.effect)).toList();
    }

    /**
     * The row with its faults.
     *
     * @param rendering of any device's row without faults; null if the device has none
     */
    byte[] changed(Device device, byte[] row, Function<Device, ObjectNode> rendering) {
        return faults.stream().anyMatch(fault -> fault.selected.containsKey(device))
                ? bytes(changed(device, tree(row), rendering))
                : row;
    }

    /** Like the other method, as a tree: an object, unless a fault changes that. */
    JsonNode changed(Device device, ObjectNode row, Function<Device, ObjectNode> rendering) {
        for (Fault fault : faults) {
            Device partner = fault.selected.get(device);
            if (partner == null) {
                continue;
            }
            if (fault.effect instanceof Effect.NoObject) {
                return TextNode.valueOf(device.id());
            }
            if (fault.effect instanceof Effect.LargeRow large) {
                row.put("unknown_field", "x".repeat(large.bytes()));
            } else if (fault.effect instanceof Effect.Field field) {
                change(row, field, field.change() == FieldChange.SWAP ? rendering.apply(partner) : null);
            }
        }
        return row;
    }

    private static void change(ObjectNode row, Effect.Field field, ObjectNode partner) {
        boolean swap = field.change() == FieldChange.SWAP;
        JsonNode to = swap ? partner == null ? null : parent(partner, field).get(field.key()) : field.to();
        ObjectNode parent = parent(row, field);
        boolean possible = swap ? to != null : parent.has(field.key()) || field.change() == FieldChange.SET;
        if (possible) {
            field.change().on(parent, field.key(), to);
        }
    }

    /** The object that has the field: the row, or its user. If the device has no user, an object that is not sent. */
    private static ObjectNode parent(ObjectNode row, Effect.Field field) {
        return !field.isOfUser()
                ? row
                : row.get("user") instanceof ObjectNode user ? user : JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode tree(byte[] row) {
        try {
            return (ObjectNode) JSON.readTree(row);
        } catch (IOException e) {
            throw new UncheckedIOException("A rendered row is not JSON", e);
        }
    }

    private static byte[] bytes(JsonNode row) {
        try {
            return JSON.writeValueAsBytes(row);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
    }
}
