package dev.kandjistream.enricher.domain;

import java.util.List;

/**
 * What one step of a device comes to.
 *
 * @param state to be remembered
 * @param inventory to be remembered; null where it stays as it is
 * @param device null where its topic has nothing to tell
 * @param unattributed null where its topic has nothing to tell
 * @param license null where its topic has nothing to tell
 * @param users differences on their way to users; the user left comes before the user entered
 * @param newlySuppressed the word of each app that was left out now and not before
 */
public record DeviceOutcome(
        DeviceState state,
        Inventory inventory,
        Evidence evidence,
        Change<Device> device,
        Unattributed unattributed,
        Change<License> license,
        List<UserChange> users,
        List<String> newlySuppressed) {

    /**
     * What stands among the unattributed devices from now on.
     *
     * @param device null where it is attributed or gone
     */
    public record Unattributed(Device device) {}
}
