package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.DeviceApps;
import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the API said, as the raw topics' records. */
final class RawRecords {
    private final String accountId;
    private final String sweepId;
    private final boolean baseline;

    RawRecords(String accountId, String sweepId, boolean baseline) {
        this.accountId = accountId;
        this.sweepId = sweepId;
        this.baseline = baseline;
    }

    RawDevice device(Decision.Device decision) {
        DeviceRow row = decision.row();
        var record = RawDevice.newBuilder()
                .setAccountId(accountId)
                .setDeviceId(row.deviceId())
                .setSweepId(sweepId)
                .setObservedAt(Instant.ofEpochMilli(row.observedAt()))
                .setBaseline(baseline || decision.owed())
                .setDeviceName(row.deviceName())
                .setSerialNumber(row.serialNumber())
                .setPlatform(row.platform())
                .setModel(row.model())
                .setOsVersion(row.osVersion())
                .setSupplementalBuildVersion(row.supplementalBuildVersion())
                .setSupplementalOsVersionExtra(row.supplementalOsVersionExtra())
                .setLostModeStatus(row.lostModeStatus())
                .setLastCheckIn(instant(row.lastCheckIn()))
                .setAssetTag(row.assetTag())
                .setBlueprintId(row.blueprintId())
                .setBlueprintName(row.blueprintName())
                .setMdmEnabled(row.mdmEnabled())
                .setAgentInstalled(row.agentInstalled())
                .setAgentVersion(row.agentVersion())
                .setIsMissing(row.isMissing())
                .setIsRemoved(row.isRemoved())
                .setFirstEnrollment(instant(row.firstEnrollment()))
                .setLastEnrollment(instant(row.lastEnrollment()))
                .setTags(row.tags())
                .setJson(row.json())
                .setKeptFields(List.copyOf(decision.kept()))
                .setUnreadFields(List.copyOf(row.shape().unread()))
                .setCutFields(List.copyOf(row.shape().cut()))
                .setReplacesDeviceId(decision.replaces());
        AssignedUser user = row.user();
        if (user != null) {
            record.setUserId(user.id())
                    .setUserEmail(user.email())
                    .setUserName(user.name())
                    .setUserArchived(user.archived());
        }
        return record.build();
    }

    /**
     * A tombstone, which says in its headers what a record says in its value.
     *
     * @param cause see {@link TombstoneHeaders#CAUSE}; null where there is none but the device's own end
     */
    ProducerRecord<String, byte[]> gone(String topic, String key, long observedAt, String cause) {
        var tombstone = new ProducerRecord<String, byte[]>(topic, key, null);
        tombstone.headers().add(TombstoneHeaders.SWEEP_ID, sweepId.getBytes(StandardCharsets.UTF_8));
        tombstone
                .headers()
                .add(TombstoneHeaders.OBSERVED_AT, String.valueOf(observedAt).getBytes(StandardCharsets.UTF_8));
        if (cause != null) {
            tombstone.headers().add(TombstoneHeaders.CAUSE, cause.getBytes(StandardCharsets.UTF_8));
        }
        return tombstone;
    }

    /** @return null in place of a value where everything is confirmed */
    Unconfirmed unconfirmed(String deviceId, dev.kandjistream.poller.domain.Unconfirmed unconfirmed, long startedAt) {
        return unconfirmed.reason() == null
                ? null
                : new Unconfirmed(
                        accountId,
                        deviceId,
                        sweepId,
                        unconfirmed.reason().name(),
                        List.copyOf(unconfirmed.fields()),
                        unconfirmed.detail(),
                        Instant.ofEpochMilli(startedAt));
    }

    RawDeviceApps apps(Decision.Apps decision) {
        DeviceApps apps = decision.apps();
        var rows = new ArrayList<RawApp>(apps.size());
        for (int row : apps.order()) {
            rows.add(app(apps.app(row), apps.createdAt(row), apps.updatedAt(row)));
        }
        // Not by builders, which copy and check each field: there are a million rows.
        return new RawDeviceApps(
                accountId,
                apps.deviceId(),
                sweepId,
                Instant.ofEpochMilli(apps.observedAt()),
                baseline || decision.owed(),
                instant(apps.collectedAt()),
                rows,
                apps.unreadRows(),
                decision.keepsRows());
    }

    private static RawApp app(App app, long createdAt, long updatedAt) {
        return new RawApp(
                app.name(),
                app.bundleId(),
                app.version(),
                app.shortVersion(),
                app.path(),
                app.bundleName(),
                app.bundleType(),
                app.developerName(),
                app.teamId(),
                app.obtainedFrom(),
                app.category(),
                instant(createdAt),
                instant(updatedAt),
                List.copyOf(app.shape().cut()),
                List.copyOf(app.shape().unread()));
    }

    private static Instant instant(long moment) {
        return moment == Moment.UNKNOWN ? null : Instant.ofEpochMilli(moment);
    }
}
