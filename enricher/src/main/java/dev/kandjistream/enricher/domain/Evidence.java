package dev.kandjistream.enricher.domain;

import java.time.Instant;

/**
 * What a change rests on: the device that showed it, and what of that device had been read by then.
 *
 * @param deviceSweepId sweep of the device record the device stands on; empty before there was one. A tombstone without
 *     a sweep of its own is told from the record before it by {@link #GONE}
 * @param appSweepId the same of its app rows
 * @param rulesVersion rules it was judged by
 * @param sweepId sweep that brought the change
 * @param observedAt when the poller saw it
 */
public record Evidence(
        String accountId,
        String deviceId,
        String deviceSweepId,
        String appSweepId,
        int rulesVersion,
        String sweepId,
        Instant observedAt) {

    /** Appended to the last sweep id when a null record without a sweep id took the device away. */
    static final String GONE = "/gone";
}
