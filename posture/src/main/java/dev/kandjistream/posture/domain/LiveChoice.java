package dev.kandjistream.posture.domain;

import dev.kandjistream.posture.domain.Enrolments.Chosen;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The choice among the enrolments of one serial number after the rows of a live answer are added to what the view knows.
 *
 * <p>A row replaces what the view knows of the same device, and of no other. A row that says what is known already replaces it
 * too: it confirms the device. Which enrolment is chosen depends on the published times alone. A row of a device that the view
 * does not know stands beside the known ones: then only what is true of both is known.
 *
 * @param live whether the state of the chosen enrolment is the row's
 * @param used whether at least one row counts for its device: it replaced what was known, or says that the device is removed
 */
public record LiveChoice(Chosen chosen, boolean live, boolean used) {

    /**
     * @param known the view's choice; empty if it does not know the serial number
     * @param rows of devices that the view knows under this serial number or not at all. Equal rows count as one
     * @return empty if no row counts for a device, and none stands beside the known ones
     */
    public static Optional<LiveChoice> of(Optional<Chosen> known, List<Enrolment> rows) {
        List<Enrolment> distinct = rows.stream().distinct().toList();
        return known.isPresent()
                ? beside(known.get(), distinct)
                : Enrolments.choose(distinct).map(chosen -> new LiveChoice(chosen, true, true));
    }

    private static Optional<LiveChoice> beside(Chosen known, List<Enrolment> rows) {
        List<Enrolment> latest =
                known.all().stream().map(enrolment -> latest(enrolment, rows)).toList();
        // A removed row of an unknown device is no device that is in use.
        List<Enrolment> further = rows.stream()
                .filter(row -> !isAmong(latest, row) && !row.removed())
                .toList();
        boolean used = IntStream.range(0, latest.size())
                .anyMatch(i -> latest.get(i) != known.all().get(i));
        if (further.isEmpty() && !used) {
            return Optional.empty();
        }
        Enrolment best = latest.get(known.all().indexOf(known.enrolment()));
        Chosen chosen = Enrolments.chosen(best, latest).after(known);
        for (Enrolment row : further) {
            chosen = chosen.beside(row);
        }
        return Optional.of(new LiveChoice(chosen, isAmong(rows, best), used));
    }

    /** Whether it is one of these objects. A row that equals what is known is another object, and newer. */
    private static boolean isAmong(List<Enrolment> all, Enrolment one) {
        return all.stream().anyMatch(each -> each == one);
    }

    /**
     * The device's row, if there is one and it is no older than what is known; else what is known. A removal counts in any case:
     * a row that may be older, or is one of two, allows nothing, and may well forbid.
     */
    private static Enrolment latest(Enrolment known, List<Enrolment> rows) {
        List<Enrolment> own = rows.stream().filter(known::isSameDevice).toList();
        if (own.size() == 1 && isNewer(own.get(0), known)) {
            return own.get(0);
        }
        return own.stream().anyMatch(Enrolment::removed) ? known.with(Doubt.because(Connection.DEVICE_REMOVED)) : known;
    }

    private static boolean isNewer(Enrolment row, Enrolment known) {
        boolean isItsSerial = !known.doubt().concerns(Attribute.SERIAL_AMBIGUOUS)
                && !row.doubt().concerns(Attribute.SERIAL_AMBIGUOUS);
        // NO_TIME is before all times: a row without a time that is known may be older.
        return isItsSerial && row.lastCheckIn() >= known.lastCheckIn() && row.enrolledAt() >= known.enrolledAt();
    }
}
