package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Change;
import dev.kandjistream.enricher.domain.Device;
import dev.kandjistream.enricher.domain.DeviceOutcome.Unattributed;
import dev.kandjistream.enricher.domain.Evidence;
import dev.kandjistream.enricher.domain.License;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import org.apache.kafka.common.serialization.Serializer;

/** What is told of a device: as a device, as a seat, among the unattributed. */
final class DeviceEvents {
    private final EventOutlet outlet;
    private final Topic<dev.kandjistream.devices.Envelope> devices;
    private final Topic<dev.kandjistream.licenses.Envelope> licenses;
    private final Topic<dev.kandjistream.devices.Device> unattributed;
    private final Serializer<dev.kandjistream.devices.Envelope> deviceFormat;
    private final Serializer<dev.kandjistream.licenses.Envelope> licenseFormat;
    private final Serializer<dev.kandjistream.devices.Device> unattributedFormat;

    DeviceEvents(EventOutlet outlet, Topics topics, ValueFormat format) {
        this.outlet = outlet;
        devices = topics.devices();
        licenses = topics.licenses();
        unattributed = topics.unattributed();
        deviceFormat = format.serializer(devices);
        licenseFormat = format.serializer(licenses);
        unattributedFormat = format.serializer(unattributed);
    }

    void device(byte[] key, Change<Device> change, Evidence evidence) {
        var after = device(change.after(), evidence);
        var frame = outlet.frame(devices, key, change, evidence, after);
        var envelope = new dev.kandjistream.devices.Envelope(
                device(change.before(), evidence),
                after,
                frame.op(),
                frame.tsMs(),
                frame.source(),
                frame.eventId(),
                frame.eventType(),
                frame.cause(),
                null,
                frame.observedAt());
        outlet.send(EnricherTopology.DEVICES, devices, deviceFormat, key, envelope, frame, change, evidence);
    }

    void license(byte[] key, Change<License> change, Evidence evidence) {
        var after = license(change.after(), evidence);
        var frame = outlet.frame(licenses, key, change, evidence, after);
        var envelope = new dev.kandjistream.licenses.Envelope(
                license(change.before(), evidence),
                after,
                frame.op(),
                frame.tsMs(),
                frame.source(),
                frame.eventId(),
                frame.eventType(),
                frame.cause(),
                null,
                frame.observedAt());
        outlet.send(EnricherTopology.LICENSES, licenses, licenseFormat, key, envelope, frame, change, evidence);
    }

    void unattributed(byte[] key, Unattributed now, Evidence evidence) {
        dev.kandjistream.devices.Device device = device(now.device(), evidence);
        byte[] value = unattributedFormat.serialize(unattributed.name(), device);
        outlet.state(EnricherTopology.UNATTRIBUTED, unattributed, key, value);
    }

    private static dev.kandjistream.devices.Device device(Device device, Evidence evidence) {
        return device == null
                ? null
                : new dev.kandjistream.devices.Device(
                        evidence.accountId(),
                        evidence.deviceId(),
                        device.serialNumber(),
                        device.deviceName(),
                        device.platform(),
                        device.model(),
                        device.osVersion(),
                        device.mdmEnabled(),
                        device.agentInstalled(),
                        device.agentVersion(),
                        device.isMissing(),
                        device.lostModeStatus(),
                        device.blueprintId(),
                        device.blueprintName(),
                        device.assetTag(),
                        device.tags(),
                        device.user().userId(),
                        device.user().email(),
                        device.user().name(),
                        device.user().archived(),
                        device.lastCheckIn(),
                        device.firstEnrolledAt(),
                        device.lastEnrolledAt());
    }

    private static dev.kandjistream.licenses.License license(License license, Evidence evidence) {
        return license == null
                ? null
                : new dev.kandjistream.licenses.License(
                        evidence.accountId(),
                        evidence.deviceId(),
                        license.licenseType(),
                        license.serialNumber(),
                        license.deviceName(),
                        license.user().userId(),
                        license.user().email(),
                        license.user().name(),
                        UserEvents.status(Boolean.TRUE.equals(license.user().archived())),
                        license.assignedAt());
    }
}
