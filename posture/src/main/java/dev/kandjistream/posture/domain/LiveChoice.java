package dev.kandjistream.posture.domain;

import dev.kandjistream.posture.domain.Enrolments.Chosen;
import java.util.List;
import java.util.Optional;

/**
 * The choice among the enrolments of one serial number after the rows of a live answer are added to what the view knows.
 *
 * <p>A row replaces what the view knows of the same device, and of no other. Which enrolment is chosen depends on the published
 * times alone. A row of a device that the view does not know stands beside the known ones: then only what is true of both is
 * known.
 *
 * @param live whether the state of the chosen enrolment is the row's
 */
public record LiveChoice(Chosen chosen, boolean live) {

    /**
     * @param known the view's choice; empty if it does not know the serial number
     * @param rows of devices that the view knows under this serial number or not at all
     * @return empty if the rows change nothing
     */
    public static Optional<LiveChoice> of(Optional<Chosen> known, List<Enrolment> rows) {
        return known.isPresent()
                ? beside(known.get(), rows)
                : Enrolments.choose(rows).map(chosen -> new LiveChoice(chosen, true));
    }

    private static Optional<LiveChoice> beside(Chosen known, List<Enrolment> rows) {
        List<Enrolment> latest =
                known.all().stream().map(enrolment -> latest(enrolment, rows)).toList();
        // A removed row of an unknown device is no device that is in use.
        List<Enrolment> further = rows.stream()
                .filter(row -> !latest.contains(row) && !row.removed())
                .toList();
        if (further.isEmpty() && latest.equals(known.all())) {
            return Optional.empty();
        }
        Enrolment best = latest(known.enrolment(), rows);
        boolean live = rows.stream().anyMatch(row -> row == best);
        Chosen chosen = Enrolments.chosen(best, latest).after(known);
        for (Enrolment row : further) {
            chosen = chosen.beside(row);
        }
        return Optional.of(new LiveChoice(chosen, live));
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
