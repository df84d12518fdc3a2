package dev.kandjistream.simulator.truth;

import java.time.Instant;
import java.util.List;

/**
 * What the contract's words imply for a fleet at one moment: the rows that the current tables should hold once everything
 * has come through. Left out is what depends on when somebody looked: a seat's {@code assigned_at}, a usage's
 * {@code collected_at}. Texts that are blank in the API are null; times are cut to milliseconds; lists are ordered by
 * their first fields.
 *
 * @param devices attributed devices
 * @param unattributed the others
 */
public record Truth(
        List<Device> devices, List<Device> unattributed, List<License> licenses, List<User> users, List<Usage> usages) {

    /** Columns as in the contract. {@code lastCheckIn} may rightly be newer here than in a table: it alone is no change. */
    public record Device(
            String deviceId,
            String serialNumber,
            String deviceName,
            String platform,
            String model,
            String osVersion,
            boolean mdmEnabled,
            boolean agentInstalled,
            String agentVersion,
            boolean isMissing,
            String lostModeStatus,
            String blueprintId,
            String blueprintName,
            String assetTag,
            List<String> tags,
            String userId,
            String userEmail,
            String userName,
            Boolean userArchived,
            Instant lastCheckIn,
            Instant firstEnrolledAt,
            Instant lastEnrolledAt) {}

    /** One seat. */
    public record License(
            String deviceId,
            String licenseType,
            String serialNumber,
            String deviceName,
            String userId,
            String userEmail,
            String userName,
            String userStatus) {}

    /** One person with an attributed device. */
    public record User(String userId, String email, String name, String status, int deviceCount, int licenseCount) {}

    /**
     * A person has an app.
     *
     * @param versions distinct, in text order, the 20 smallest
     * @param deviceIds in text order, the 20 smallest
     * @param firstSeenAt least {@code created_at} of the rows
     */
    public record Usage(
            String userId,
            String appId,
            String userEmail,
            String appName,
            String bundleId,
            String teamId,
            String developerName,
            String category,
            String obtainedFrom,
            List<String> versions,
            int deviceCount,
            List<String> deviceIds,
            Instant firstSeenAt) {}
}
