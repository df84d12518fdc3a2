package dev.kandjistream.enricher.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * A device as its list last told it, and as it is published.
 *
 * @param observedAt when the poller read it
 * @param removed Kandji's {@code is_removed}
 * @param device as published; its last check-in may be older than the one last read, see {@link #QUIET}
 * @param publishedAt observation time of what was last published of it
 * @param reEnrolled whether its first record named a device id under which the hardware was enrolled before
 */
public record Sighting(
        String sweepId, Instant observedAt, boolean removed, Device device, Instant publishedAt, boolean reEnrolled) {
    /** A check-in alone is told again after this long. */
    static final Duration QUIET = Duration.ofHours(24);

    static Sighting first(DeviceReading reading) {
        return new Sighting(
                reading.sweepId(),
                reading.observedAt(),
                reading.removed(),
                reading.device(),
                reading.observedAt(),
                reading.reEnrolled());
    }

    /** Cause of the device's beginning. Its first apps have the same cause, even if they come much later. */
    Cause enrolment() {
        return reEnrolled ? Cause.DEVICE_REENROLLED : Cause.DEVICE_ENROLLED;
    }

    Sighting followedBy(DeviceReading reading) {
        Device next = reading.device();
        boolean quiet = reading.observedAt().isBefore(publishedAt.plus(QUIET));
        if (quiet && next.isButSeenAgain(device)) {
            next = device;
        }
        return new Sighting(
                reading.sweepId(),
                reading.observedAt(),
                reading.removed(),
                next,
                next.equals(device) ? publishedAt : reading.observedAt(),
                reEnrolled);
    }
}
