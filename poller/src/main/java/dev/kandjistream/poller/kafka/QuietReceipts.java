package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which receipts of looks that found nothing are worth a transaction. They come every half minute and are kept for a month:
 * one in ten minutes tells readers that somebody looks, and any difference to the one before goes out at once.
 */
final class QuietReceipts {
    private static final Duration AT_LEAST = Duration.ofMinutes(10);

    private final Map<String, Told> latest = new HashMap<>();

    private record Told(Verdict.Outcome outcome, String reason, String connection, long withheld, long at) {
        static Told of(SweepFacts facts, Verdict verdict, long at) {
            return new Told(verdict.outcome(), verdict.reason(), facts.connection(), verdict.withheld(), at);
        }

        boolean saysTheSameAs(Told other) {
            return outcome == other.outcome
                    && Objects.equals(reason, other.reason)
                    && connection.equals(other.connection)
                    && withheld == other.withheld;
        }
    }

    /** Whether this sweep can go without a receipt. @param now milliseconds since 1970 */
    boolean canWait(SweepFacts facts, Verdict verdict, long now) {
        Told before = latest.get(key(facts));
        return verdict.decisions().isEmpty()
                && before != null
                && before.saysTheSameAs(Told.of(facts, verdict, now))
                && now - before.at() < AT_LEAST.toMillis();
    }

    /** A receipt is committed. */
    void committed(SweepFacts facts, Verdict verdict, long at) {
        latest.put(key(facts), Told.of(facts, verdict, at));
    }

    private static String key(SweepFacts facts) {
        return facts.accountId() + "/" + facts.kind();
    }
}
