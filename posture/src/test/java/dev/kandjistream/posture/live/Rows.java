package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import java.util.List;

/** Devices as the API's client and as the domain have them. */
final class Rows {
    static final long FIRST = 1_700_000_000_000L;
    static final long LATEST = 1_750_000_000_000L;

    private Rows() {}

    static DeviceRow of(AssignedUser user, Boolean removed) {
        return of(user, removed, LATEST);
    }

    static DeviceRow enrolledOnce() {
        return of(null, null, Moment.UNKNOWN);
    }

    static DeviceRow of(AssignedUser user, Boolean removed, RowShape shape) {
        return of(user, removed, LATEST, shape);
    }

    private static DeviceRow of(AssignedUser user, Boolean removed, long lastEnrollment) {
        return of(user, removed, lastEnrollment, RowShape.FULL);
    }

    private static DeviceRow of(AssignedUser user, Boolean removed, long lastEnrollment, RowShape shape) {
        return new DeviceRow(
                "d1",
                "Ada's Mac",
                "C02XK1",
                "Mac",
                "MacBook Air (M1, 2020)",
                "15.6",
                null,
                null,
                "enabled",
                Moment.UNKNOWN,
                user,
                null,
                "b1",
                "Everybody",
                true,
                false,
                null,
                null,
                removed,
                FIRST,
                lastEnrollment,
                List.of("exec"),
                "{}",
                0,
                0,
                0,
                0,
                shape);
    }

    /** All that is known is that it is there. */
    static Enrolment seen(String account, String deviceId) {
        return seen(account, deviceId, true, Enrolment.NO_TIME, Doubt.NONE);
    }

    static Enrolment seen(String account, String deviceId, boolean mdmEnabled, long lastCheckIn, Doubt doubt) {
        return new Enrolment(
                account,
                deviceId,
                "Mac",
                null,
                null,
                null,
                null,
                mdmEnabled,
                true,
                false,
                false,
                null,
                lastCheckIn,
                false,
                null,
                null,
                null,
                List.of(),
                Enrolment.NO_TIME,
                doubt);
    }
}
