package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.poller.domain.Withheld.What;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A published device that a sweep would take something from.
 *
 * @param row null where the device is absent
 * @param comparison of the row; null where the device is absent
 * @param losses at least one
 */
record Pending(String deviceId, LedgerEntry known, DeviceRow row, DeviceComparison comparison, List<Waiting> losses) {

    /** A loss, and what the ledger remembers of it; null where no complete sweep has shown it. */
    record Waiting(Loss loss, Absence absence) {
        Order order() {
            return Absence.orderOf(absence);
        }

        long outOf() {
            return absence == null ? 0 : absence.outOf();
        }

        boolean ends(LedgerEntry known) {
            return loss.endsSeat() && known.device().holder() != null;
        }
    }

    boolean isAbsent() {
        return row == null;
    }

    /** Whether a seat would end or change hands. */
    boolean hasSeat() {
        return losses.stream().anyMatch(waiting -> waiting.ends(known));
    }

    /** Whether one of the losses that {@link #isAbsent} or {@link #hasSeat} are about is of this kind. */
    boolean counts(Predicate<Waiting> kind) {
        return losses.stream()
                .filter(waiting -> isAbsent() || waiting.ends(known))
                .anyMatch(kind);
    }

    /** Whether one of the losses of that kind counts. */
    boolean changes(What what, Predicate<Waiting> kind) {
        return losses.stream().filter(waiting -> waiting.loss().what() == what).anyMatch(kind);
    }

    /** Whether the device's user, the same person, has another email or none. */
    boolean changesEmail(Predicate<Waiting> kind) {
        return losses.stream()
                .filter(waiting -> waiting.loss().isOfEmailAlone())
                .anyMatch(kind);
    }

    /** To whom the device would go, by its row; empty where that is nobody, or the person who has it. */
    Optional<AssignedUser> nextHolder() {
        return losses.stream().anyMatch(waiting -> waiting.loss().what() == What.OTHER_USER)
                ? Optional.of(row.user())
                : Optional.empty();
    }

    /** The key of a user: an id, or the email where there is none. */
    static String userKey(AssignedUser user) {
        return user.id() != null ? user.id() : "email:" + user.email();
    }
}
