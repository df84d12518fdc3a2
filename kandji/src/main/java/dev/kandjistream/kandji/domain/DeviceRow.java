package dev.kandjistream.kandji.domain;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row of the device list, normalised: blank text is null, ids and emails are lower case, times are {@link Moment}s.
 *
 * @param deviceId never blank
 * @param user null where nobody is assigned
 * @param json the row as received
 * @param details print of everything in the row but {@code user} and {@code is_removed}; {@code last_check_in} counts
 *     cut to the hour, the order of fields does not count
 * @param lasting the same without {@code last_check_in}
 * @param attribution print of {@code user} and {@code is_removed}
 * @param observedAt when the page was requested: the row is not newer than this
 * @param shape how well the row could be read
 */
public record DeviceRow(
        String deviceId,
        String deviceName,
        String serialNumber,
        String platform,
        String model,
        String osVersion,
        String supplementalBuildVersion,
        String supplementalOsVersionExtra,
        String lostModeStatus,
        long lastCheckIn,
        AssignedUser user,
        String assetTag,
        String blueprintId,
        String blueprintName,
        Boolean mdmEnabled,
        Boolean agentInstalled,
        String agentVersion,
        Boolean isMissing,
        Boolean isRemoved,
        long firstEnrollment,
        long lastEnrollment,
        List<String> tags,
        String json,
        long details,
        long lasting,
        long attribution,
        long observedAt,
        RowShape shape) {

    /**
     * Platforms that the API documents or that its tenants can have; the word for a Vision is assumed.
     */
    public static final Set<String> PLATFORMS =
            Set.of("Mac", "iPhone", "iPad", "AppleTV", "Android", "Windows", "Vision", "AppleVision", "visionOS");

    /** Those that are license types unless configured otherwise. */
    public static final Set<String> LICENSED = Set.of("Mac", "iPhone", "iPad");

    /** Whether the device is attributed: its user is identified and it is not removed. */
    public boolean attributed() {
        return user != null && user.identified() && !removed();
    }

    /** Whether the API says so; where it says nothing, it is not. */
    public boolean removed() {
        return Boolean.TRUE.equals(isRemoved);
    }

    /** This row with published values in place of changes that still wait; {@code json} and fingerprints stay as received. */
    public DeviceRow with(AssignedUser otherUser, String otherPlatform, String otherSerial, Boolean otherRemoved) {
        return with(otherUser, otherPlatform, otherSerial, otherRemoved, shape);
    }

    /** This row without its user, which so counts as one that cannot be read. */
    public DeviceRow withUnreadUser() {
        var unread = new TreeSet<>(shape.unread());
        unread.add("user");
        var otherShape = new RowShape(shape.missing(), unread, shape.unknown(), shape.cut());
        return with(null, platform, serialNumber, isRemoved, otherShape);
    }

    /** This row without its user's id, which so counts as one that cannot be read. */
    public DeviceRow withUnreadUserId() {
        var unread = new TreeSet<>(shape.unread());
        unread.add("user.id");
        var nameless = new AssignedUser(null, user.email(), user.name(), user.archived());
        var otherShape = new RowShape(shape.missing(), unread, shape.unknown(), shape.cut());
        return with(nameless, platform, serialNumber, isRemoved, otherShape);
    }

    private DeviceRow with(
            AssignedUser otherUser,
            String otherPlatform,
            String otherSerial,
            Boolean otherRemoved,
            RowShape otherShape) {
        return new DeviceRow(
                deviceId,
                deviceName,
                otherSerial,
                otherPlatform,
                model,
                osVersion,
                supplementalBuildVersion,
                supplementalOsVersionExtra,
                lostModeStatus,
                lastCheckIn,
                otherUser,
                assetTag,
                blueprintId,
                blueprintName,
                mdmEnabled,
                agentInstalled,
                agentVersion,
                isMissing,
                otherRemoved,
                firstEnrollment,
                lastEnrollment,
                tags,
                json,
                details,
                lasting,
                attribution,
                observedAt,
                otherShape);
    }
}
