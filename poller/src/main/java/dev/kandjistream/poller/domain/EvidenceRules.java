package dev.kandjistream.poller.domain;

import java.time.Duration;

/**
 * How much evidence a retraction needs; settings of an account.
 *
 * @param misses complete sweeps in a row that must lack a device before it counts as gone; at least 1
 * @param share retractions of one sweep beyond this share of what is known are withheld; 0 to 1
 * @param minimum fewer retractions than this are never withheld for their share, only where they are everything
 * @param standing how long one and the same picture must stand until what was withheld for its share is believed
 * @param appsStanding how long app rows must be missing until that is believed of a device that was not collected since
 * @param rereads most devices of a sweep whose app rows are read again, each for itself
 * @param confirmations most devices of a sweep that are asked, each for itself, whether all their apps are gone
 */
public record EvidenceRules(
        int misses,
        double share,
        int minimum,
        Duration standing,
        Duration appsStanding,
        int rereads,
        int confirmations) {

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

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
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
}
