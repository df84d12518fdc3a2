package dev.kandjistream.posture.domain;

import java.time.Duration;

/**
 * When a policy wants the account's API asked.
 *
 * @param whenUnknown where the view does not know the serial number
 * @param whenStale whether to ask if the view's state is older than allowed, or its latest row does not confirm it
 * @param deadline how long a decision may wait for it
 */
public record LiveLookup(boolean whenUnknown, boolean whenStale, Duration deadline) {
    public static final LiveLookup NEVER = new LiveLookup(false, false, Duration.ZERO);

    /** @param now milliseconds since 1970 */
    public boolean wanted(Sighting sighting, long now) {
        return switch (Connection.of(sighting, now)) {
            case SERIAL_UNKNOWN -> whenUnknown;
            case DATA_TOO_OLD, CLOCKS_DISAGREE, NEVER_COMPLETE, ROW_UNREADABLE, RECORD_UNDECODABLE, ABSENT_WITHHELD ->
                whenStale;
            // Another answer of one account does not say which of several devices it is.
            case SERIAL_AMBIGUOUS -> false;
            case AVAILABLE, DEVICE_REMOVED, ACCOUNT_REFUSED, SERIAL_PLACEHOLDER -> false;
        };
    }
}
