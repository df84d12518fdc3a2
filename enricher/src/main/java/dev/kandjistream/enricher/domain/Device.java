package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a device, one to one as published. Account and device id are its key, held elsewhere. Everything may
 * be null but {@code tags} and {@code user}.
 */
public record Device(
        String serialNumber,
        String deviceName,
        String platform,
        String model,
        String osVersion,
        Boolean mdmEnabled,
        Boolean agentInstalled,
        String agentVersion,
        Boolean isMissing,
        String lostModeStatus,
        String blueprintId,
        String blueprintName,
        String assetTag,
        List<String> tags,
        Attribution user,
        Instant lastCheckIn,
        Instant firstEnrolledAt,
        Instant lastEnrolledAt) {

    public Device {
        tags = List.copyOf(tags);
    }

    /** This device, last checked in at another time. */
    Device checkedInAt(Instant time) {
        return new Device(
                serialNumber,
                deviceName,
                platform,
                model,
                osVersion,
                mdmEnabled,
                agentInstalled,
                agentVersion,
                isMissing,
                lostModeStatus,
                blueprintId,
                blueprintName,
                assetTag,
                tags,
                user,
                time,
                firstEnrolledAt,
                lastEnrolledAt);
    }

    /** Whether nothing but the check-in can differ. */
    boolean isButSeenAgain(Device other) {
        return equals(other.checkedInAt(lastCheckIn));
    }
}
