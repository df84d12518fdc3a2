package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which device ids of one account are the same hardware: they have the same real serial number and the same user. Hardware
 * that is enrolled again gets a new id, and the old one leaves the list sooner or later. Built only when it is asked.
 */
final class SameHardware {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    private Map<String, List<Known>> known;
    private Map<String, List<DeviceRow>> listed;

    private record Known(String deviceId, AssignedUser holder) {}

    SameHardware(Ledger ledger, DevicesSweep sweep) {
        this.ledger = ledger;
        this.sweep = sweep;
    }

    /** @return the id under which the row's hardware is published already, for the same user; null where there is none */
    String replacedBy(DeviceRow row) {
        String serial = real(row.serialNumber());
        if (serial == null || !row.attributed()) {
            return null;
        }
        if (known == null) {
            known = new HashMap<>();
            for (var bucket : ledger.buckets()) {
                bucket.forEach(this::index);
            }
        }
        return known.getOrDefault(serial, List.of()).stream()
                .filter(other -> !other.deviceId().equals(row.deviceId()))
                .filter(other -> other.holder().isSamePersonAs(row.user()))
                .map(Known::deviceId)
                .min(String::compareTo)
                .orElse(null);
    }

    private void index(String deviceId, LedgerEntry entry) {
        DeviceMemory memory = entry.device();
        String serial = memory == null || memory.holder() == null ? null : real(memory.serial());
        if (serial != null) {
            known.computeIfAbsent(serial, key -> new ArrayList<>(1)).add(new Known(deviceId, memory.holder()));
        }
    }

    /** Whether this sweep lists the hardware of a device under another id, for the user that it is published with. */
    boolean isListedAgain(String deviceId, DeviceMemory memory) {
        String serial = memory.holder() == null ? null : real(memory.serial());
        if (serial == null) {
            return false;
        }
        if (listed == null) {
            listed = new HashMap<>();
            for (DeviceRow row : sweep.rows()) {
                String rowSerial = row.attributed() ? real(row.serialNumber()) : null;
                if (rowSerial != null) {
                    listed.computeIfAbsent(rowSerial, key -> new ArrayList<>(1)).add(row);
                }
            }
        }
        return listed.getOrDefault(serial, List.of()).stream()
                .anyMatch(row ->
                        !row.deviceId().equals(deviceId) && memory.holder().isSamePersonAs(row.user()));
    }

    private String real(String serial) {
        return serial == null ? null : sweep.realSerial().apply(serial);
    }
}
