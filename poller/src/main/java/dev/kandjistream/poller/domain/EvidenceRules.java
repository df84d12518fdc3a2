package dev.kandjistream.poller.domain;

import java.time.Duration;

/**
 * How much evidence a retraction needs; settings of an account.
 *
 * @param misses complete sweeps in a row that must show a loss before it is believed; at least 1
 * @param share retractions of one sweep beyond this share of what is known are withheld; 0 to 1
 * @param minimum fewer retractions than this are never withheld for their share, only where they are everything
 * @param standing how long one and the same picture must stand until what was withheld for its share is believed
 * @param appsStanding how long app rows must be missing until that is believed of a device that was not collected since
 * @param rereads most devices of a sweep whose app rows are read again, each for itself
 * @param confirmations most devices of a sweep that are asked, each for itself, whether all their apps are gone
 * @param losingAll whether the loss of everything is believed once it has stood; where not, an operator must approve it
 * @param devicesGap longest time between two sweeps of the devices that counts as standing time
 * @param appsGap likewise of the apps
 */
public record EvidenceRules(
        int misses,
        double share,
        int minimum,
        Duration standing,
        Duration appsStanding,
        int rereads,
        int confirmations,
        boolean losingAll,
        Duration devicesGap,
        Duration appsGap) {

    /** Of what is known: more than this is as good as everything. */
    private static final double NEARLY_ALL = 0.9;

    /** An account that began with a device or two, and grew in a day, may lose these like any other. */
    static final int LEAST_OF_ALL = 3;

    private static final Duration USUAL_DEVICES_INTERVAL = Duration.ofMinutes(5);
    private static final Duration USUAL_APPS_INTERVAL = Duration.ofHours(6);

    public static final EvidenceRules DEFAULT =
            new EvidenceRules(2, 0.2, 10, Duration.ofHours(24), Duration.ofDays(7), 500, 50);

    public EvidenceRules {
        require(misses >= 1, "misses must be at least 1, was " + misses);
        require(share >= 0 && share <= 1, "withheld share must be between 0 and 1, was " + share);
        require(minimum >= 0, "withheld minimum must not be negative, was " + minimum);
        require(!standing.isNegative(), "standing time must not be negative, was " + standing);
        require(!appsStanding.isNegative(), "apps standing time must not be negative, was " + appsStanding);
        require(rereads >= 0, "re-reads must not be negative, was " + rereads);
        require(confirmations >= 0, "confirmations must not be negative, was " + confirmations);
    }

    /** For sweeps by the default intervals, where losing everything needs an operator. */
    public EvidenceRules(
            int misses,
            double share,
            int minimum,
            Duration standing,
            Duration appsStanding,
            int rereads,
            int confirmations) {
        this(
                misses,
                share,
                minimum,
                standing,
                appsStanding,
                rereads,
                confirmations,
                false,
                longestGap(standing, USUAL_DEVICES_INTERVAL),
                longestGap(standing, USUAL_APPS_INTERVAL));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** These rules for other intervals from the start of one sweep to the start of the next. */
    public EvidenceRules forIntervals(Duration devices, Duration apps) {
        return new EvidenceRules(
                misses,
                share,
                minimum,
                standing,
                appsStanding,
                rereads,
                confirmations,
                losingAll,
                longestGap(standing, devices),
                longestGap(standing, apps));
    }

    /** These rules, where the loss of everything is, or is not, believed once it has stood. */
    public EvidenceRules withLosingAll(boolean believed) {
        return new EvidenceRules(
                misses, share, minimum, standing, appsStanding, rereads, confirmations, believed, devicesGap, appsGap);
    }

    /** An eighth of the standing time, or twice the interval where sweeps are made more seldom. */
    private static Duration longestGap(Duration standing, Duration interval) {
        Duration eighth = standing.dividedBy(8);
        Duration twice = interval.multipliedBy(2);
        return eighth.compareTo(twice) > 0 ? eighth : twice;
    }

    /**
     * Whether losing so many at once is beyond belief: everything, or more than the share and at least the minimum.
     *
     * @param lost what would be retracted, in whatever unit {@code known} has
     * @param devices devices that this concerns
     */
    boolean beyondBelief(long lost, long known, long devices) {
        return lost > 0 && (lost >= known || devices >= minimum && lost > share * known);
    }

    /** Whether this is everything, or as good as that; then time alone is no evidence. */
    boolean everything(long lost, long known, long devices) {
        return !losingAll && lost > 0 && (lost >= known || devices >= minimum && lost > NEARLY_ALL * known);
    }

    /**
     * As {@link #everything(long, long, long)}. Where it is doubtful what was added or taken of late, more than the share is
     * everything: it may have been all that was there before.
     */
    boolean everything(long lost, long known, long devices, boolean doubtful) {
        boolean maybe = !losingAll && devices >= LEAST_OF_ALL && lost > share * known;
        return everything(lost, known, devices) || doubtful && maybe;
    }

    /** As {@link #beyondBelief(long, long, long)}, where so many of the known were added of late and make no loss smaller. */
    boolean beyondBelief(long lost, long known, long added, long devices) {
        return beyondBelief(lost, known, devices) || lost > 0 && devices >= minimum && lost > share * (known - added);
    }

    /** As {@link #everything(long, long, long)}, where so many of the known were added of late. */
    boolean everything(long lost, long known, long added, long devices) {
        boolean ofTheOthers = lost > 0 && devices >= minimum && lost > NEARLY_ALL * (known - added);
        return everything(lost, known, devices) || !losingAll && ofTheOthers;
    }
}
