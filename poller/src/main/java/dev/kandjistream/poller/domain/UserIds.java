package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Whether a user who has no id in a row has one elsewhere. A device that begins with such a row would give the person a second
 * key, under which everything ends once the id is back. Looks at ledger and sweep only when it is asked.
 */
final class UserIds {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    /** Lower-case emails of users with an id; null until it is asked. */
    private Set<String> emails;

    private boolean given;

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
