package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.Objects;

/**
 * Since when a device is whose.
 *
 * @param original whether all records of the device since its first one name this person
 * @param assignedAt when this person got the device; null where it was so before anybody looked
 * @param userSince when the poller first saw the user as it is now: id, email, name, status
 * @param emailSince the same of id and email alone
 */
public record Tenure(boolean original, Instant assignedAt, Instant userSince, Instant emailSince) {

    static Tenure beginning(boolean first, boolean baseline, Instant observedAt) {
        return new Tenure(first, first && baseline ? null : observedAt, observedAt, observedAt);
    }

    Tenure following(Attribution before, Attribution after, Instant observedAt) {
        boolean samePerson = before.isSamePersonAs(after);
        boolean sameEmail = before.hasSameIdAs(after) && Objects.equals(before.email(), after.email());
        return new Tenure(
                original && samePerson,
                samePerson ? assignedAt : observedAt,
                before.equals(after) ? userSince : observedAt,
                sameEmail ? emailSince : observedAt);
    }
}
