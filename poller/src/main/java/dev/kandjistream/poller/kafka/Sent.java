package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.sweeps.RawEndOffset;
import java.util.List;
import java.util.Map;

/**
 * What went out of a sweep, for its receipt.
 *
 * @param sweepId of the last transaction; empty where there was none
 * @param unpublished devices whose record of this kind is still to be published again
 * @param reason why the sweep is not complete, and what was skipped; null where there is nothing to say
 * @param skipped why, for each device whose record is too large
 * @param rawEnds behind the last record of each raw partition
 */
record Sent(
        String sweepId,
        long published,
        Map<String, String> skipped,
        long unpublished,
        String reason,
        List<RawEndOffset> rawEnds) {
    static Sent nothing(Verdict verdict) {
        return new Sent("", 0, Map.of(), 0, verdict.reason(), List.of());
    }
}
