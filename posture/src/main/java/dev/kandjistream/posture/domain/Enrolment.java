package dev.kandjistream.posture.domain;

import java.util.List;
import java.util.Objects;

/**
 * What one account last said of one device. Times are milliseconds since 1970, {@link #NO_TIME} where there is none;
 * everything else that the account does not say is null.
 *
 * @param accountId never null
 * @param deviceId never null
 * @param osVersionExtra suffix of the version, such as {@code (a)} of a rapid security response
 * @param removed whether the account lists the device as removed
 * @param attributed whether it is in somebody's hands: its user is identified and it is not removed
 * @param userEmail lower case
 * @param enrolledAt of the latest enrolment, or the first where only that is told
 * @param tags empty where there are none
 * @param doubt unconfirmed parts
 */
public record Enrolment(
        String accountId,
        String deviceId,
        String platform,
        String model,
        String osVersion,
        String osVersionExtra,
        String osBuild,
        Boolean mdmEnabled,
        Boolean agentInstalled,
        Boolean isMissing,
        boolean removed,
        String lostMode,
        long lastCheckIn,
        boolean attributed,
        String userEmail,
        Boolean userArchived,
        String blueprint,
        List<String> tags,
        long enrolledAt,
        Doubt doubt) {

    public static final long NO_TIME = Long.MIN_VALUE;

    private static final Doubt PLATFORM_UNKNOWN = new Doubt(null, Attribute.PLATFORM.bit());

    /** A platform in a word that is not known may be any: it is in doubt, so no rule for a platform passes it by. */
    public Enrolment {
        if (platform != null && !Platform.isKnown(platform)) {
            doubt = doubt.and(PLATFORM_UNKNOWN);
        }
    }

    /** Whether both are about one device of one account. */
    boolean isSameDevice(Enrolment other) {
        return deviceId.equals(other.deviceId) && accountId.equals(other.accountId);
    }

    /** Attributes in which two devices differ, or that are in doubt of one of them; as bits. */
    long differing(Enrolment other) {
        // Whether a serial number is shared is no value of a device.
        long bits = (doubt.missing() | other.doubt.missing()) & ~Attribute.SERIAL_AMBIGUOUS.bit();
        bits |= bit(Attribute.ACCOUNT, accountId, other.accountId);
        bits |= bit(Attribute.PLATFORM, platform, other.platform);
        bits |= bit(Attribute.MODEL, model, other.model);
        bits |= bit(Attribute.OS_VERSION, osVersion, other.osVersion);
        bits |= bit(Attribute.OS_VERSION, osVersionExtra, other.osVersionExtra);
        bits |= bit(Attribute.OS_VERSION_EXTRA, osVersionExtra, other.osVersionExtra);
        bits |= bit(Attribute.OS_BUILD, osBuild, other.osBuild);
        bits |= bit(Attribute.MDM_ENABLED, mdmEnabled, other.mdmEnabled);
        bits |= bit(Attribute.AGENT_INSTALLED, agentInstalled, other.agentInstalled);
        bits |= bit(Attribute.IS_MISSING, isMissing, other.isMissing);
        bits |= bit(Attribute.LOST_MODE, lostMode, other.lostMode);
        bits |= bit(Attribute.CHECKED_IN_AGO, lastCheckIn, other.lastCheckIn);
        bits |= bit(Attribute.ATTRIBUTED, attributed, other.attributed);
        bits |= bit(Attribute.USER_EMAIL, userEmail, other.userEmail);
        bits |= bit(Attribute.USER_MATCHES, userEmail, other.userEmail);
        bits |= bit(Attribute.USER_MATCHES, attributed, other.attributed);
        bits |= bit(Attribute.USER_ARCHIVED, userArchived, other.userArchived);
        bits |= bit(Attribute.BLUEPRINT, blueprint, other.blueprint);
        bits |= bit(Attribute.TAGS, tags, other.tags);
        return bits | bit(Attribute.ENROLLED_AGO, enrolledAt, other.enrolledAt);
    }

    private static long bit(Attribute attribute, Object one, Object other) {
        return Objects.equals(one, other) ? 0 : attribute.bit();
    }

    /** This enrolment with an additional doubt; itself if that changes nothing. */
    public Enrolment with(Doubt further) {
        Doubt both = doubt.and(further);
        if (both.equals(doubt)) {
            return this;
        }
        boolean gone = removed || both.connection() == Connection.DEVICE_REMOVED;
        // A removed device has no assigned user, even if it had one before.
        return new Enrolment(
                accountId,
                deviceId,
                platform,
                model,
                osVersion,
                osVersionExtra,
                osBuild,
                mdmEnabled,
                agentInstalled,
                isMissing,
                gone,
                lostMode,
                lastCheckIn,
                attributed && !gone,
                gone ? null : userEmail,
                gone ? null : userArchived,
                blueprint,
                tags,
                enrolledAt,
                both);
    }

    /** Personal details are not for logs. */
    @Override
    public String toString() {
        return accountId + "/" + deviceId;
    }
}
