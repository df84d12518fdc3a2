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
 * @param reEnrolled whether its first record, or the one with its first user, named a device id under which the hardware was
 *     enrolled before
 * @param fromBaseline whether the baseline may still add to the device what its records could not show so far, such as its
 *     user or platform: all its records belong to the baseline, and it has not changed hands
 */
public record Sighting(
        String sweepId,
        Instant observedAt,
        boolean removed,
        Device device,
        Instant publishedAt,
        boolean reEnrolled,
        boolean fromBaseline) {
    /** A check-in alone is told again after this long. */
    static final Duration QUIET = Duration.ofHours(24);

    /**
     * The device's first sighting, or the first since it was gone.
     *
     * @param firstEver whether no device record was seen before
     */
    static Sighting first(DeviceReading reading, boolean firstEver) {
        return new Sighting(
                reading.sweepId(),
                reading.observedAt(),
                reading.removed(),
                reading.device(),
                reading.observedAt(),
                reading.reEnrolled(),
                firstEver && reading.baseline());
    }

    public ReadingOrder order() {
        return new ReadingOrder(sweepId, observedAt);
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
                reEnrolled || reading.reEnrolled() && isFirstUser(next),
                completedBy(reading));
    }

    private boolean isFirstUser(Device next) {
        return !device.user().isAttributed() && next.user().isAttributed();
    }

    /** Whether the record adds to the baseline what the records before it could not show. */
    boolean completedBy(DeviceReading reading) {
        Attribution user = device.user();
        boolean sameHands =
                !user.isAttributed() || user.isSamePersonAs(reading.device().user());
        return fromBaseline && reading.baseline() && sameHands;
    }
}
