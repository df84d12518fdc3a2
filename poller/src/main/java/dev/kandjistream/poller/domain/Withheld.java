package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;

/**
 * A retraction that waits.
 *
 * @param since when a complete sweep first missed exactly this, milliseconds since 1970; {@link Moment#UNKNOWN} where
 *     none has yet
 * @param sweeps complete sweeps in a row that missed exactly this
 * @param reason which evidence is missing, in words
 * @param order what an operator decided; null where nobody has
 */
public record Withheld(String deviceId, What what, long since, int sweeps, String reason, Order order) {

    /** What is missing. The words of the receipt. */
    public enum What {
        /** The device is absent from the device list. */
        DEVICE(1),
        /** The device has no user any more. */
        USER(2),
        /** The device is marked as removed. */
        REMOVED(3),
        /** All or some of its app rows; their pictures are sums of prints. */
        APPS(0);

        private final long picture;

        What(long picture) {
            this.picture = picture;
        }

        /** The picture of such an absence of a device; stored, so that it never changes. */
        long picture() {
            return picture;
        }

        static What ofDevice(long picture) {
            return picture == REMOVED.picture ? REMOVED : picture == USER.picture ? USER : DEVICE;
        }
    }
}
