package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.Moment;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a receipt says of a sweep besides its verdict.
 *
 * @param kind {@code devices}, {@code apps}, {@code delta} or {@code targeted}
 * @param startedAt milliseconds since 1970
 * @param connection one of the receipt's words
 * @param endpoint that failed; null where none did
 * @param status of the failure; empty where there was none, or no answer
 * @param rows read, repeated and unusable ones included
 * @param asOf what the API held at this moment of its clock was looked at; {@link Moment#UNKNOWN} where it did not answer
 * @param quotaLimit requests an hour that the account allows itself
 * @param quotaRemaining what the API said is left
 * @param tenant whose API answered; null where none did
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
        long asOf,
        long quotaLimit,
        long quotaSpent,
        OptionalLong quotaRemaining,
        String tenant) {

    /** Of what happens without a sweep: no request, nothing failed. */
    static SweepFacts withoutSweep(String accountId, String kind, long startedAt) {
        return new SweepFacts(
                accountId,
                kind,
                startedAt,
                "CONNECTED",
                null,
                OptionalInt.empty(),
                0,
                0,
                0,
                OptionalLong.empty(),
                Moment.UNKNOWN,
                0,
                0,
                OptionalLong.empty(),
                null);
    }

    /** These facts with another word for the connection. */
    public SweepFacts with(String otherConnection) {
        return new SweepFacts(
                accountId,
                kind,
                startedAt,
                otherConnection,
                endpoint,
                status,
                requests,
                pages,
                rows,
                claimedTotal,
                asOf,
                quotaLimit,
                quotaSpent,
                quotaRemaining,
                tenant);
    }
}
