package dev.kandjistream.poller.kafka;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a receipt says of a sweep besides its verdict.
 *
 * @param kind {@code devices} or {@code apps}
 * @param startedAt milliseconds since 1970
 * @param connection one of the receipt's words
 * @param endpoint that failed; null where none did
 * @param status of the failure; empty where there was none, or no answer
 * @param rows read, repeated and unusable ones included
 * @param quotaLimit requests an hour that the account allows itself
 * @param quotaRemaining what the API said is left
 */
public record SweepFacts(
        String accountId,
        String kind,
        long startedAt,
        String connection,
        String endpoint,
        OptionalInt status,
        long requests,
        long pages,
        long rows,
        OptionalLong claimedTotal,
        long quotaLimit,
        long quotaSpent,
        OptionalLong quotaRemaining) {}
