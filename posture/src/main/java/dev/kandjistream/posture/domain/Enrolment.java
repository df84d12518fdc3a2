package dev.kandjistream.posture.domain;

import java.util.List;

/**
 * What one account last said of one device. Times are milliseconds since 1970, {@link #NO_TIME} where there is none;
 * everything else that the account does not say is null.
 *
 * @param accountId never null
 * @param deviceId never null
 * @param removed whether the account lists the device as removed
 * @param attributed whether it is in somebody's hands: its user is identified and it is not removed
 * @param userEmail lower case
 * @param enrolledAt of the latest enrolment, or the first where only that is told
 * @param tags empty where there are none
 */
public record Enrolment(
        String accountId,
        String deviceId,
        String platform,
        String model,
        String osVersion,
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
        long enrolledAt) {

    public static final long NO_TIME = Long.MIN_VALUE;

    /** Personal details are not for logs. */
    @Override
    public String toString() {
        return accountId + "/" + deviceId;
    }
}
