package dev.kandjistream.poller.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an owner of a ledger partition remembers of it outside of the topic: as the metadata of the offset that each transaction
 * commits in the name of the pollers' group. Kafka drops these offsets with the topic, and after a week without pollers; then
 * nothing is remembered.
 *
 * @param id of the ledger topic, as the cluster gave it
 * @param start the partition's first offset; a compacted topic moves it only if records were deleted
 * @param end an end that the partition had
 * @param accounts ledger partitions of the accounts that the raw topics had when this topic was new, a bit each; all bits where
 *     that is not known
 */
record LedgerMark(String id, long start, long end, long accounts) {
    /** In place of {@link #accounts}. */
    static final long UNKNOWN = -1;

    /** While records are made anew, in as many transactions as it takes: the id of no topic. */
    static final String UNFINISHED = new LedgerMark("unfinished", 0, 0, UNKNOWN).text();

    /** What is to be done about an owner's partition. */
    enum Finding {
        /** It has all that was ever written. */
        WHOLE,
        /** Records may be missing; the raw topics show which. */
        DOUBTFUL,
        /** It ends before it did, or was filled from elsewhere: it is older than the raw topics. */
        OUTDATED
    }

    /**
     * Compares the partition with what is remembered of it.
     *
     * @param now of the partition; {@link #accounts} do not count
     * @param marks of all partitions that have one
     * @param isEmpty whether the partition has no account
     */
    static Finding finding(int partition, LedgerMark now, Map<Integer, LedgerMark> marks, boolean isEmpty) {
        LedgerMark before = marks.get(partition);
        if (before != null) {
            boolean same = before.id.equals(now.id);
            if (!isEmpty && (!same || now.end < before.end)) {
                return Finding.OUTDATED;
            }
            return same && now.start <= before.start && now.end >= before.end ? Finding.WHOLE : Finding.DOUBTFUL;
        }
        if (!isEmpty) {
            // As an earlier version left it.
            return now.start == 0 ? Finding.WHOLE : Finding.DOUBTFUL;
        }
        boolean neverHadOne = now.start == 0
                && marks.values().stream()
                        .anyMatch(mark -> mark.id.equals(now.id) && (mark.accounts & bit(partition)) == 0);
        return neverHadOne ? Finding.WHOLE : Finding.DOUBTFUL;
    }

    /** What is known of the accounts that the raw topics had when the topic was new. */
    static long accounts(LedgerMark now, Map<Integer, LedgerMark> marks) {
        return marks.values().stream()
                .filter(mark -> mark.id.equals(now.id))
                .mapToLong(LedgerMark::accounts)
                .reduce(UNKNOWN, (one, other) -> one & other);
    }

    static long bit(int partition) {
        return 1L << partition;
    }

    /** The same with other accounts. */
    LedgerMark with(long otherAccounts) {
        return new LedgerMark(id, start, end, otherAccounts);
    }

    /** The same partition, with this offset written. */
    LedgerMark written(long offset) {
        return offset < end ? this : new LedgerMark(id, start, offset + 1, accounts);
    }

    /** As it is committed. */
    String text() {
        return "ledger=" + id + " start=" + start + " end=" + end + " accounts=" + Long.toHexString(accounts);
    }

    /** Empty for a text that is none, as earlier versions commit. */
    static Optional<LedgerMark> parse(String text) {
        var parts = new HashMap<String, String>();
        for (String part : text.split(" ")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        try {
            return parts.containsKey("ledger")
                    ? Optional.of(new LedgerMark(
                            parts.get("ledger"),
                            Long.parseLong(parts.get("start")),
                            Long.parseLong(parts.get("end")),
                            Long.parseUnsignedLong(parts.get("accounts"), 16)))
                    : Optional.empty();
        } catch (NumberFormatException garbled) {
            return Optional.empty();
        }
    }
}
