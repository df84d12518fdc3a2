package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;

/**
 * What a user's devices say together about one thing.
 *
 * @param devices how many there are; 0 where nothing is held any more
 * @param seats how many of them take a seat
 * @param deviceIds the {@link Holding#SHOWN} smallest
 * @param versions the {@link Holding#SHOWN} smallest distinct ones
 * @param firstSeenAt least of all; null where none tells
 * @param speaker whose word counts; null where there is no device
 */
public record Summary<F>(
        int devices,
        int seats,
        List<String> deviceIds,
        List<String> versions,
        Instant firstSeenAt,
        Speaker<F> speaker) {

    /** The device with the greatest (observed_at, device_id), and what it says. */
    public record Speaker<F>(String deviceId, Instant observedAt, Instant collectedAt, F facts) {
        static <F> Speaker<F> of(Contribution<F> contribution) {
            return new Speaker<>(
                    contribution.deviceId(),
                    contribution.observedAt(),
                    contribution.collectedAt(),
                    contribution.facts());
        }
    }

    public Summary {
        deviceIds = List.copyOf(deviceIds);
        versions = List.copyOf(versions);
    }

    static <F> Summary<F> nothing() {
        return new Summary<>(0, 0, List.of(), List.of(), null, null);
    }

    public boolean isEmpty() {
        return devices == 0;
    }
}
