package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a sweep did not confirm about a published device. Whoever decides on access goes by this at once, however long the
 * retraction itself is withheld.
 *
 * @param fields of the raw device record; empty unless the reason is {@link Reason#FIELDS}
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

    static Unconfirmed unreadable(String why) {
        return new Unconfirmed(Reason.UNREADABLE, Collections.emptySortedSet(), why);
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
