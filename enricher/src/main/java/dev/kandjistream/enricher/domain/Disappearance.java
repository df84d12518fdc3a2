package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * One null record: the device is gone.
 *
 * @param sweepId sweep that found it so; null where the record does not say
 * @param observedAt when that was
 * @param cause {@link Cause#DEVICE_REMOVED}; {@link Cause#ACCOUNT_REMOVED} if its account was removed;
 *     {@link Cause#DEVICE_REENROLLED} if the hardware is enrolled under another device id
 */
public record Disappearance(String sweepId, Instant observedAt, Cause cause) {
    public ReadingOrder order() {
        return new ReadingOrder(sweepId, observedAt);
    }
}
