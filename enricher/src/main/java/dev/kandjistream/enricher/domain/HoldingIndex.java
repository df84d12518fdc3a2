package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * Where {@link ManyDevices} of one holding are spread out, in order. Every operation touches a bounded number of
 * entries.
 */
public interface HoldingIndex<F> {
    /** What the device says; null where it says nothing. */
    Contribution<F> device(String deviceId);

    void putDevice(Contribution<F> contribution);

    void removeDevice(String deviceId);

    /** The smallest device id greater than the given one; null where there is none. */
    String deviceAfter(String deviceId);

    /** How many devices have the version. */
    int devicesWith(String version);

    /** Zero forgets it. */
    void setDevicesWith(String version, int devices);

    /** The smallest version greater than the given one; null where there is none. */
    String versionAfter(String version);

    void addFirstSeen(Instant firstSeenAt, String deviceId);

    void removeFirstSeen(Instant firstSeenAt, String deviceId);

    /** The least time that is not before the given one; null where there is none. */
    Instant firstSeenFrom(Instant time);

    void addObserved(Instant observedAt, String deviceId);

    void removeObserved(Instant observedAt, String deviceId);

    /** The device with the greatest (observed_at, device_id) below the given pair; null where there is none. */
    String observedBefore(Instant observedAt, String deviceId);
}
