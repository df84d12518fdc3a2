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
    private static final Comparator<Enrolment> PREFERENCE = Comparator.comparingInt(Enrolments::rank)
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
     * @param decidedBy the latest of the times by which it was chosen from several; {@link Enrolment#NO_TIME} if no time
     *     decided, {@link Long#MAX_VALUE} if one of them is unknown
     * @param differing attributes in which those it was chosen from differ, as bits
     */
    public record Chosen(Enrolment enrolment, boolean ambiguous, long decidedBy, long differing) {

        /** Chosen by no time. */
        public Chosen(Enrolment enrolment, boolean ambiguous) {
            this(enrolment, ambiguous, Enrolment.NO_TIME, 0);
        }

        /** Whether the choice rests on a time that is unknown or in the future, so that another one may be the latest. */
        public boolean isUnordered(long now) {
            return decidedBy != Enrolment.NO_TIME && decidedBy - HOUR > now;
        }

        /** This one, with what an earlier choice for the same serial number left open. */
        public Chosen after(Chosen earlier) {
            return new Chosen(
                    enrolment,
                    ambiguous || earlier.ambiguous,
                    Math.max(decidedBy, earlier.decidedBy),
                    differing | earlier.differing);
        }
    }

    /**
     * The enrolment that checked in last, by the hour, then the one that enrolled last. Enrolments that are not removed come
     * first, and among them those that their account still lists.
     *
     * @return empty for none
     */
    public static Optional<Chosen> choose(List<Enrolment> enrolments) {
        return enrolments.stream().max(PREFERENCE).map(best -> chosen(best, enrolments));
    }

    private static Chosen chosen(Enrolment best, List<Enrolment> enrolments) {
        List<Enrolment> others =
                enrolments.stream().filter(other -> !isSame(other, best)).toList();
        List<Enrolment> rivals =
                others.stream().filter(other -> rank(other) == rank(best)).toList();
        boolean ambiguous = others.stream().anyMatch(other -> !other.removed());
        if (rivals.isEmpty() || best.removed()) {
            return new Chosen(best, ambiguous);
        }
        long differing =
                rivals.stream().mapToLong(rival -> rival.differing(best)).reduce(0, (one, other) -> one | other);
        return new Chosen(best, ambiguous, decidedBy(best, rivals), differing);
    }

    private static int rank(Enrolment enrolment) {
        return enrolment.removed() ? 0 : enrolment.doubt().connection() == Connection.ABSENT_WITHHELD ? 1 : 2;
    }

    private static long decidedBy(Enrolment best, List<Enrolment> rivals) {
        long latest = time(best.lastCheckIn(), best, Attribute.CHECKED_IN_AGO);
        for (Enrolment rival : rivals) {
            latest = Math.max(latest, time(rival.lastCheckIn(), rival, Attribute.CHECKED_IN_AGO));
            if (checkInHour(rival) == checkInHour(best)) {
                latest = Math.max(latest, time(best.enrolledAt(), best, Attribute.ENROLLED_AGO));
                latest = Math.max(latest, time(rival.enrolledAt(), rival, Attribute.ENROLLED_AGO));
            }
        }
        return latest;
    }

    private static long time(long told, Enrolment enrolment, Attribute attribute) {
        boolean doubtful = (enrolment.doubt().missing() & attribute.bit()) != 0;
        return told == Enrolment.NO_TIME || doubtful ? Long.MAX_VALUE : told;
    }

    private static boolean isSame(Enrolment one, Enrolment other) {
        return one.deviceId().equals(other.deviceId()) && one.accountId().equals(other.accountId());
    }
}
