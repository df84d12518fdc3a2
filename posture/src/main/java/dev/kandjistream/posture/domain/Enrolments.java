package dev.kandjistream.posture.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All enrolments under one serial number, of every account. There is more than one where hardware was enrolled anew under a
 * new id, where it moved between accounts, and where two machines share a serial number, as virtual ones may.
 */
public final class Enrolments {
    private static final long HOUR = 3_600_000;

    /** The last two only so that every replica chooses alike. */
    private static final Comparator<Enrolment> PREFERENCE = Comparator.comparing(
                    (Enrolment enrolment) -> !enrolment.removed())
            .thenComparing(enrolment -> enrolment.doubt().connection() != Connection.ABSENT_WITHHELD)
            .thenComparingLong(Enrolments::checkInHour)
            .thenComparingLong(Enrolment::enrolledAt)
            .thenComparingLong(Enrolment::lastCheckIn)
            .thenComparing(Enrolment::accountId)
            .thenComparing(Enrolment::deviceId);

    private Enrolments() {}

    /**
     * Check-ins are published by the hour, so their order within an hour is unknown. An unknown check-in may be the
     * latest.
     */
    private static long checkInHour(Enrolment enrolment) {
        return enrolment.lastCheckIn() == Enrolment.NO_TIME
                ? Long.MAX_VALUE
                : Math.floorDiv(enrolment.lastCheckIn(), HOUR);
    }

    /**
     * The enrolment that speaks for the serial number.
     *
     * @param ambiguous whether another one that is not removed stands beside it
     */
    public record Chosen(Enrolment enrolment, boolean ambiguous) {}

    /**
     * The enrolment that checked in last, by the hour, then the one that enrolled last. Enrolments that are not removed come
     * first, and among them those that their account still lists.
     *
     * @return empty for none
     */
    public static Optional<Chosen> choose(List<Enrolment> enrolments) {
        return enrolments.stream()
                .max(PREFERENCE)
                .map(best -> new Chosen(
                        best, enrolments.stream().anyMatch(other -> !other.removed() && !isSame(other, best))));
    }

    private static boolean isSame(Enrolment one, Enrolment other) {
        return one.deviceId().equals(other.deviceId()) && one.accountId().equals(other.accountId());
    }
}
