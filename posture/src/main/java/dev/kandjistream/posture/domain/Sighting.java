package dev.kandjistream.posture.domain;

import java.util.Optional;

/**
 * What is known of a serial number at one moment.
 *
 * @param source {@link Source#VIEW} or {@link Source#LIVE}
 * @param device empty where nothing is known under it
 * @param account the device's; empty where there is no device, or nothing was ever heard of its account
 * @param seenAt when a live answer was requested, in milliseconds since 1970; unused for the view, which has it from the
 *     account
 * @param placeholder whether the text is a placeholder; then there is no device
 */
public record Sighting(
        Source source,
        Optional<Enrolments.Chosen> device,
        Optional<AccountState> account,
        long seenAt,
        boolean placeholder) {

    /** Nothing known. */
    public static final Sighting NONE = nothing(false);

    /** The text is a placeholder for a serial number that was never set. */
    public static final Sighting PLACEHOLDER = nothing(true);

    private static Sighting nothing(boolean placeholder) {
        return new Sighting(Source.VIEW, Optional.empty(), Optional.empty(), Enrolment.NO_TIME, placeholder);
    }

    public static Sighting ofView(Enrolments.Chosen device, Optional<AccountState> account) {
        return new Sighting(Source.VIEW, Optional.of(device), account, Enrolment.NO_TIME, false);
    }

    public static Sighting live(Enrolments.Chosen device, Optional<AccountState> account, long seenAt) {
        return new Sighting(Source.LIVE, Optional.of(device), account, seenAt, false);
    }
}
