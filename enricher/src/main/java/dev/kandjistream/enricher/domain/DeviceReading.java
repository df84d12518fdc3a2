package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * One raw device record.
 *
 * @param observedAt when the poller read it
 * @param baseline whether it belongs to the account's first complete sweep of devices
 * @param removed Kandji's {@code is_removed}
 * @param reEnrolled whether the record names a device id under which the hardware was enrolled before
 */
public record DeviceReading(
        String sweepId, Instant observedAt, boolean baseline, boolean removed, Device device, boolean reEnrolled) {
    public ReadingOrder order() {
        return new ReadingOrder(sweepId, observedAt);
    }
}
