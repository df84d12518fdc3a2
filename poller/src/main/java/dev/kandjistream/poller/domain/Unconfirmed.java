package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a sweep did not confirm about a published device. Whoever decides on access goes by this at once, however long the
 * retraction itself is withheld.
 *
 * @param fields of the raw device record. If the reason is {@link Reason#FIELDS}, those that the row does not confirm; if it is
 *     {@link Reason#UNREADABLE}, those about which the latest readable row said something else than is published
 * @param detail in words; null where the reason says it all
 */
public record Unconfirmed(Reason reason, SortedSet<String> fields, String detail) {
    /** Everything is confirmed: what stood before is over. */
    public static final Unconfirmed NOTHING = new Unconfirmed(null, Collections.emptySortedSet(), null);

    /** The words of the record. */
    public enum Reason {
        /** A full list does not have the device. */
        ABSENT,
        /** Its row was received, and nothing but the id can be used. */
        UNREADABLE,
        /** Its row says that it is removed. */
        REMOVED,
        /** Its row was read, except for some fields. */
        FIELDS
    }

    static final Unconfirmed ABSENT = new Unconfirmed(Reason.ABSENT, Collections.emptySortedSet(), null);
    static final Unconfirmed REMOVED = new Unconfirmed(Reason.REMOVED, Collections.emptySortedSet(), null);

    /** @param waiting what the latest readable row would have taken away */
    static Unconfirmed unreadable(String why, Collection<Absence> waiting) {
        var fields = new TreeSet<String>();
        waiting.forEach(absence -> fields.addAll(fieldsOf(absence.what())));
        return new Unconfirmed(Reason.UNREADABLE, Collections.unmodifiableSortedSet(fields), why);
    }

    static List<String> fieldsOf(Withheld.What what) {
        return switch (what) {
            case USER, OTHER_USER, OTHER_EMAIL -> List.of("user_id", "user_email", "user_name", "user_archived");
            case PLATFORM -> List.of("platform");
            case SERIAL -> List.of("serial_number");
            case REMOVED, REMOVAL_FLAG -> List.of("is_removed");
            case DEVICE, APPS -> List.of();
        };
    }

    /** {@link #NOTHING} where there are no fields. */
    static Unconfirmed ofFields(SortedSet<String> fields) {
        return fields.isEmpty()
                ? NOTHING
                : new Unconfirmed(Reason.FIELDS, Collections.unmodifiableSortedSet(new TreeSet<>(fields)), null);
    }

    /** Tells two of them apart; 0 for {@link #NOTHING}. The ledger keeps it. */
    long print() {
        if (reason == null) {
            return 0;
        }
        long print = Fingerprint.ordered(Fingerprint.of(reason.name()), Fingerprint.of(detail));
        for (String field : fields) {
            print = Fingerprint.ordered(print, Fingerprint.of(field));
        }
        return print == 0 ? 1 : print;
    }
}
