package dev.kandjistream.sink.kafka;

import dev.kandjistream.sink.domain.Receipt;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.Map;
import java.util.TreeMap;

/** A receipt as it crosses the topic to one as the table keeps it. */
final class ReceiptReader {
    private ReceiptReader() {}

    static Receipt read(String key, SweepReceipt receipt) {
        Map<String, Long> ends = new TreeMap<>();
        for (RawEndOffset end : receipt.getRawEndOffsets()) {
            ends.merge(end.getTopic() + "/" + end.getPartition(), end.getOffset(), Math::max);
        }
        return new Receipt(
                key,
                receipt.getAccountId(),
                receipt.getKind(),
                receipt.getSweepId(),
                receipt.getStartedAt(),
                receipt.getFinishedAt(),
                receipt.getVerdict(),
                receipt.getReason(),
                receipt.getConnection(),
                new Receipt.Failure(receipt.getEndpoint(), receipt.getStatus()),
                counts(receipt),
                quota(receipt),
                receipt.getLastCompleteAt(),
                receipt.getConfirmedAt(),
                receipt.getLastCompleteSweepId(),
                ends);
    }

    private static Receipt.Counts counts(SweepReceipt receipt) {
        return new Receipt.Counts(
                receipt.getRequests(),
                receipt.getPages(),
                receipt.getRows(),
                receipt.getDevices(),
                receipt.getClaimedTotal(),
                receipt.getPublished(),
                receipt.getUnchanged(),
                receipt.getRetracted(),
                receipt.getWithheld(),
                receipt.getOversized(),
                receipt.getUnread());
    }

    private static Receipt.Quota quota(SweepReceipt receipt) {
        var quota = receipt.getQuota();
        return quota == null ? null : new Receipt.Quota(quota.getLimit(), quota.getSpent(), quota.getRemaining());
    }
}
