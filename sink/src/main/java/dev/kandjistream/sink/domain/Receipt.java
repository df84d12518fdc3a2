package dev.kandjistream.sink.domain;

import java.time.Instant;
import java.util.Map;

/**
 * A sweep's receipt, as the table {@code sweeps} keeps it.
 *
 * @param key the record's key
 * @param kind {@code devices}, {@code apps} or a later word
 * @param counts what was counted
 * @param failure null members while connected
 * @param quota null where no request was made
 * @param lastCompleteAt finish of the latest complete sweep of the kind; null where there was none
 * @param confirmedAt start of the latest fully read sweep (COMPLETE or QUARANTINED); null if there was none
 * @param rawEndOffsets where the sweep's raw records end, by {@code topic/partition}; empty if it published none. Topics
 *     that do not affect the tables are kept as received
 */
public record Receipt(
        String key,
        String accountId,
        String kind,
        String sweepId,
        Instant startedAt,
        Instant finishedAt,
        String verdict,
        String reason,
        String connection,
        Failure failure,
        Counts counts,
        Quota quota,
        Instant lastCompleteAt,
        Instant confirmedAt,
        String lastCompleteSweepId,
        Map<String, Long> rawEndOffsets) {

    /** What failed; both null where nothing did. */
    public record Failure(String endpoint, Integer status) {}

    /**
     * @param claimedTotal null where the API does not say
     * @param unread devices of which only the id could be read
     */
    public record Counts(
            long requests,
            long pages,
            long rows,
            long devices,
            Long claimedTotal,
            long published,
            long unchanged,
            long retracted,
            long withheld,
            long oversized,
            long unread) {}

    /**
     * @param remaining null where the API does not say
     */
    public record Quota(long limit, long spent, Long remaining) {}
}
