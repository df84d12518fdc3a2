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
    private static final long UNKNOWN = Long.MAX_VALUE;

    /** The last three only so that every replica chooses alike. */
    private static final Comparator<Enrolment> PREFERENCE = Comparator.comparingInt(Enrolments::rank)
            .thenComparingLong(Enrolments::enrolledAt)
            .thenComparingLong(Enrolments::checkInHour)
            .thenComparingLong(Enrolment::lastCheckIn)
            .thenComparing(Enrolment::accountId)
            .thenComparing(Enrolment::deviceId);

    private Enrolments() {}

    /** An unknown enrolment may be the latest. */
    private static long enrolledAt(Enrolment enrolment) {
        return enrolment.enrolledAt() == Enrolment.NO_TIME ? UNKNOWN : enrolment.enrolledAt();
    }

    /**
     * Check-ins are published by the hour, so their order within an hour is unknown. An unknown check-in may be the
     * latest.
     */
    private static long checkInHour(Enrolment enrolment) {
        return enrolment.lastCheckIn() == Enrolment.NO_TIME ? UNKNOWN : Math.floorDiv(enrolment.lastCheckIn(), HOUR);
    }

    /**
     * The enrolment that is chosen for the serial number.
     *
     * @param ambiguous whether there is another one whose removal is not published
     * @param decidedBy the latest of the times by which it was chosen from several; {@link Enrolment#NO_TIME} if no time
     *     decided, {@link Long#MAX_VALUE} if times do not prove that it came after all others
     * @param differing attributes in which those it was chosen from differ, as bits
     * @param all those it was chosen from, itself included, in an order that depends on them alone
     */
    public record Chosen(Enrolment enrolment, boolean ambiguous, long decidedBy, long differing, List<Enrolment> all) {
        public Chosen {
            all = List.copyOf(all);
        }

        /** Chosen by no time, from itself alone as far as is known. */
        public Chosen(Enrolment enrolment, boolean ambiguous) {
            this(enrolment, ambiguous, Enrolment.NO_TIME, 0, List.of(enrolment));
        }

        /** Whether the choice is not proved by times in the past, so that another enrolment may be the latest. */
        public boolean isUnordered(long now) {
            return decidedBy != Enrolment.NO_TIME && decidedBy - HOUR > now;
        }

        /** This one, with what an earlier choice for the same serial number left open. */
        Chosen after(Chosen earlier) {
            return new Chosen(
                    enrolment,
                    ambiguous || earlier.ambiguous,
                    Math.max(decidedBy, earlier.decidedBy),
                    differing | earlier.differing,
                    all);
        }

        /** This one beside a row that may be the latest: only what is true of both is known. */
        Chosen beside(Enrolment row) {
            return new Chosen(
                    enrolment,
                    ambiguous || !enrolment.isSameDevice(row),
                    UNKNOWN,
                    differing | enrolment.differing(row),
                    all);
        }
    }

    /**
     * The one that enrolled last, then the one that checked in last, by the hour. Enrolments that are not removed come first. A
     * loss that waits for evidence, be it an absence or a removal, does not change the order: otherwise an older
     * enrolment would allow what a newer one forbids.
     *
     * @return empty for none
     */
    public static Optional<Chosen> choose(List<Enrolment> enrolments) {
        List<Enrolment> latestFirst =
                enrolments.stream().sorted(PREFERENCE.reversed()).toList();
        return latestFirst.stream().findFirst().map(best -> chosen(best, latestFirst));
    }

    /** The choice of one of several. */
    static Chosen chosen(Enrolment best, List<Enrolment> all) {
        List<Enrolment> others = all.stream().filter(other -> other != best).toList();
        boolean ambiguous = others.stream().anyMatch(other -> rank(other) > 0 && !other.isSameDevice(best));
        List<Enrolment> rivals =
                others.stream().filter(other -> rank(other) >= rank(best)).toList();
        if (rivals.isEmpty() || rank(best) == 0) {
            return new Chosen(best, ambiguous, Enrolment.NO_TIME, 0, all);
        }
        long decidedBy =
                rivals.stream().mapToLong(rival -> cameAfter(best, rival)).max().orElseThrow();
        long differing =
                rivals.stream().mapToLong(rival -> rival.differing(best)).reduce(0, (one, other) -> one | other);
        return new Chosen(best, ambiguous, decidedBy, differing, all);
    }

    /** Removed ones come last. A removal that is withheld is not published, so it does not count. */
    private static int rank(Enrolment enrolment) {
        return enrolment.removed() && enrolment.doubt().connection() != Connection.DEVICE_REMOVED ? 0 : 1;
    }

    /**
     * When it was certain that the hardware had left one enrolment for a later one. Enrolment and check-ins must agree: then
     * one time that goes back or is lost makes no earlier enrolment the later one.
     *
     * @return the latest of their times; {@link #UNKNOWN} if these do not prove the order
     */
    private static long cameAfter(Enrolment later, Enrolment earlier) {
        boolean wasLeft = earlier.enrolledAt() < later.enrolledAt()
                && earlier.lastCheckIn() - HOUR <= later.enrolledAt()
                && checkInHour(earlier) <= checkInHour(later);
        long latest = Math.max(latest(later), latest(earlier));
        return wasLeft ? latest : UNKNOWN;
    }

    private static long latest(Enrolment enrolment) {
        return Math.max(
                time(enrolment.lastCheckIn(), enrolment, Attribute.CHECKED_IN_AGO),
                time(enrolment.enrolledAt(), enrolment, Attribute.ENROLLED_AGO));
    }

    private static long time(long told, Enrolment enrolment, Attribute attribute) {
        return told == Enrolment.NO_TIME || enrolment.doubt().concerns(attribute) ? UNKNOWN : told;
    }
}
