package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.Objects;

/**
 * Whether users of an account have ids. Where they do, a row that has none beside an email, or an empty one, does not say who its user is: a
 * device that begins with it would give the person a second key, under which everything ends once the id is back. Looks at
 * ledger and sweep only when it is asked.
 */
final class UserIds {
    private final Ledger ledger;
    private final DevicesSweep sweep;
    private Boolean given;

    UserIds(Ledger ledger, DevicesSweep sweep) {
        this.ledger = ledger;
        this.sweep = sweep;
    }

    /** The row of a device that is published without a user, or not yet: without the user, if that lacks its id. */
    DeviceRow withWholeUser(DeviceRow row) {
        boolean lacks = row.user() != null
                && row.user().id() == null
                && (row.user().identified() || row.shape().lacks("user.id"));
        return lacks && given() ? row.withUnreadUser() : row;
    }

    private boolean given() {
        if (given == null) {
            given = sweep.rows().stream()
                            .anyMatch(row -> row.user() != null && row.user().id() != null)
                    || ledger.buckets().stream()
                            .flatMap(bucket -> bucket.values().stream())
                            .map(LedgerEntry::device)
                            .filter(Objects::nonNull)
                            .anyMatch(device ->
                                    device.holder() != null && device.holder().id() != null);
        }
        return given;
    }
}
