package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.FewDevices;
import dev.kandjistream.enricher.domain.Holding;
import dev.kandjistream.enricher.domain.UserFacts;

/**
 * What is remembered of a user beside what its devices say about apps. The marks outlive the user: without them a late
 * baseline record could open a key with {@code r} that had its {@code c} before.
 *
 * @param devices what its devices say about it
 * @param removed whether it was ever removed
 * @param usageEnded whether its use of any app ever ended
 */
public record UserState(Holding<UserFacts> devices, boolean removed, boolean usageEnded) {
    static final UserState UNKNOWN = new UserState(FewDevices.none(), false, false);

    /** The same with another set of devices. */
    public UserState with(Holding<UserFacts> others) {
        return new UserState(others, removed || others.summary().isEmpty(), usageEnded);
    }

    /** The same once the use of an app has ended. */
    public UserState withUsageEnded() {
        return new UserState(devices, removed, true);
    }
}
