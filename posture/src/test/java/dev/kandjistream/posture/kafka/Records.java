package dev.kandjistream.posture.kafka;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.time.Instant;
import java.util.List;

/** Values of the topics that the view reads. */
public final class Records {
    public static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private Records() {}

    public static RawDevice.Builder device(String account, String id, String serial) {
        return RawDevice.newBuilder()
                .setAccountId(account)
                .setDeviceId(id)
                .setSweepId("s1")
                .setObservedAt(NOW)
                .setBaseline(false)
                .setSerialNumber(serial)
                .setPlatform("Mac")
                .setIsRemoved(false)
                .setJson("{}");
    }

    public static Unconfirmed unconfirmed(String account, String id, String reason, List<String> fields) {
        return Unconfirmed.newBuilder()
                .setAccountId(account)
                .setDeviceId(id)
                .setSweepId("s1")
                .setReason(reason)
                .setFields(fields)
                .setSince(NOW)
                .build();
    }

    public static SweepReceipt receipt(
            String account, String kind, String connection, Instant completeAt, List<RawEndOffset> ends) {
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind(kind)
                .setSweepId("s1")
                .setStartedAt(NOW)
                .setFinishedAt(NOW)
                .setVerdict("COMPLETE")
                .setConnection(connection)
                .setRequests(1)
                .setPages(1)
                .setRows(1)
                .setDevices(1)
                .setPublished(1)
                .setUnchanged(0)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setLastCompleteAt(completeAt)
                .setConfirmedAt(completeAt)
                .setRawEndOffsets(ends)
                .build();
    }
}
