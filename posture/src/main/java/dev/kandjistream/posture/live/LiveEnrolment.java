package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.posture.domain.Enrolment;

/** A row of the device list as the domain sees it: as the view would, had the row been published. */
final class LiveEnrolment {
    private LiveEnrolment() {}

    static Enrolment of(String accountId, DeviceRow row) {
        // A device that is nobody's has no assigned user, whoever had it before it was removed.
        AssignedUser user = row.attributed() ? row.user() : null;
        return new Enrolment(
                accountId,
                row.deviceId(),
                row.platform(),
                row.model(),
                row.osVersion(),
                row.mdmEnabled(),
                row.agentInstalled(),
                row.isMissing(),
                row.removed(),
                row.lostModeStatus(),
                millis(row.lastCheckIn()),
                user != null,
                user == null ? null : user.email(),
                user == null ? null : user.archived(),
                row.blueprintName(),
                row.tags(),
                millis(row.lastEnrollment() == Moment.UNKNOWN ? row.firstEnrollment() : row.lastEnrollment()));
    }

    private static long millis(long moment) {
        return moment == Moment.UNKNOWN ? Enrolment.NO_TIME : moment;
    }
}
