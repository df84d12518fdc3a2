package dev.kandjistream.simulator.fleet;

/**
 * What a seeded fleet is made of.
 *
 * @param seed of everything drawn at random
 * @param devices how many
 * @param appsPerMac about how many app rows a Mac has; phones have about a quarter
 * @param macPercent share of Macs, 0 to 100; the others are iPhones, iPads, some AppleTVs and an Android
 * @param domain of the people's emails
 */
public record FleetPlan(long seed, int devices, int appsPerMac, int macPercent, String domain) {
    public FleetPlan {
        if (devices < 0) {
            throw new IllegalArgumentException("devices must not be negative, was " + devices);
        }
        if (appsPerMac < 0) {
            throw new IllegalArgumentException("appsPerMac must not be negative, was " + appsPerMac);
        }
        if (macPercent < 0 || macPercent > 100) {
            throw new IllegalArgumentException("macPercent must be between 0 and 100, was " + macPercent);
        }
    }
}
