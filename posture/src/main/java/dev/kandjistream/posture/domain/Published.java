package dev.kandjistream.posture.domain;

import java.util.Optional;

/**
 * What the view knows of one device by its account and id, to compare a live row with.
 *
 * @param serialNumber empty if it was published without a serial number that can be asked about
 * @param platform null where it has none
 */
public record Published(Optional<SerialNumber> serialNumber, String platform) {

    /** Whether the device was published under another serial number, or under none. */
    public boolean contradicts(SerialNumber asked) {
        return !serialNumber.equals(Optional.of(asked));
    }

    /** Whether the device was published with another platform: hardware does not change it. */
    public boolean contradictsPlatform(String other) {
        return Platform.isKnown(platform) && !platform.equals(other);
    }
}
