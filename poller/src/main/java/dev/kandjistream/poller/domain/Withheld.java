package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;

/**
 * A retraction that waits.
 *
 * @param before what is published, as an operator would recognise it; null where there is nothing to show
 * @param after what the sweep read instead; null where it read nothing
 * @param since when a complete sweep first showed exactly this, milliseconds since 1970; {@link Moment#UNKNOWN} where
 *     none has yet
 * @param stood milliseconds that it has stood, see {@link Absence}
 * @param sweeps complete sweeps in a row that showed exactly this
 * @param reason which evidence is missing, in words
 * @param order what an operator decided; null where there is no decision
 */
public record Withheld(
        String deviceId,
        What what,
        String before,
        String after,
        long since,
        long stood,
        int sweeps,
        String reason,
        Order order) {

    /** What would end. The words of the receipt. The numbers are stored, so they never change. */
    public enum What {
        /** All or some of its app rows; their pictures are sums of prints. */
        APPS(0),
        /** The device is absent from the device list. */
        DEVICE(1),
        /** The device has no user any more. */
        USER(2),
        /** The device is marked as removed. */
        REMOVED(3),
        /** The device has another user, or the same person under another id, or without an id or email. */
        OTHER_USER(4),
        /** The device's platform is missing or another, and with it the type of its seat. */
        PLATFORM(5),
        /** The device's serial number is missing or another. */
        SERIAL(6),
        /** The device's row does not say any more whether it is removed. */
        REMOVAL_FLAG(7),
        /** The device's user, the same person, has another email. */
        OTHER_EMAIL(8);

        private final int number;

        What(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /** @return null for a number that is none */
        public static What of(int number) {
            for (What what : values()) {
                if (what.number == number) {
                    return what;
                }
            }
            return null;
        }

        /** Whether a device can lose only one of the two at a time: its presence or its user. */
        boolean excludes(What other) {
            return this == other || isOfUser() && other.isOfUser();
        }

        private boolean isOfUser() {
            return this == DEVICE || this == USER || this == REMOVED || this == OTHER_USER || this == OTHER_EMAIL;
        }
    }
}
