package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Checks ids of users across rows: whether a user who has no id in a row has one elsewhere, and whether an id belongs to one
 * person. A device that begins with a row without the id would give the person a second key, under which everything ends once
 * the id is back. An id of several people would make them one. Reads ledger and sweep only if it is asked.
 */
final class UserIds {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    /** Lower-case emails of users with an id; null until it is asked. */
    private Set<String> emails;

    private boolean given;
    /** Emails of each id that users of the sweep have, up to {@link #TOO_MANY}; null until it is asked. */
    private Map<String, Set<String>> emailsOf;

    /** An id with so many emails does not belong to a person. With two, the person may have changed the email. */
    private static final int TOO_MANY = 3;

    UserIds(Ledger ledger, DevicesSweep sweep) {
        this.ledger = ledger;
        this.sweep = sweep;
    }

    /**
     * The row of a device that is published without a user, or not yet: without the user, if that lacks its id. An id that is
     * missing or unreadable is lacking where any user has one. One that is explicitly blank is so where this very user has one,
     * because a local account has none.
     */
    DeviceRow withWholeUser(DeviceRow row) {
        AssignedUser user = row.user();
        if (user == null || user.id() != null) {
            return row;
        }
        look();
        boolean lacks = row.shape().lacks("user.id") ? given : user.email() != null && emails.contains(key(user));
        return lacks ? row.withUnreadUser() : row;
    }

    /**
     * The row, without its user's id if users with several emails have that id in this sweep: then the API writes some text in
     * place of ids, and they would become one person. A device that is published with that id keeps it.
     *
     * @param holder as published; null for nobody
     */
    DeviceRow withOwnId(DeviceRow row, AssignedUser holder) {
        AssignedUser user = row.user();
        if (user == null || user.id() == null || holder != null && user.id().equals(holder.id())) {
            return row;
        }
        if (emailsOf == null) {
            emailsOf = new HashMap<>();
            sweep.rows().forEach(one -> count(one.user()));
        }
        int emails = emailsOf.getOrDefault(user.id(), Set.of()).size();
        boolean takesOver = holder != null && holder.isSamePersonAs(user);
        return emails >= (takesOver ? TOO_MANY - 1 : TOO_MANY) ? row.withUnreadUserId() : row;
    }

    private void count(AssignedUser user) {
        if (user != null && user.id() != null && user.email() != null) {
            Set<String> of = emailsOf.computeIfAbsent(user.id(), id -> new HashSet<>(2));
            if (of.size() < TOO_MANY) {
                of.add(key(user));
            }
        }
    }

    private void look() {
        if (emails != null) {
            return;
        }
        emails = new HashSet<>();
        sweep.rows().forEach(row -> see(row.user()));
        for (var bucket : ledger.buckets()) {
            bucket.values().stream()
                    .map(LedgerEntry::device)
                    .filter(Objects::nonNull)
                    .forEach(device -> see(device.holder()));
        }
    }

    private void see(AssignedUser user) {
        if (user != null && user.id() != null) {
            given = true;
            if (user.email() != null) {
                emails.add(key(user));
            }
        }
    }

    private static String key(AssignedUser user) {
        return user.email().toLowerCase(Locale.ROOT);
    }
}
