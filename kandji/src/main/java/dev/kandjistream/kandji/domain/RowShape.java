package dev.kandjistream.kandji.domain;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How well the documented fields of one device row could be read. Fields are named as in the API, parts of the user after a
 * dot: {@code platform}, {@code user}, {@code user.id}.
 *
 * @param missing fields that the row does not have. An explicit null or blank text is a value and not missing
 * @param unread fields with a value that cannot be read: of another type or form than documented, or present twice. Their value in the
 *     row is null
 * @param unknown fields with a value outside the known vocabulary; the row keeps the value
 * @param cut fields whose text was longer than the limit; {@code json} if the row was
 */
public record RowShape(Set<String> missing, Set<String> unread, Set<String> unknown, Set<String> cut) {
    /** Every field was present and readable. */
    public static final RowShape FULL = new RowShape(Set.of(), Set.of(), Set.of(), Set.of());

    public RowShape {
        missing = ordered(missing);
        unread = ordered(unread);
        unknown = ordered(unknown);
        cut = ordered(cut);
    }

    private static SortedSet<String> ordered(Collection<String> fields) {
        return fields.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(fields));
    }

    /** Whether the row has no usable value of the field. */
    public boolean lacks(String field) {
        return missing.contains(field) || unread.contains(field);
    }
}
