package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.AppRow;
import dev.kandjistream.enricher.domain.AppsReading;
import dev.kandjistream.enricher.domain.Attribution;
import dev.kandjistream.enricher.domain.Cause;
import dev.kandjistream.enricher.domain.Device;
import dev.kandjistream.enricher.domain.DeviceReading;
import dev.kandjistream.enricher.domain.Disappearance;
import dev.kandjistream.enricher.stream.UnreadableRecordException.Fault;
import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;

/** Raw records as the domain reads them. */
final class RawReader {
    /** Causes in tombstone headers. A missing cause, or one of a later version, counts as DEVICE_REMOVED. */
    private static final Map<String, Cause> CAUSES = Map.of(
            TombstoneHeaders.ACCOUNT_REMOVED, Cause.ACCOUNT_REMOVED,
            TombstoneHeaders.DEVICE_REENROLLED, Cause.DEVICE_REENROLLED);

    private final Deserializer<RawDevice> devices;
    private final Deserializer<RawDeviceApps> apps;
    private final String devicesTopic;
    private final String appsTopic;

    RawReader(Topics topics, ValueFormat format) {
        devices = format.deserializer(topics.rawDevices());
        apps = format.deserializer(topics.rawApps());
        devicesTopic = topics.rawDevices().name();
        appsTopic = topics.rawApps().name();
    }

    /** Account and device of a raw record's key. */
    record DeviceKey(String accountId, String deviceId) {}

    /** @throws UnreadableRecordException where the key is not account/device_id */
    DeviceKey key(byte[] key) {
        if (key == null) {
            throw new UnreadableRecordException(Fault.KEY, "Expected key account/device_id, found no key");
        }
        List<String> segments;
        try {
            segments = Keys.split(new String(key, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(Fault.KEY, "Expected key account/device_id, found broken encoding", e);
        }
        if (segments.size() != 2 || segments.get(0).isBlank() || segments.get(1).isBlank()) {
            throw new UnreadableRecordException(
                    Fault.KEY, "Expected key account/device_id, found " + segments.size() + " segments");
        }
        return new DeviceKey(segments.get(0), segments.get(1));
    }

    /** @throws UnreadableRecordException where nothing can be made of the value */
    DeviceReading device(byte[] value, DeviceKey key) {
        RawDevice raw = read(devices, devicesTopic, value);
        check(key, raw.getAccountId(), raw.getDeviceId(), raw.getSweepId());
        boolean removed = Boolean.TRUE.equals(raw.getIsRemoved());
        return new DeviceReading(
                raw.getSweepId(),
                raw.getObservedAt(),
                raw.getBaseline(),
                removed,
                device(raw, removed),
                raw.getReplacesDeviceId() != null && !raw.getReplacesDeviceId().isBlank());
    }

    /** @throws UnreadableRecordException where nothing can be made of the value */
    AppsReading apps(byte[] value, DeviceKey key) {
        RawDeviceApps raw = read(apps, appsTopic, value);
        check(key, raw.getAccountId(), raw.getDeviceId(), raw.getSweepId());
        var rows = new ArrayList<AppRow>(raw.getApps().size());
        for (RawApp app : raw.getApps()) {
            rows.add(row(app));
        }
        return new AppsReading(
                raw.getSweepId(),
                raw.getObservedAt(),
                raw.getBaseline(),
                raw.getCollectedAt(),
                rows,
                raw.getKeepsRows());
    }

    /** What a null record says. Without headers its timestamp, the wall clock of publishing, is the nearest known time. */
    Disappearance disappearance(Record<byte[], byte[]> record) {
        String named = header(record.headers(), TombstoneHeaders.SWEEP_ID);
        String sweepId = named == null || named.isBlank() ? null : named;
        String observedAt = header(record.headers(), TombstoneHeaders.OBSERVED_AT);
        try {
            long millis = observedAt == null ? record.timestamp() : Long.parseLong(observedAt);
            String cause = header(record.headers(), TombstoneHeaders.CAUSE);
            return new Disappearance(
                    sweepId,
                    Instant.ofEpochMilli(millis),
                    cause == null ? Cause.DEVICE_REMOVED : CAUSES.getOrDefault(cause, Cause.DEVICE_REMOVED));
        } catch (NumberFormatException e) {
            throw new UnreadableRecordException(
                    Fault.CONTENT,
                    "Expected milliseconds in header " + TombstoneHeaders.OBSERVED_AT + ", found other text",
                    e);
        }
    }

    private static <V> V read(Deserializer<V> deserializer, String topic, byte[] value) {
        try {
            return deserializer.deserialize(topic, value);
        } catch (SerializationException e) {
            // Anything else is no fault of the record, but of the set-up: it would make every record a dead letter.
            throw new UnreadableRecordException(
                    Fault.VALUE, "Expected a value of the topic's schema, found: " + e.getMessage(), e);
        }
    }

    private static void check(DeviceKey key, String accountId, String deviceId, String sweepId) {
        if (!key.accountId().equals(accountId) || !key.deviceId().equals(deviceId)) {
            throw new UnreadableRecordException(
                    Fault.CONTENT, "Expected a value about the device of the key, found one about another");
        }
        if (sweepId.isBlank()) {
            throw new UnreadableRecordException(Fault.CONTENT, "Expected a sweep_id, found a blank one");
        }
    }

    private static Device device(RawDevice raw, boolean removed) {
        return new Device(
                SerialNumbers.normal(raw.getSerialNumber()),
                raw.getDeviceName(),
                raw.getPlatform(),
                raw.getModel(),
                raw.getOsVersion(),
                raw.getMdmEnabled(),
                raw.getAgentInstalled(),
                raw.getAgentVersion(),
                raw.getIsMissing(),
                raw.getLostModeStatus(),
                raw.getBlueprintId(),
                raw.getBlueprintName(),
                raw.getAssetTag(),
                raw.getTags(),
                Attribution.of(raw.getUserId(), raw.getUserEmail(), raw.getUserName(), raw.getUserArchived(), removed),
                raw.getLastCheckIn(),
                raw.getFirstEnrollment(),
                raw.getLastEnrollment());
    }

    private static AppRow row(RawApp app) {
        return new AppRow(
                app.getName(),
                app.getBundleId(),
                app.getVersion(),
                app.getPath(),
                app.getBundleName(),
                app.getDeveloperName(),
                app.getTeamId(),
                app.getObtainedFrom(),
                app.getCategory(),
                app.getCreatedAt());
    }

    private static String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
