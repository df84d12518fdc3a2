package dev.kandjistream.enricher.domain;

import java.time.Instant;
import java.util.List;

/**
 * The exact difference that one device makes to one user: what it now adds, says otherwise, or takes away. It travels
 * from the device to the user.
 *
 * @param collectedAt when the device had last reported its apps; null where unknown
 * @param user the device itself; null where that did not change
 * @param apps in the order of app ids
 */
public record UserChange(
        String userId, Evidence evidence, Instant collectedAt, Part<UserFacts> user, List<AppPart> apps) {

    /**
     * @param cause why, were it news
     * @param baseline whether it is state that was there before anybody looked
     * @param contribution what the device says from now on; null where it says nothing any more
     */
    public record Part<F>(Cause cause, boolean baseline, Contribution<F> contribution) {}

    /** The part of one app. */
    public record AppPart(String appId, Part<UsageFacts> part) {}

    public UserChange {
        apps = List.copyOf(apps);
    }
}
