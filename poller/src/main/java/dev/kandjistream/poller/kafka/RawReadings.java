package dev.kandjistream.poller.kafka;

import dev.kandjistream.schemas.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the raw topics and receipts from their beginning for ledgers that lost records. Ledger partitions that need it at the
 * same time share one reading. A call that comes while a reading is under way waits for the next one, because the result must
 * have everything that was published before the call. Safe for several threads.
 */
final class RawReadings {
    private final Topics topics;
    private final Map<String, Object> kafka;
    private final Object oneAtATime = new Object();
    private Batch next = new Batch();
    private int readings;

    RawReadings(Topics topics, Map<String, Object> kafka) {
        this.topics = topics;
        this.kafka = kafka;
    }

    /** What topics hold. @param accounts as {@link LedgerMark#accounts} */
    record Result(Map<String, RawReading.Account> byAccount, long accounts) {
        /** Of one ledger partition. */
        Map<String, RawReading.Account> of(int partition) {
            var found = new HashMap<String, RawReading.Account>();
            byAccount.forEach((accountId, account) -> {
                if (LedgerStore.partitionOf(accountId) == partition) {
                    found.put(accountId, account);
                }
            });
            return found;
        }
    }

    private static final class Batch {
        final Set<Integer> partitions = new HashSet<>();
        Result result;
    }

    /**
     * What topics hold of the accounts of this ledger partition, and perhaps of others.
     *
     * @throws org.apache.kafka.common.KafkaException where they cannot be read
     */
    Result read(int partition) {
        Batch mine;
        synchronized (this) {
            mine = next;
            mine.partitions.add(partition);
        }
        synchronized (oneAtATime) {
            if (mine.result == null) {
                Set<Integer> asked;
                synchronized (this) {
                    if (next == mine) {
                        next = new Batch();
                    }
                    asked = Set.copyOf(mine.partitions);
                }
                readings++;
                mine.result = new RawReading(topics, kafka, asked).read();
            }
            return mine.result;
        }
    }

    /** How often the topics were read so far. */
    int readings() {
        synchronized (oneAtATime) {
            return readings;
        }
    }
}
