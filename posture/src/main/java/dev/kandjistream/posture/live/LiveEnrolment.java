package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Email;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.RowFields;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
                row.supplementalOsVersionExtra(),
                row.supplementalBuildVersion(),
                row.mdmEnabled(),
                row.agentInstalled(),
                row.isMissing(),
                row.removed(),
                row.lostModeStatus(),
                millis(row.lastCheckIn()),
                user != null,
                user == null || user.email() == null ? null : Email.small(user.email()),
                user == null ? null : user.archived(),
                row.blueprintName(),
                row.tags(),
                millis(row.lastEnrollment() == Moment.UNKNOWN ? row.firstEnrollment() : row.lastEnrollment()),
                doubt(row));
    }

    /** A live row has no earlier row to compare with: missing fields are in doubt as well as unreadable ones. */
    private static Doubt doubt(DeviceRow row) {
        RowShape shape = row.shape();
        Set<String> missing = new TreeSet<>(shape.missing());
        missing.remove(RowFields.OS_VERSION_SUFFIX);
        return RowFields.doubt(missing)
                .and(RowFields.doubt(shape.unread()))
                .and(RowFields.doubt(shape.cut()))
                .and(RowFields.doubt(row.isRemoved() == null ? List.of(RowFields.IS_REMOVED) : List.of()));
    }

    private static long millis(long moment) {
        return moment == Moment.UNKNOWN ? Enrolment.NO_TIME : moment;
    }
}
