package dev.kandjistream.posture.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All enrolments under one serial number, of every account. There is more than one where hardware was enrolled anew under a
 * new id, where it moved between accounts, and where two machines share a serial number, as virtual ones may.
 */
public final class Enrolments {
    /** The last two only so that every replica chooses alike. */
    private static final Comparator<Enrolment> PREFERENCE = Comparator.comparing(
                    (Enrolment enrolment) -> !enrolment.removed())
            .thenComparing(enrolment -> enrolment.doubt().connection() != Connection.ABSENT_WITHHELD)
            .thenComparingLong(Enrolment::lastCheckIn)
            .thenComparingLong(Enrolment::enrolledAt)
            .thenComparing(Enrolment::accountId)
            .thenComparing(Enrolment::deviceId);

    private Enrolments() {}

    /**
     * The enrolment that speaks for the serial number.
     *
     * @param ambiguous whether another one that is not removed stands beside it
     */
    public record Chosen(Enrolment enrolment, boolean ambiguous) {}

    /**
     * That which checked in last; of those that are not removed where there are any, and of those among them that their account
     * still lists.
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
