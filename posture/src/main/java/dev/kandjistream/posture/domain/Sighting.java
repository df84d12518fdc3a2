package dev.kandjistream.posture.domain;

import java.util.Optional;

/**
 * What is known of a serial number at one moment.
 *
 * @param source {@link Source#VIEW} or {@link Source#LIVE}
 * @param device empty where nothing is known under it
 * @param account the device's; empty where there is no device, or nothing was ever heard of its account
 * @param seenAt when a live answer came, in milliseconds since 1970; of the view the account tells, and this is not looked at
 */
public record Sighting(Source source, Optional<Enrolments.Chosen> device, Optional<AccountState> account, long seenAt) {

    /** Nothing known. */
    public static final Sighting NONE =
            new Sighting(Source.VIEW, Optional.empty(), Optional.empty(), Enrolment.NO_TIME);

    public static Sighting ofView(Enrolments.Chosen device, Optional<AccountState> account) {
        return new Sighting(Source.VIEW, Optional.of(device), account, Enrolment.NO_TIME);
    }

    public static Sighting live(Enrolments.Chosen device, Optional<AccountState> account, long seenAt) {
        return new Sighting(Source.LIVE, Optional.of(device), account, seenAt);
    }
}
