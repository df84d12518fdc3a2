package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;

/**
 * What one device adds to something that a user's devices hold together: the user itself, or the use of one app.
 *
 * @param observedAt when the poller first saw the device say this
 * @param collectedAt when the device had reported it; null where unknown or without meaning
 * @param firstSeenAt null where unknown or without meaning
 * @param seats 1 where the device takes a seat, else 0
 * @param versions distinct, in text order
 */
public record Contribution<F>(
        String deviceId,
        Instant observedAt,
        Instant collectedAt,
        Instant firstSeenAt,
        int seats,
        List<String> versions,
        F facts) {

    public Contribution {
        versions = List.copyOf(versions);
    }

    /** Whose word counts where devices disagree: the greater (observed_at, device_id). */
    boolean speaksBefore(Instant otherObservedAt, String otherDeviceId) {
        int later = observedAt.compareTo(otherObservedAt);
        return later > 0 || (later == 0 && TextOrder.compare(deviceId, otherDeviceId) > 0);
    }
}
